package dev.orderflow.crashtests;

import dev.orderflow.crashtests.Fault.FaultKind;
import dev.orderflow.localrun.Component;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The orders of a run and the faults at each of them, determined by the seed.
///
/// @param orders the orders, in sequence
/// @param faults faults to arm when an order is placed
/// @param kills services of which one process is killed when an order is placed
/// @param databaseCrashes the orders at which the database server is killed
record CrashPlan(
        List<PlannedOrder> orders,
        List<AtOrder<Fault>> faults,
        List<AtOrder<Component>> kills,
        List<Integer> databaseCrashes) {

    /// An action when an order is placed.
    record AtOrder<T>(int order, T what) {}

    /// The numbers of faults.
    ///
    /// @param faults calls to refuse, delay, repeat or lose
    /// @param kills processes to kill
    /// @param databaseCrashes crashes of the database server
    record FaultCounts(int faults, int kills, int databaseCrashes) {

        static final FaultCounts NOTHING = new FaultCounts(0, 0, 0);

        /// One fault per two orders, and as many kills as the time for restarts allows.
        static FaultCounts of(int orders) {
            return new FaultCounts(
                    Math.max(10, orders / 2), Math.max(4, orders / 20), Math.max(1, orders / 250));
        }
    }

    /// The order of a customer.
    ///
    /// @param sku the article
    /// @param quantity the quantity
    /// @param paymentMethodId the test card
    /// @param country the country; the carrier refuses `AQ`
    /// @param cancelAfterMillis when the customer cancels, -1 for never
    /// @param approve the operator's decision, if an approval is needed
    record PlannedOrder(
            String sku,
            int quantity,
            String paymentMethodId,
            String country,
            int cancelAfterMillis,
            boolean approve) {

        private PlannedOrder withRespondingGateway() {
            return NO_RESPONSE_CARDS.contains(paymentMethodId)
                    ? new PlannedOrder(sku, quantity, CARD, country, cancelAfterMillis, approve)
                    : this;
        }
    }

    private static final String CARD = "pm_card_visa";
    private static final String ANSWER_LOST = "pm_card_answerLost";
    private static final String SLOW = "pm_card_slow";
    private static final Set<String> NO_RESPONSE_CARDS = Set.of(ANSWER_LOST, SLOW);

    /// The articles: the table is above the approval limit, the rare one is nearly out of stock.
    static final String MUG = "CRASH-MUG";

    static final String TEAPOT = "CRASH-TEAPOT";
    static final String TABLE = "CRASH-TABLE";
    static final String RARE = "CRASH-RARE";

    private static final String CLOUD = "local-cloud";
    private static final String ORDERS = "order-service";
    private static final String INVENTORY = "inventory-service";
    private static final String PAYMENT = "payment-service";
    private static final String SHIPPING = "shipping-service";
    private static final String NOTIFICATION = "notification-service";
    private static final String ANALYTICS = "analytics-service";
    private static final String GATEWAY = "sandbox-gateway";
    private static final String CARRIER = "sandbox-carrier";

    /// A call at which faults can be injected.
    ///
    /// @param callerIsProcess whether the caller can be killed at it
    /// @param calleeIsProcess whether the callee can be
    /// @param repeatable whether the network may repeat it; SES and SNS are not idempotent, so a
    ///     repetition by the network would be a second e-mail without an error of a service
    private record InjectionPoint(
            String caller,
            String callee,
            String call,
            boolean callerIsProcess,
            boolean calleeIsProcess,
            boolean repeatable) {

        static InjectionPoint cloud(String caller, String call) {
            return new InjectionPoint(
                    caller,
                    CLOUD,
                    call,
                    true,
                    false,
                    !call.startsWith("ses:") && !call.startsWith("sns:"));
        }

        static InjectionPoint probe(String caller, String callee, String call) {
            return new InjectionPoint(caller, callee, call, true, false, true);
        }

        static InjectionPoint between(String caller, String callee, String call) {
            return new InjectionPoint(caller, callee, call, true, true, true);
        }

        static InjectionPoint served(String caller, String callee, String call) {
            return new InjectionPoint(caller, callee, call, false, true, true);
        }
    }

    private static final List<InjectionPoint> SPOTS =
            List.of(
                    InjectionPoint.served(ServiceProcesses.CUSTOMERS, ORDERS, "POST /orders"),
                    InjectionPoint.served(
                            ServiceProcesses.CUSTOMERS, ORDERS, "POST /orders/*/cancellation"),
                    InjectionPoint.served(
                            ServiceProcesses.CUSTOMERS,
                            ORDERS,
                            "POST /internal/approvals/*/decision"),
                    InjectionPoint.cloud(ORDERS, "events:PutEvents"),
                    InjectionPoint.cloud(ORDERS, "states:StartExecution"),
                    InjectionPoint.cloud(ORDERS, "states:SendTaskSuccess"),
                    InjectionPoint.cloud(ORDERS, "states:SendTaskFailure"),
                    InjectionPoint.cloud(ORDERS, "sqs:ReceiveMessage"),
                    InjectionPoint.cloud(ORDERS, "sqs:DeleteMessage"),
                    InjectionPoint.served(
                            ServiceProcesses.WORKFLOW, INVENTORY, "POST /internal/reservations"),
                    InjectionPoint.served(
                            ServiceProcesses.WORKFLOW,
                            INVENTORY,
                            "POST /internal/reservations/*/release"),
                    InjectionPoint.cloud(INVENTORY, "sqs:ReceiveMessage"),
                    InjectionPoint.cloud(INVENTORY, "sqs:DeleteMessage"),
                    InjectionPoint.served(
                            ServiceProcesses.WORKFLOW,
                            PAYMENT,
                            "POST /internal/payments/*/authorization"),
                    InjectionPoint.served(
                            ServiceProcesses.WORKFLOW,
                            PAYMENT,
                            "POST /internal/payments/*/capture"),
                    InjectionPoint.served(
                            ServiceProcesses.WORKFLOW, PAYMENT, "POST /internal/payments/*/void"),
                    InjectionPoint.probe(PAYMENT, GATEWAY, "POST /v1/payment_intents"),
                    InjectionPoint.probe(PAYMENT, GATEWAY, "POST /v1/payment_intents/*/confirm"),
                    InjectionPoint.probe(PAYMENT, GATEWAY, "POST /v1/payment_intents/*/capture"),
                    InjectionPoint.probe(PAYMENT, GATEWAY, "POST /v1/payment_intents/*/cancel"),
                    InjectionPoint.between(
                            SHIPPING,
                            PAYMENT,
                            "POST /internal/payments/*/authorization-verification"),
                    InjectionPoint.between(
                            SHIPPING, ORDERS, "POST /internal/orders/*/dispatch-permit"),
                    InjectionPoint.probe(SHIPPING, CARRIER, "POST /bookings"),
                    InjectionPoint.cloud(SHIPPING, "states:SendTaskSuccess"),
                    InjectionPoint.cloud(SHIPPING, "states:SendTaskFailure"),
                    InjectionPoint.cloud(SHIPPING, "sqs:ReceiveMessage"),
                    InjectionPoint.cloud(SHIPPING, "sqs:DeleteMessage"),
                    InjectionPoint.between(NOTIFICATION, ORDERS, "GET /internal/orders/*/contact"),
                    InjectionPoint.cloud(NOTIFICATION, "ses:SendEmail"),
                    InjectionPoint.cloud(NOTIFICATION, "sns:Publish"),
                    InjectionPoint.cloud(NOTIFICATION, "sqs:ReceiveMessage"),
                    InjectionPoint.cloud(NOTIFICATION, "sqs:DeleteMessage"),
                    InjectionPoint.cloud(ANALYTICS, "sqs:ReceiveMessage"),
                    InjectionPoint.cloud(ANALYTICS, "sqs:DeleteMessage"));

    /// All faults that kill a process.
    static List<Fault> crashPoints() {
        var points = new ArrayList<Fault>();
        for (var spot : SPOTS) {
            if (spot.callerIsProcess()) {
                if (!spot.call().equals("sqs:ReceiveMessage")) {
                    points.add(fault(FaultKind.CALLER_KILLED_BEFORE, spot, 0));
                }
                points.add(fault(FaultKind.CALLER_KILLED_AFTER, spot, 0));
            }
            if (spot.calleeIsProcess()) {
                points.add(fault(FaultKind.CALLEE_KILLED_DURING, spot, 0));
                points.add(fault(FaultKind.CALLEE_KILLED_AFTER, spot, 0));
            }
        }
        return List.copyOf(points);
    }

    /// Creates a plan.
    static CrashPlan of(long seed, int orders, FaultCounts amount, List<Component> services) {
        // The sequence of Random is specified, unlike that of the default generator.
        var random = new Random(seed);
        var plannedOrders = new ArrayList<PlannedOrder>();
        for (int i = 0; i < orders; i++) {
            plannedOrders.add(order(random));
        }
        var faults = new ArrayList<AtOrder<Fault>>();
        for (int i = 0; i < amount.faults(); i++) {
            faults.add(new AtOrder<>(random.nextInt(orders), proxyFault(random)));
        }
        var kills = new ArrayList<AtOrder<Component>>();
        var points = new ArrayList<Fault>();
        for (int i = 0; i < amount.kills(); i++) {
            // Evenly distributed, so that restarts do not accumulate.
            int at = (int) ((i + random.nextDouble()) * orders / (amount.kills() + 1.0));
            if (random.nextInt(5) == 0) {
                kills.add(new AtOrder<>(at, services.get(random.nextInt(services.size()))));
                continue;
            }
            if (points.isEmpty()) {
                points.addAll(crashPoints());
                Collections.shuffle(points, random);
            }
            faults.add(new AtOrder<>(at, points.removeLast()));
        }
        var crashes = new ArrayList<Integer>();
        for (int i = 0; i < amount.databaseCrashes(); i++) {
            crashes.add(
                    (int)
                            ((i + 0.25 + random.nextDouble() / 2)
                                    * orders
                                    / amount.databaseCrashes()));
        }
        return new CrashPlan(
                List.copyOf(plannedOrders),
                List.copyOf(faults),
                List.copyOf(kills),
                List.copyOf(crashes));
    }

    /// The same orders without the test cards for which the sandbox gateway does not respond in
    /// time.
    CrashPlan withRespondingGateway() {
        return new CrashPlan(
                orders.stream().map(PlannedOrder::withRespondingGateway).toList(),
                faults,
                kills,
                databaseCrashes);
    }

    private static Fault proxyFault(RandomGenerator random) {
        var spot = SPOTS.get(random.nextInt(SPOTS.size()));
        var kind =
                switch (random.nextInt(4)) {
                    case 0 -> FaultKind.REFUSED;
                    case 1 -> FaultKind.DELAYED;
                    case 2 -> spot.repeatable() ? FaultKind.REPEATED : FaultKind.ANSWER_LOST;
                    default -> FaultKind.ANSWER_LOST;
                };
        return fault(kind, spot, 100 + random.nextInt(4_000));
    }

    private static Fault fault(FaultKind kind, InjectionPoint spot, long delayMillis) {
        return new Fault(kind, spot.caller(), spot.callee(), spot.call(), delayMillis);
    }

    private static PlannedOrder order(RandomGenerator random) {
        int dice = random.nextInt(100);
        int quantity = 1 + random.nextInt(3);
        boolean approve = random.nextInt(10) < 7;
        int cancel = random.nextInt(100) < 10 ? random.nextInt(4_000) : -1;
        if (dice < 60) {
            return new PlannedOrder(
                    dice % 2 == 0 ? MUG : TEAPOT, quantity, CARD, "GB", cancel, approve);
        }
        if (dice < 68) {
            return new PlannedOrder(MUG, quantity, "pm_card_chargeDeclined", "GB", cancel, approve);
        }
        if (dice < 75) {
            return new PlannedOrder(TEAPOT, quantity, ANSWER_LOST, "GB", cancel, approve);
        }
        if (dice < 78) {
            return new PlannedOrder(MUG, quantity, SLOW, "GB", cancel, approve);
        }
        if (dice < 85) {
            return new PlannedOrder(RARE, quantity, CARD, "GB", cancel, approve);
        }
        if (dice < 95) {
            return new PlannedOrder(TABLE, 1, CARD, "GB", cancel, approve);
        }
        return new PlannedOrder(TEAPOT, quantity, CARD, "AQ", cancel, approve);
    }
}
