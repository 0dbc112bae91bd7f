package dev.orderflow.crashtests;

import dev.orderflow.commandline.operations.Tokens;
import dev.orderflow.localrun.Part;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Customers who order, insist until they are answered, and sometimes think better of it; and an
/// operator who decides what waits for a person.
final class Load implements AutoCloseable {

    static final Set<String> FINAL = Set.of("SHIPPED", "REJECTED", "CANCELLED");

    /// A customer who got no answer asks again for this long.
    private static final Duration INSISTS = Duration.ofMinutes(5);

    /// An order that takes longer does not hold up the next ones.
    private static final Duration FOLLOWED = Duration.ofSeconds(45);

    /// An order that was accepted.
    ///
    /// @param email the address, which only this order has
    /// @param wish what was ordered
    /// @param total what it costs, as the answer said
    record Placed(String id, String email, Plan.Order wish, BigDecimal total) {}

    private final Fleet fleet;
    private final Outside outside;
    private final Tokens tokens;
    private final Map<String, Placed> placed = new ConcurrentHashMap<>();
    private final Map<String, String> ended = new ConcurrentHashMap<>();
    private final Map<String, List<String>> mails = new HashMap<>();
    private final Set<String> mailsSeen = new HashSet<>();
    private final List<String> surprises = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger repeatedPosts = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger decided = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Semaphore open;
    private final String run = Long.toString(System.nanoTime(), 36);

    Load(Fleet fleet, Outside outside, int open) {
        this.fleet = fleet;
        this.outside = outside;
        this.open = new Semaphore(open);
        this.tokens = new Tokens(() -> fleet.direct(Part.DEVELOPMENT_ISSUER), fleet.http());
        Thread.ofVirtual().name("operator").start(this::decide);
    }

    /// Puts the articles in place.
    ///
    /// @param rare how many of the rare one there are
    void stock(int rare) {
        article(Plan.MUG, "12.50", 1_000_000);
        article(Plan.TEAPOT, "49.90", 1_000_000);
        article(Plan.TABLE, "1290.00", 1_000_000);
        article(Plan.RARE, "249.00", rare);
    }

    private final Map<String, Integer> opening = new ConcurrentHashMap<>();

    Map<String, Integer> openingStock() {
        return Map.copyOf(opening);
    }

    private void article(String sku, String price, int stock) {
        opening.put(sku, stock);
        var article = Outside.JSON.createObjectNode().put("name", "Article " + sku);
        article.putObject("price").put("amount", price).put("currency", "EUR");
        require(
                outside.internal(
                        "PUT",
                        fleet.direct(Part.ORDER_SERVICE_INTERNAL),
                        "/internal/catalogue/" + sku,
                        "catalogue-" + sku,
                        article.toString()));
        require(
                outside.internal(
                        "POST",
                        fleet.direct(Part.INVENTORY_SERVICE),
                        "/internal/stock/" + sku + "/receipts",
                        "opening-" + sku,
                        Outside.JSON
                                .createObjectNode()
                                .put("quantity", stock)
                                .put("reference", "opening stock")
                                .toString()));
    }

    private static void require(Outside.Answer answer) {
        if (!answer.good()) {
            throw new IllegalStateException("refused: " + answer);
        }
    }

    /// Places an order; returns as soon as somebody is at it, which takes a while when many orders
    /// are open.
    void place(int number, Plan.Order wish) {
        open.acquireUninterruptibly();
        busy.incrementAndGet();
        Thread.ofVirtual()
                .name("customer-" + number)
                .start(
                        () -> {
                            try {
                                var order = insist(number, wish);
                                if (order != null) {
                                    follow(number, order);
                                }
                            } catch (RuntimeException mistake) {
                                if (!closed.get()) {
                                    surprises.add("customer " + number + ": " + mistake);
                                }
                            } finally {
                                busy.decrementAndGet();
                                open.release();
                            }
                        });
    }

    /// The same request under the same key, until there is an answer to it.
    private @Nullable Placed insist(int number, Plan.Order wish) {
        var email = "crash-" + number + "@example.org";
        var body = Outside.JSON.createObjectNode();
        body.putArray("lines").addObject().put("sku", wish.sku()).put("quantity", wish.quantity());
        body.put("paymentMethodId", wish.paymentMethodId()).put("email", email);
        body.putObject("shippingAddress")
                .put("recipient", "Ada Lovelace")
                .put("street", "12 St James Square")
                .put("postalCode", "SW1Y 4JH")
                .put("city", "London")
                .put("country", wish.country());
        asked.incrementAndGet();
        var giveUp = System.nanoTime() + INSISTS.toNanos();
        while (System.nanoTime() < giveUp && !closed.get()) {
            var answer =
                    outside.call(
                            "POST",
                            fleet.overWire(Part.ORDER_SERVICE),
                            "/orders",
                            Map.of(
                                    "Authorization",
                                    "Bearer " + tokens.of(customer(number)),
                                    "Idempotency-Key",
                                    run + "-" + number),
                            body.toString());
            if (answer.status() == 201) {
                var order = answer.json();
                var accepted =
                        new Placed(
                                order.path("orderId").stringValue(),
                                email,
                                wish,
                                new BigDecimal(order.at("/total/amount").stringValue()));
                placed.put(accepted.id(), accepted);
                return accepted;
            }
            if (!mayBeRepeated(answer.status())) {
                surprises.add("POST /orders answered " + answer);
                return null;
            }
            repeatedPosts.incrementAndGet();
            Outside.pause(Duration.ofMillis(300));
        }
        surprises.add("POST /orders of customer " + number + " was never answered");
        return null;
    }

    private static String customer(int number) {
        return "customer-" + number;
    }

    /// No answer, still at work, or in trouble.
    private static boolean mayBeRepeated(int status) {
        return status == 0 || status == 409 || status == 429 || status >= 500;
    }

    private void follow(int number, Placed order) {
        if (order.wish().cancelAfterMillis() >= 0) {
            Outside.pause(Duration.ofMillis(order.wish().cancelAfterMillis()));
            cancel(number, order);
        }
        var letGo = System.nanoTime() + FOLLOWED.toNanos();
        while (System.nanoTime() < letGo && !closed.get()) {
            if (look(order)) {
                return;
            }
            Outside.pause(Duration.ofSeconds(1));
        }
    }

    private void cancel(int number, Placed order) {
        var giveUp = System.nanoTime() + INSISTS.toNanos();
        while (System.nanoTime() < giveUp && !closed.get()) {
            var answer =
                    outside.call(
                            "POST",
                            fleet.overWire(Part.ORDER_SERVICE),
                            "/orders/" + order.id() + "/cancellation",
                            tokens.header(customer(number)),
                            "");
            switch (answer.status()) {
                case 202 -> {
                    cancelled.incrementAndGet();
                    return;
                }
                case 409 -> {
                    return;
                }
                default -> {
                    if (!mayBeRepeated(answer.status())) {
                        surprises.add("cancellation answered " + answer);
                        return;
                    }
                }
            }
            Outside.pause(Duration.ofMillis(300));
        }
    }

    /// Whether an order is final, asked anew unless that is known.
    boolean look(Placed order) {
        if (ended.containsKey(order.id())) {
            return true;
        }
        var answer =
                outside.internal(
                        "GET",
                        fleet.direct(Part.ORDER_SERVICE_INTERNAL),
                        "/internal/orders/" + order.id(),
                        "look",
                        "");
        if (answer.good()) {
            var state = answer.json().path("state").asString("");
            if (FINAL.contains(state)) {
                ended.put(order.id(), state);
                return true;
            }
        }
        return false;
    }

    /// The operator, who decides about all orders whenever there is something to decide.
    private void decide() {
        while (!closed.get()) {
            try {
                Outside.pause(Duration.ofSeconds(1));
                if (placed.isEmpty()) {
                    continue;
                }
                var answer =
                        outside.internal(
                                "GET",
                                fleet.overWire(Part.ORDER_SERVICE_INTERNAL),
                                "/internal/approvals",
                                "look",
                                "");
                if (answer.good()) {
                    for (var approval : answer.json().path("approvals")) {
                        decide(approval);
                    }
                }
            } catch (RuntimeException broken) {
                if (!closed.get()) {
                    surprises.add("operator: " + broken);
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
                Outside.JSON
                        .createObjectNode()
                        .put("decision", order.wish().approve() ? "APPROVE" : "REJECT")
                        .put("decidedBy", "crash test");
        var answer =
                outside.internal(
                        "POST",
                        fleet.overWire(Part.ORDER_SERVICE_INTERNAL),
                        "/internal/approvals/" + order.id() + "/decision",
                        "decision-" + order.id(),
                        decision.toString());
        if (answer.good()) {
            decided.incrementAndGet();
        } else if (!mayBeRepeated(answer.status())) {
            surprises.add("decision answered " + answer);
        }
    }

    /// Fetches the mail there is; the cloud keeps the newest only.
    synchronized void collectMail() {
        var page = outside.look(fleet.direct(Part.LOCAL_CLOUD), "/_aws/ses");
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

    Collection<Placed> placed() {
        return List.copyOf(placed.values());
    }

    /// Where the orders ended that are final.
    Map<String, String> ended() {
        return Map.copyOf(ended);
    }

    /// Answers that nobody may get, whatever is broken behind.
    List<String> surprises() {
        synchronized (surprises) {
            return List.copyOf(surprises);
        }
    }

    int asked() {
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

    /// Whether somebody still orders or waits.
    boolean busy() {
        return busy.get() > 0;
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
