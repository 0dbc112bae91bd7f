package dev.orderflow.crashtests;

import dev.orderflow.crashtests.Fault.Kind;
import dev.orderflow.localrun.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/// What is ordered and what goes wrong at which order: all of it follows from the seed.
///
/// @param orders what is ordered, in turn
/// @param faults what is armed when the order of that place is placed
/// @param kills who is killed then, whatever it does
/// @param databaseCrashes at which orders the database server is killed
record Plan(
        List<Order> orders,
        List<At<Fault>> faults,
        List<At<Part>> kills,
        List<Integer> databaseCrashes) {

    /// Something at an order.
    record At<T>(int order, T what) {}

    /// How much goes wrong.
    ///
    /// @param faults calls lost, refused, delayed or repeated
    /// @param kills processes killed
    /// @param databaseCrashes crashes of the database server
    record Amount(int faults, int kills, int databaseCrashes) {

        static final Amount NOTHING = new Amount(0, 0, 0);

        /// About one fault for two orders, and as many kills as the restarts leave time for.
        static Amount of(int orders) {
            return new Amount(
                    Math.max(10, orders / 2), Math.max(4, orders / 20), Math.max(1, orders / 250));
        }
    }

    /// What a customer does.
    ///
    /// @param sku the article; one of each
    /// @param quantity how many of it
    /// @param paymentMethodId the test card
    /// @param country where to; the carrier refuses `AQ`
    /// @param cancelAfterMillis when the customer thinks better of it, -1 for never
    /// @param approve what the operator says if asked
    record Order(
            String sku,
            int quantity,
            String paymentMethodId,
            String country,
            int cancelAfterMillis,
            boolean approve) {

        private Order whereTheGatewayAnswers() {
            return SILENT_CARDS.contains(paymentMethodId)
                    ? new Order(sku, quantity, CARD, country, cancelAfterMillis, approve)
                    : this;
        }
    }

    private static final String CARD = "pm_card_visa";
    private static final String ANSWER_LOST = "pm_card_answerLost";
    private static final String SLOW = "pm_card_slow";
    private static final Set<String> SILENT_CARDS = Set.of(ANSWER_LOST, SLOW);

    /// The articles: plenty, plenty, dear and plenty, hardly any.
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

    /// A call that matters.
    ///
    /// @param callerIsProcess whether the caller can be killed at it
    /// @param calleeIsProcess whether the callee can be
    /// @param repeatable whether the network may repeat it; SES and SNS know no idempotency, so a
    ///     repeat there is a second mail by the network's doing and no service's
    private record Spot(
            String caller,
            String callee,
            String call,
            boolean callerIsProcess,
            boolean calleeIsProcess,
            boolean repeatable) {

        static Spot cloud(String caller, String call) {
            return new Spot(
                    caller,
                    CLOUD,
                    call,
                    true,
                    false,
                    !call.startsWith("ses:") && !call.startsWith("sns:"));
        }

        static Spot outside(String caller, String callee, String call) {
            return new Spot(caller, callee, call, true, false, true);
        }

        static Spot between(String caller, String callee, String call) {
            return new Spot(caller, callee, call, true, true, true);
        }

        static Spot served(String caller, String callee, String call) {
            return new Spot(caller, callee, call, false, true, true);
        }
    }

    private static final List<Spot> SPOTS =
            List.of(
                    Spot.served(Fleet.CUSTOMERS, ORDERS, "POST /orders"),
                    Spot.served(Fleet.CUSTOMERS, ORDERS, "POST /orders/*/cancellation"),
                    Spot.served(Fleet.CUSTOMERS, ORDERS, "POST /internal/approvals/*/decision"),
                    Spot.cloud(ORDERS, "events:PutEvents"),
                    Spot.cloud(ORDERS, "states:StartExecution"),
                    Spot.cloud(ORDERS, "states:SendTaskSuccess"),
                    Spot.cloud(ORDERS, "states:SendTaskFailure"),
                    Spot.cloud(ORDERS, "sqs:ReceiveMessage"),
                    Spot.cloud(ORDERS, "sqs:DeleteMessage"),
                    Spot.served(Fleet.WORKFLOW, INVENTORY, "POST /internal/reservations"),
                    Spot.served(Fleet.WORKFLOW, INVENTORY, "POST /internal/reservations/*/release"),
                    Spot.cloud(INVENTORY, "sqs:ReceiveMessage"),
                    Spot.cloud(INVENTORY, "sqs:DeleteMessage"),
                    Spot.served(Fleet.WORKFLOW, PAYMENT, "POST /internal/payments/*/authorization"),
                    Spot.served(Fleet.WORKFLOW, PAYMENT, "POST /internal/payments/*/capture"),
                    Spot.served(Fleet.WORKFLOW, PAYMENT, "POST /internal/payments/*/void"),
                    Spot.outside(PAYMENT, GATEWAY, "POST /v1/payment_intents"),
                    Spot.outside(PAYMENT, GATEWAY, "POST /v1/payment_intents/*/confirm"),
                    Spot.outside(PAYMENT, GATEWAY, "POST /v1/payment_intents/*/capture"),
                    Spot.outside(PAYMENT, GATEWAY, "POST /v1/payment_intents/*/cancel"),
                    Spot.between(
                            SHIPPING,
                            PAYMENT,
                            "POST /internal/payments/*/authorization-verification"),
                    Spot.between(SHIPPING, ORDERS, "POST /internal/orders/*/dispatch-permit"),
                    Spot.outside(SHIPPING, CARRIER, "POST /bookings"),
                    Spot.cloud(SHIPPING, "states:SendTaskSuccess"),
                    Spot.cloud(SHIPPING, "states:SendTaskFailure"),
                    Spot.cloud(SHIPPING, "sqs:ReceiveMessage"),
                    Spot.cloud(SHIPPING, "sqs:DeleteMessage"),
                    Spot.between(NOTIFICATION, ORDERS, "GET /internal/orders/*/contact"),
                    Spot.cloud(NOTIFICATION, "ses:SendEmail"),
                    Spot.cloud(NOTIFICATION, "sns:Publish"),
                    Spot.cloud(NOTIFICATION, "sqs:ReceiveMessage"),
                    Spot.cloud(NOTIFICATION, "sqs:DeleteMessage"),
                    Spot.cloud(ANALYTICS, "sqs:ReceiveMessage"),
                    Spot.cloud(ANALYTICS, "sqs:DeleteMessage"));

    /// Every point at which a process can be killed.
    static List<Fault> crashPoints() {
        var points = new ArrayList<Fault>();
        for (var spot : SPOTS) {
            if (spot.callerIsProcess()) {
                if (!spot.call().equals("sqs:ReceiveMessage")) {
                    points.add(fault(Kind.CALLER_KILLED_BEFORE, spot, 0));
                }
                points.add(fault(Kind.CALLER_KILLED_AFTER, spot, 0));
            }
            if (spot.calleeIsProcess()) {
                points.add(fault(Kind.CALLEE_KILLED_DURING, spot, 0));
                points.add(fault(Kind.CALLEE_KILLED_AFTER, spot, 0));
            }
        }
        return List.copyOf(points);
    }

    /// Makes a plan.
    static Plan of(long seed, int orders, Amount amount, List<Part> services) {
        // Its sequence is fixed by its documentation, unlike the default generator's.
        var random = new Random(seed);
        var wishes = new ArrayList<Order>();
        for (int i = 0; i < orders; i++) {
            wishes.add(order(random));
        }
        var faults = new ArrayList<At<Fault>>();
        for (int i = 0; i < amount.faults(); i++) {
            faults.add(new At<>(random.nextInt(orders), wireFault(random)));
        }
        var kills = new ArrayList<At<Part>>();
        var points = new ArrayList<Fault>();
        for (int i = 0; i < amount.kills(); i++) {
            // Spread evenly, so that restarts do not pile up.
            int at = (int) ((i + random.nextDouble()) * orders / (amount.kills() + 1.0));
            if (random.nextInt(5) == 0) {
                kills.add(new At<>(at, services.get(random.nextInt(services.size()))));
                continue;
            }
            if (points.isEmpty()) {
                points.addAll(crashPoints());
                Collections.shuffle(points, random);
            }
            faults.add(new At<>(at, points.removeLast()));
        }
        var crashes = new ArrayList<Integer>();
        for (int i = 0; i < amount.databaseCrashes(); i++) {
            crashes.add(
                    (int)
                            ((i + 0.25 + random.nextDouble() / 2)
                                    * orders
                                    / amount.databaseCrashes()));
        }
        return new Plan(
                List.copyOf(wishes), List.copyOf(faults), List.copyOf(kills), List.copyOf(crashes));
    }

    /// The same orders, with none of the cards at which the sandbox gateway itself keeps silent.
    Plan whereTheGatewayAnswers() {
        return new Plan(
                orders.stream().map(Order::whereTheGatewayAnswers).toList(),
                faults,
                kills,
                databaseCrashes);
    }

    private static Fault wireFault(RandomGenerator random) {
        var spot = SPOTS.get(random.nextInt(SPOTS.size()));
        var kind =
                switch (random.nextInt(4)) {
                    case 0 -> Kind.REFUSED;
                    case 1 -> Kind.DELAYED;
                    case 2 -> spot.repeatable() ? Kind.REPEATED : Kind.ANSWER_LOST;
                    default -> Kind.ANSWER_LOST;
                };
        return fault(kind, spot, 100 + random.nextInt(4_000));
    }

    private static Fault fault(Kind kind, Spot spot, long delayMillis) {
        return new Fault(kind, spot.caller(), spot.callee(), spot.call(), delayMillis);
    }

    private static Order order(RandomGenerator random) {
        int dice = random.nextInt(100);
        int quantity = 1 + random.nextInt(3);
        boolean approve = random.nextInt(10) < 7;
        int cancel = random.nextInt(100) < 10 ? random.nextInt(4_000) : -1;
        if (dice < 60) {
            return new Order(dice % 2 == 0 ? MUG : TEAPOT, quantity, CARD, "GB", cancel, approve);
        }
        if (dice < 68) {
            return new Order(MUG, quantity, "pm_card_chargeDeclined", "GB", cancel, approve);
        }
        if (dice < 75) {
            return new Order(TEAPOT, quantity, ANSWER_LOST, "GB", cancel, approve);
        }
        if (dice < 78) {
            return new Order(MUG, quantity, SLOW, "GB", cancel, approve);
        }
        if (dice < 85) {
            return new Order(RARE, quantity, CARD, "GB", cancel, approve);
        }
        if (dice < 95) {
            return new Order(TABLE, 1, CARD, "GB", cancel, approve);
        }
        return new Order(TEAPOT, quantity, CARD, "AQ", cancel, approve);
    }
}
