package dev.orderflow.cost;

import java.util.ArrayList;

/// The same shop as a first sketch would have it, reckoned with the same counts and prices.
///
/// It differs in what costs money:
/// - a Choice state after each of the four calls, where this workflow decides by JSONata and Catch;
/// - it asks every 30 s whether the parcel has left, for five minutes: a Wait, a Task and a Choice
///   each time, where this one is told by a task token;
/// - a Lambda function for each consumer, called once for each message, where containers take what
///   is there.
final class NaiveDesign {

    private static final int CHOICES = 4;
    private static final int LOOKS = 10;
    private static final int STATES_OF_A_LOOK = 3;

    /// OrderCreated has two consumers, OrderConfirmed three, OrderShipped four.
    private static final int DELIVERIES = 9;

    /// One that looks for the parcel is a function too.
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
