package dev.orderflow.localrun;

import dev.orderflow.contracts.value.OrderStateCode;
import dev.orderflow.localrun.LocalRun.LocalRunSettings;
import dev.orderflow.topology.ApprovalLimits;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(
        name = "demo",
        description =
                "Start the system on free ports, place an order that ships, one that is out of stock and one that is"
                        + " declined, show their progress, verify charges, stock and e-mails, and stop. Exit code 0 when"
                        + " all checks pass, else 1.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

    @Mixin private StartOptions start = new StartOptions();

    private final ConsoleOutput console = new ConsoleOutput("Starting Orderflow on free ports …");
    private int failed;

    @Override
    public Integer call() {
        var settings =
                new LocalRunSettings(
                        start.ports(ComponentPorts.free()),
                        Optional.<Path>empty(),
                        1,
                        ApprovalLimits.parse(ApprovalLimits.STANDARD),
                        console);
        try (var system = LocalRun.start(settings)) {
            var http = new SystemClient(system);
            var orders =
                    List.of(
                            place(http, "ships", "TEAPOT-IRON", 2, "pm_card_visa"),
                            place(http, "out of stock", "LAMP-RARE", 2, "pm_card_visa"),
                            place(http, "declined", "MUG-BLUE", 3, "pm_card_chargeDeclined"));
            printProgress(http, orders);
            check(http, orders);
        }
        console.line("");
        console.line(
                failed == 0
                        ? "All checks passed."
                        : failed + " checks failed; the log is in " + LocalRun.logFile());
        return failed == 0 ? 0 : 1;
    }

    private record DemoOrder(String id, String nickname, String customer, String sku) {

        String email() {
            return customer + "@example.org";
        }
    }

    private DemoOrder place(
            SystemClient http, String nickname, String sku, int quantity, String paymentMethodId) {
        var customer = "demo-" + nickname.replace(' ', '-');
        var answer = http.placeOrder(customer, "demo", sku, quantity, paymentMethodId);
        var placed = new DemoOrder(answer.path("orderId").asString(), nickname, customer, sku);
        console.heading("Order %s: %s".formatted(placed.id(), nickname));
        console.line("  %d × %s, paid with %s".formatted(quantity, sku, paymentMethodId));
        return placed;
    }

    /// Prints each new timeline entry of each order, until all orders are in a final state.
    private void printProgress(SystemClient http, List<DemoOrder> orders) {
        console.heading("Order progress");
        var shown = new HashMap<String, Integer>();
        var waiting = new CopyOnWriteArrayList<>(orders);
        var giveUp = Instant.now().plus(TIMEOUT);
        try (var ticker =
                new ProgressTicker(console::line, () -> "             …  " + names(waiting))) {
            while (!waiting.isEmpty() && Instant.now().isBefore(giveUp)) {
                for (var order : waiting) {
                    var now = fetch(http, order);
                    var timeline = now.path("timeline");
                    for (int i = shown.getOrDefault(order.id(), 0); i < timeline.size(); i++) {
                        ticker.print(step(order, timeline.get(i)));
                    }
                    shown.put(order.id(), timeline.size());
                    if (isFinal(now)) {
                        waiting.remove(order);
                    }
                }
                pause();
            }
        }
    }

    private static boolean isFinal(JsonNode order) {
        return OrderStateCode.of(order.path("state").asString())
                .filter(OrderStateCode::isFinal)
                .isPresent();
    }

    private static String names(List<DemoOrder> orders) {
        return "waiting for: "
                + orders.stream().map(DemoOrder::nickname).collect(Collectors.joining(", "));
    }

    private static String step(DemoOrder order, JsonNode step) {
        return "  %s  %-13s %-11s %s"
                .formatted(
                        clock(step.path("at").asString()),
                        order.nickname(),
                        step.path("state").asString(),
                        step.path("reason").asString(""));
    }

    private void check(SystemClient http, List<DemoOrder> orders) {
        console.heading("Verification");
        var ships = orders.get(0);
        var outOfStock = orders.get(1);
        var declined = orders.get(2);

        expect("the first order is SHIPPED", () -> state(http, ships).equals("SHIPPED"));
        expect("it was charged once, 99.80 EUR", () -> charged(http, ships, 1, "99.80"));
        expect("the carrier has one parcel", () -> parcels(http, ships) == 1);
        expect("its stock was deducted", () -> left(http, ships.sku()) == 2);
        expect("its customer got two e-mails", () -> mails(http, ships) == 2);

        expect("the second is REJECTED", () -> state(http, outOfStock).equals("REJECTED"));
        expect("nothing was charged", () -> charged(http, outOfStock, 0, "0"));
        expect("the last one is still in stock", () -> left(http, outOfStock.sku()) == 0);
        expect("its customer got one e-mail", () -> mails(http, outOfStock) == 1);

        expect("the third is REJECTED", () -> state(http, declined).equals("REJECTED"));
        expect("no money was kept", () -> charged(http, declined, 0, "0"));
        expect("its stock was released", () -> reserved(http, declined.sku()) == 0);
        expect("its customer got one e-mail", () -> mails(http, declined) == 1);
    }

    /// Some effects follow the final state of the order, so each check may take up to 15 s.
    private void expect(String what, Supplier<Boolean> check) {
        var giveUp = Instant.now().plusSeconds(15);
        boolean holds = check.get();
        try (var _ = new ProgressTicker(console::line, () -> "  …  waiting until " + what)) {
            while (!holds && Instant.now().isBefore(giveUp)) {
                pause();
                holds = check.get();
            }
        }
        if (holds) {
            console.good(what);
        } else {
            console.bad(what);
            failed++;
        }
    }

    private static JsonNode fetch(SystemClient http, DemoOrder order) {
        return http.order(order.customer(), order.id());
    }

    private static String state(SystemClient http, DemoOrder order) {
        return fetch(http, order).path("state").asString();
    }

    private static boolean charged(SystemClient http, DemoOrder order, int times, String net) {
        var ledger = http.get(Component.SANDBOX_GATEWAY, "/sandbox/ledger/" + order.id(), Map.of());
        return ledger.path("charges").asInt(-1) == times
                && new BigDecimal(ledger.path("net").asString("-1")).compareTo(new BigDecimal(net))
                        == 0;
    }

    private static long parcels(SystemClient http, DemoOrder order) {
        var bookings = http.get(Component.SANDBOX_CARRIER, "/sandbox/bookings", Map.of());
        long count = 0;
        for (var booking : bookings.isArray() ? bookings : bookings.path("bookings")) {
            if (booking.path("orderId").asString().equals(order.id())) {
                count++;
            }
        }
        return count;
    }

    private static int left(SystemClient http, String sku) {
        var stock = stock(http, sku);
        return DemoCatalogue.openingStock(sku) - stock.path("onHand").asInt();
    }

    private static int reserved(SystemClient http, String sku) {
        return stock(http, sku).path("reserved").asInt(-1);
    }

    private static JsonNode stock(SystemClient http, String sku) {
        return http.internal(
                "GET", Component.INVENTORY_SERVICE, "/internal/stock/" + sku, "", "read");
    }

    private static int mails(SystemClient http, DemoOrder order) {
        return http.get(Component.LOCAL_CLOUD, "/_aws/ses?email=" + order.email(), Map.of())
                .path("messages")
                .size();
    }

    private static String clock(String instant) {
        return instant.length() >= 23 ? instant.substring(11, 23) : instant;
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_INTERVAL);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", interrupted);
        }
    }
}
