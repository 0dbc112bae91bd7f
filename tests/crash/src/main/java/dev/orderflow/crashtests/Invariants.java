package dev.orderflow.crashtests;

import dev.orderflow.crashtests.OrderLoad.AcceptedOrder;
import dev.orderflow.localrun.Component;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The invariants of every run, verified through APIs and the ledgers of the sandboxes, never in
/// the database of the service under test.
final class Invariants {

    private static final Map<String, String> LAST_MAIL =
            Map.of(
                    "SHIPPED", "Your order is on its way",
                    "REJECTED", "We could not complete your order",
                    "CANCELLED", "Your order is cancelled");

    private final ServiceProcesses serviceProcesses;
    private final SystemProbe probe;
    private final OrderLoad load;
    private final FaultInjector faultInjector;
    private final List<CrashReport.CheckedInvariant> found = new ArrayList<>();

    Invariants(
            ServiceProcesses serviceProcesses,
            SystemProbe probe,
            OrderLoad load,
            FaultInjector faultInjector) {
        this.faultInjector = faultInjector;
        this.serviceProcesses = serviceProcesses;
        this.probe = probe;
        this.load = load;
    }

    /// The check of one invariant.
    private final class InvariantCheck {
        private final String name;
        private final List<String> violations = new ArrayList<>();
        private int checked;

        InvariantCheck(String name) {
            this.name = name;
        }

        void that(boolean holds, String otherwise) {
            checked++;
            if (!holds) {
                violations.add(otherwise);
            }
        }

        void addToReport() {
            found.add(new CrashReport.CheckedInvariant(name, checked, List.copyOf(violations)));
        }
    }

    List<CrashReport.CheckedInvariant> check(RedriveOperator repairs) {
        var ended = load.finalStates();
        var orders = load.acceptedOrders();
        answers();
        existence(orders, ended);
        money(orders, ended);
        parcels(orders, ended);
        mails(orders, ended);
        stock(orders, ended);
        figures(orders, ended);
        var dead = new InvariantCheck("every dead letter is processed after a redrive");
        dead.that(repairs.deadLetterCounts().isEmpty(), repairs.deadLetterCounts().toString());
        dead.addToReport();
        var unexpectedExits = new InvariantCheck("no process ended unexpectedly");
        for (var process : serviceProcesses.all()) {
            unexpectedExits.that(
                    process.unexpectedExits() == 0,
                    process.name() + " ended " + process.unexpectedExits() + " times");
        }
        unexpectedExits.addToReport();
        audit();
        caseFiles(orders);
        return List.copyOf(found);
    }

    private void answers() {
        var check = new InvariantCheck("every response to customers is as documented");
        for (int i = 0; i < load.requestedOrders(); i++) {
            check.that(true, "");
        }
        load.unexpectedResponses().forEach(response -> check.that(false, response));
        check.addToReport();
    }

    private void existence(Iterable<AcceptedOrder> orders, Map<String, String> ended) {
        var check = new InvariantCheck("every accepted order exists and is final");
        for (var order : orders) {
            var state = "final";
            if (!ended.containsKey(order.id())) {
                state =
                        probe.internal(
                                        "GET",
                                        serviceProcesses.directUrl(
                                                Component.ORDER_SERVICE_INTERNAL),
                                        "/internal/orders/" + order.id(),
                                        "look",
                                        "")
                                .body();
            }
            check.that(ended.containsKey(order.id()), order.id() + " is " + state);
        }
        check.addToReport();
    }

    private void money(Iterable<AcceptedOrder> orders, Map<String, String> ended) {
        var once = new InvariantCheck("nothing was charged twice");
        var right = new InvariantCheck("shipped orders are captured in full, all others net zero");
        for (var order : orders) {
            var ledger =
                    probe.get(
                            serviceProcesses.directUrl(Component.SANDBOX_GATEWAY),
                            "/sandbox/ledger/" + order.id());
            int charges = ledger.path("charges").asInt(-1);
            once.that(charges == 0 || charges == 1, order.id() + " has " + charges + " charges");
            var expected =
                    "SHIPPED".equals(ended.get(order.id())) ? order.total() : BigDecimal.ZERO;
            right.that(
                    same(ledger, "net", expected)
                            && same(ledger, "captured", expected)
                            && same(ledger, "authorized", BigDecimal.ZERO),
                    "%s is %s but the gateway's ledger is %s"
                            .formatted(order.id(), ended.get(order.id()), ledger));
        }
        once.addToReport();
        right.addToReport();
    }

    private static boolean same(JsonNode ledger, String field, BigDecimal expected) {
        return new BigDecimal(ledger.path(field).asString("-1")).compareTo(expected) == 0;
    }

    private void parcels(Iterable<AcceptedOrder> orders, Map<String, String> ended) {
        var check = new InvariantCheck("one parcel per shipped order, none for all others");
        var parcels = new HashMap<String, Integer>();
        for (var booking :
                probe.get(
                                serviceProcesses.directUrl(Component.SANDBOX_CARRIER),
                                "/sandbox/bookings")
                        .path("bookings")) {
            parcels.merge(booking.path("orderId").asString(""), 1, Integer::sum);
        }
        for (var order : orders) {
            int expected = "SHIPPED".equals(ended.get(order.id())) ? 1 : 0;
            int booked = parcels.getOrDefault(order.id(), 0);
            check.that(
                    booked == expected,
                    "%s is %s but has %d parcels"
                            .formatted(order.id(), ended.get(order.id()), booked));
            parcels.remove(order.id());
        }
        check.that(parcels.isEmpty(), "parcels without an order: " + parcels.keySet());
        check.addToReport();
    }

    private void mails(Iterable<AcceptedOrder> orders, Map<String, String> ended) {
        load.collectMail();
        Set<String> unknown = new HashSet<>();
        for (var state : List.of("UNKNOWN", "CLAIMED")) {
            for (var entry :
                    probe.get(
                                    serviceProcesses.directUrl(Component.NOTIFICATION_SERVICE),
                                    "/internal/notifications?limit=200&state=" + state)
                            .path("notifications")) {
                unknown.add(entry.path("orderId").asString(""));
            }
        }
        var once = new InvariantCheck("no e-mail was sent twice");
        var last = new InvariantCheck("the last e-mail was sent, or is listed as unknown");
        for (var order : orders) {
            var subjects = load.mailsTo(order.email());
            once.that(
                    new HashSet<>(subjects).size() == subjects.size(),
                    order.id() + " got " + subjects);
            var expected = LAST_MAIL.get(ended.getOrDefault(order.id(), ""));
            last.that(
                    expected == null || subjects.contains(expected) || unknown.contains(order.id()),
                    "%s is %s but got %s".formatted(order.id(), ended.get(order.id()), subjects));
        }
        once.addToReport();
        last.addToReport();
    }

    private void stock(Iterable<AcceptedOrder> orders, Map<String, String> ended) {
        var check = new InvariantCheck("stock adds up and nothing is reserved");
        var shipped = new HashMap<String, Integer>();
        for (var order : orders) {
            if ("SHIPPED".equals(ended.get(order.id()))) {
                shipped.merge(order.planned().sku(), order.planned().quantity(), Integer::sum);
            }
        }
        load.openingStock()
                .forEach(
                        (sku, opening) -> {
                            var stock =
                                    probe.get(
                                            serviceProcesses.directUrl(Component.INVENTORY_SERVICE),
                                            "/internal/stock/" + sku);
                            long expected = opening - shipped.getOrDefault(sku, 0);
                            check.that(
                                    stock.path("onHand").asLong(-1) == expected,
                                    "%s: %d expected on hand but %s"
                                            .formatted(sku, expected, stock));
                            check.that(
                                    stock.path("reserved").asLong(-1) == 0,
                                    sku + " is reserved: " + stock);
                            check.that(
                                    stock.at("/ledger/consistent").asBoolean(false),
                                    sku + " has an inconsistent ledger: " + stock);
                        });
        check.addToReport();
    }

    private void figures(Iterable<AcceptedOrder> orders, Map<String, String> ended) {
        var check = new InvariantCheck("analytics counts every order");
        var expected = new TreeMap<String, Long>();
        for (var order : orders) {
            expected.merge(ended.getOrDefault(order.id(), "?"), 1L, Long::sum);
        }
        var counted = new TreeMap<String, Long>();
        probe.get(serviceProcesses.directUrl(Component.ANALYTICS_SERVICE), "/internal/summary")
                .path("orders")
                .properties()
                .forEach(state -> counted.put(state.getKey(), state.getValue().asLong()));
        check.that(expected.equals(counted), "expected " + expected + " but counts " + counted);
        check.addToReport();
    }

    /// The case files of operations-console.
    private void caseFiles(Iterable<AcceptedOrder> orders) {
        var check =
                new InvariantCheck("every fault that touched an order is in the order's case file");
        for (var touched :
                new CaseFileCheck(serviceProcesses, probe)
                        .check(faultInjector.injections(), orders)) {
            check.that(touched.isVisible(), touched.description());
        }
        check.addToReport();
    }

    /// The audit of operations-console.
    private void audit() {
        var answer = probe.audit(serviceProcesses.directUrl(Component.OPERATIONS_CONSOLE));
        var check = new InvariantCheck("the audit of operations-console finds no violation");
        var report = answer.json();
        check.that(
                answer.isSuccess()
                        && report.path("orders").asInt(0) > 0
                        && report.path("violations").isArray()
                        && report.path("violations").isEmpty(),
                answer.status() + " " + answer.body());
        check.addToReport();
    }
}
