package dev.orderflow.crashtests;

import dev.orderflow.commandline.operations.DevelopmentTokenClient;
import dev.orderflow.contracts.value.OrderStateCode;
import dev.orderflow.localrun.Component;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Customers who place orders and sometimes cancel, and an operator who decides approvals. All
/// repeat a request until they get a response.
final class OrderLoad implements AutoCloseable {

    /// How long a request without a response is repeated.
    private static final Duration REPEAT_TIME = Duration.ofMinutes(5);

    /// An order that takes longer no longer counts against the limit of open orders.
    private static final Duration FOLLOW_TIME = Duration.ofSeconds(45);

    /// An accepted order.
    ///
    /// @param email the e-mail address, unique for this order
    /// @param planned the planned order
    /// @param total the total of the response
    record AcceptedOrder(
            String id, String email, CrashPlan.PlannedOrder planned, BigDecimal total) {}

    private final ServiceProcesses serviceProcesses;
    private final SystemProbe probe;
    private final DevelopmentTokenClient tokens;
    private final Map<String, AcceptedOrder> placed = new ConcurrentHashMap<>();
    private final Map<String, String> ended = new ConcurrentHashMap<>();
    private final Map<String, List<String>> mails = new HashMap<>();
    private final Set<String> mailsSeen = new HashSet<>();
    private final List<String> unexpectedResponses =
            Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger repeatedPosts = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger decided = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Semaphore open;
    private final String run = Long.toString(System.nanoTime(), 36);

    OrderLoad(ServiceProcesses serviceProcesses, SystemProbe probe, int open) {
        this.serviceProcesses = serviceProcesses;
        this.probe = probe;
        this.open = new Semaphore(open);
        this.tokens =
                new DevelopmentTokenClient(
                        () -> serviceProcesses.directUrl(Component.DEVELOPMENT_ISSUER),
                        serviceProcesses.http());
        Thread.ofVirtual().name("operator").start(this::decide);
    }

    /// Creates the articles.
    ///
    /// @param rare the stock of the rare article
    void createArticles(int rare) {
        article(CrashPlan.MUG, "12.50", 1_000_000);
        article(CrashPlan.TEAPOT, "49.90", 1_000_000);
        article(CrashPlan.TABLE, "1290.00", 1_000_000);
        article(CrashPlan.RARE, "249.00", rare);
    }

    private final Map<String, Integer> opening = new ConcurrentHashMap<>();

    Map<String, Integer> openingStock() {
        return Map.copyOf(opening);
    }

    private void article(String sku, String price, int stock) {
        opening.put(sku, stock);
        var article = SystemProbe.JSON.createObjectNode().put("name", "Article " + sku);
        article.putObject("unitPrice").put("amount", price).put("currency", "EUR");
        require(
                probe.internal(
                        "PUT",
                        serviceProcesses.directUrl(Component.ORDER_SERVICE_INTERNAL),
                        "/internal/catalogue/" + sku,
                        "catalogue-" + sku,
                        article.toString()));
        require(
                probe.internal(
                        "POST",
                        serviceProcesses.directUrl(Component.INVENTORY_SERVICE),
                        "/internal/stock/" + sku + "/receipts",
                        "opening-" + sku,
                        SystemProbe.JSON
                                .createObjectNode()
                                .put("quantity", stock)
                                .put("reference", "opening stock")
                                .toString()));
    }

    private static void require(SystemProbe.ProbeResponse answer) {
        if (!answer.isSuccess()) {
            throw new IllegalStateException("request rejected: " + answer);
        }
    }

    /// Places an order of another customer asynchronously; waits while too many orders are open.
    void place(CrashPlan.PlannedOrder planned) {
        open.acquireUninterruptibly();
        int number = asked.getAndIncrement();
        busy.incrementAndGet();
        Thread.ofVirtual()
                .name("customer-" + number)
                .start(
                        () -> {
                            try {
                                var order = placeUntilAnswered(number, planned);
                                if (order != null) {
                                    follow(number, order);
                                }
                            } catch (RuntimeException failure) {
                                if (!closed.get()) {
                                    unexpectedResponses.add("customer " + number + ": " + failure);
                                }
                            } finally {
                                busy.decrementAndGet();
                                open.release();
                            }
                        });
    }

    /// Repeats the request with the same key until there is a response.
    private @Nullable AcceptedOrder placeUntilAnswered(int number, CrashPlan.PlannedOrder planned) {
        var email = "crash-" + number + "@example.org";
        var body = SystemProbe.JSON.createObjectNode();
        body.putArray("lines")
                .addObject()
                .put("sku", planned.sku())
                .put("quantity", planned.quantity());
        body.put("paymentMethodId", planned.paymentMethodId()).put("email", email);
        body.putObject("shippingAddress")
                .put("recipient", "Ada Lovelace")
                .put("street", "12 St James Square")
                .put("postalCode", "SW1Y 4JH")
                .put("city", "London")
                .put("country", planned.country());
        var answer =
                sendUntilAnswered(
                        () ->
                                probe.call(
                                        "POST",
                                        serviceProcesses.proxiedUrl(Component.ORDER_SERVICE),
                                        "/orders",
                                        Map.of(
                                                "Authorization",
                                                "Bearer " + tokens.token(customer(number)),
                                                "Idempotency-Key",
                                                run + "-" + number),
                                        body.toString()),
                        response -> isUnanswered(response) || response.status() == 409,
                        repeatedPosts::incrementAndGet);
        if (answer.status() != 201) {
            if (!closed.get()) {
                unexpectedResponses.add("POST /orders answered " + answer);
            }
            return null;
        }
        var order = answer.json();
        var accepted =
                new AcceptedOrder(
                        order.path("orderId").stringValue(),
                        email,
                        planned,
                        new BigDecimal(order.at("/total/amount").stringValue()));
        placed.put(accepted.id(), accepted);
        return accepted;
    }

    /// Sends a request, and again while it must be repeated, for at most [#REPEAT_TIME].
    ///
    /// @param repeats whether a response asks for a repetition
    /// @param onRepeat called before each repetition
    /// @return the last response
    private SystemProbe.ProbeResponse sendUntilAnswered(
            Supplier<SystemProbe.ProbeResponse> request,
            Predicate<SystemProbe.ProbeResponse> repeats,
            Runnable onRepeat) {
        var giveUp = System.nanoTime() + REPEAT_TIME.toNanos();
        var response = request.get();
        while (repeats.test(response) && System.nanoTime() < giveUp && !closed.get()) {
            SystemProbe.pause(Duration.ofMillis(300));
            onRepeat.run();
            response = request.get();
        }
        return response;
    }

    private static String customer(int number) {
        return "customer-" + number;
    }

    /// No response, throttled or failed: the request may have been processed or not.
    private static boolean isUnanswered(SystemProbe.ProbeResponse response) {
        return response.status() == 0 || response.status() == 429 || response.status() >= 500;
    }

    private void follow(int number, AcceptedOrder order) {
        if (order.planned().cancelAfterMillis() >= 0) {
            SystemProbe.pause(Duration.ofMillis(order.planned().cancelAfterMillis()));
            cancel(number, order);
        }
        var giveUp = System.nanoTime() + FOLLOW_TIME.toNanos();
        while (System.nanoTime() < giveUp && !closed.get()) {
            if (checkFinal(order)) {
                return;
            }
            SystemProbe.pause(Duration.ofSeconds(1));
        }
    }

    private void cancel(int number, AcceptedOrder order) {
        var answer =
                sendUntilAnswered(
                        () ->
                                probe.call(
                                        "POST",
                                        serviceProcesses.proxiedUrl(Component.ORDER_SERVICE),
                                        "/orders/" + order.id() + "/cancellation",
                                        tokens.authorizationHeader(customer(number)),
                                        ""),
                        OrderLoad::isUnanswered,
                        () -> {});
        if (answer.status() == 202) {
            cancelled.incrementAndGet();
        } else if (answer.status() != 409 && !closed.get()) {
            unexpectedResponses.add("the cancellation returned " + answer);
        }
    }

    /// Whether an order is final; fetched unless known.
    boolean checkFinal(AcceptedOrder order) {
        if (ended.containsKey(order.id())) {
            return true;
        }
        var answer =
                probe.internal(
                        "GET",
                        serviceProcesses.directUrl(Component.ORDER_SERVICE_INTERNAL),
                        "/internal/orders/" + order.id(),
                        "read",
                        "");
        if (answer.isSuccess()) {
            var state = answer.json().path("state").asString("");
            if (OrderStateCode.of(state).filter(OrderStateCode::isFinal).isPresent()) {
                ended.put(order.id(), state);
                return true;
            }
        }
        return false;
    }

    /// The operator, who decides all pending approvals.
    private void decide() {
        while (!closed.get()) {
            try {
                SystemProbe.pause(Duration.ofSeconds(1));
                if (placed.isEmpty()) {
                    continue;
                }
                var answer =
                        probe.internal(
                                "GET",
                                serviceProcesses.proxiedUrl(Component.ORDER_SERVICE_INTERNAL),
                                "/internal/approvals",
                                "read",
                                "");
                if (answer.isSuccess()) {
                    for (var approval : answer.json().path("approvals")) {
                        decide(approval);
                    }
                }
            } catch (RuntimeException failure) {
                if (!closed.get()) {
                    unexpectedResponses.add("operator: " + failure);
                }
            }
        }
    }

    private void decide(JsonNode approval) {
        var order = placed.get(approval.path("orderId").asString(""));
        if (order == null || approval.hasNonNull("decision")) {
            return;
        }
        var decision =
                SystemProbe.JSON
                        .createObjectNode()
                        .put("decision", order.planned().approve() ? "APPROVE" : "REJECT");
        var answer =
                sendUntilAnswered(
                        () ->
                                probe.asOperator(
                                        tokens.operatorToken("anna"),
                                        "POST",
                                        serviceProcesses.proxiedUrl(
                                                Component.ORDER_SERVICE_INTERNAL),
                                        "/internal/approvals/" + order.id() + "/decision",
                                        decision.toString()),
                        OrderLoad::isUnanswered,
                        () -> {});
        if (answer.isSuccess()) {
            decided.incrementAndGet();
        } else if (answer.status() != 409 && !closed.get()) {
            unexpectedResponses.add("the decision returned " + answer);
        }
    }

    /// Collects the sent e-mails; local-cloud keeps the newest only.
    synchronized void collectMail() {
        var page = probe.get(serviceProcesses.directUrl(Component.LOCAL_CLOUD), "/_aws/ses");
        for (var mail : page.path("messages")) {
            if (mailsSeen.add(mail.path("Id").asString(""))) {
                var to = mail.at("/Destination/ToAddresses/0").asString("");
                mails.computeIfAbsent(to, _ -> new ArrayList<>())
                        .add(mail.path("Subject").asString(""));
            }
        }
    }

    synchronized List<String> mailsTo(String address) {
        return List.copyOf(mails.getOrDefault(address, List.of()));
    }

    Collection<AcceptedOrder> acceptedOrders() {
        return List.copyOf(placed.values());
    }

    /// The state of each final order.
    Map<String, String> finalStates() {
        return Map.copyOf(ended);
    }

    /// Responses that customers must never get, whatever fails.
    List<String> unexpectedResponses() {
        synchronized (unexpectedResponses) {
            return List.copyOf(unexpectedResponses);
        }
    }

    int requestedOrders() {
        return asked.get();
    }

    int repeatedPosts() {
        return repeatedPosts.get();
    }

    int cancellations() {
        return cancelled.get();
    }

    int decisions() {
        return decided.get();
    }

    /// Whether a customer is still placing or following an order.
    boolean isBusy() {
        return busy.get() > 0;
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
