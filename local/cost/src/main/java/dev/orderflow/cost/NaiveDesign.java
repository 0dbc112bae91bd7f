package dev.orderflow.cost;

import java.util.ArrayList;

/// The same shop with a naive design, calculated with the same usage and prices.
///
/// Its differences in cost:
///
/// - a Choice state after each of the four calls, where this workflow uses JSONata and Catch;
/// - a poll every 30 s for five minutes until the parcel has left, with a Wait, a Task and a Choice
///   state each, where this workflow uses a task token;
/// - a Lambda function for each consumer, invoked for each message, where containers poll.
final class NaiveDesign {

    private static final int CHOICES = 4;
    private static final int LOOKS = 10;
    private static final int STATES_OF_A_LOOK = 3;

    /// OrderCreated has two consumers, OrderConfirmed three, OrderShipped four.
    private static final int DELIVERIES = 9;

    /// The query for the parcel is a function, too.
    private static final int CALLS = DELIVERIES + LOOKS;

    private NaiveDesign() {}

    static Bill ofThousandOrders(Usage.OrderUsage counted) {
        var items =
                new ArrayList<>(
                        Bill.ofThousandOrders(
                                        new Usage.OrderUsage(
                                                counted.transitions()
                                                        + CHOICES
                                                        + LOOKS * STATES_OF_A_LOOK,
                                                counted.events(),
                                                counted.sqsRequests(),
                                                counted.notifications(),
                                                counted.mails(),
                                                counted.logBytes()))
                                .items());
        items.add(
                new Bill.BillItem(
                        "Lambda calls",
                        CALLS * 1_000.0,
                        CALLS * 1_000.0 * (Prices.LAMBDA_CALL + Prices.LAMBDA_RUN)));
        return new Bill(items);
    }
}
