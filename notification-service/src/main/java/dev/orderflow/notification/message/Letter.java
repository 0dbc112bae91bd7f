package dev.orderflow.notification.message;

import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderCancelled;
import dev.orderflow.contracts.OrderConfirmed;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.contracts.Total;
import java.util.Optional;

/// A mail to a customer, as plain text.
///
/// @param subject one line
/// @param text its body
public record Letter(String subject, String text) {

    /// What a customer is told about an event.
    ///
    /// @param name how the customer is addressed; whatever would break the text is taken out
    /// @return empty when there is nothing to tell
    public static Optional<Letter> about(OrderEvent event, String name) {
        return switch (event) {
            case OrderConfirmed confirmed ->
                    Optional.of(
                            letter(
                                    event,
                                    name,
                                    "Your order is confirmed",
                                    """
                                    we have reserved what you ordered and your payment of %s is authorised.
                                    You are charged when the parcel is on its way, and we will tell you then.\
                                    """
                                            .formatted(money(confirmed.total()))));
            case OrderShipped shipped ->
                    Optional.of(
                            letter(
                                    event,
                                    name,
                                    "Your order is on its way",
                                    """
                                    the carrier has your parcel, and you were charged %s.\
                                    """
                                            .formatted(money(shipped.total()))));
            case OrderRejected rejected ->
                    Optional.of(
                            letter(
                                    event,
                                    name,
                                    "We could not complete your order",
                                    reason(rejected.reason()) + "\nYou were not charged."));
            case OrderCancelled _ ->
                    Optional.of(
                            letter(
                                    event,
                                    name,
                                    "Your order is cancelled",
                                    "as you asked, your order is cancelled. You were not charged."));
            case OrderCreated _, OrderCancellationRequested _ -> Optional.empty();
        };
    }

    private static String reason(OrderRejected.Reason reason) {
        return switch (reason) {
            case OUT_OF_STOCK -> "something you ordered has just sold out.";
            case PAYMENT_DECLINED -> "your payment was declined. Please try another card.";
            case APPROVAL_REFUSED, APPROVAL_TIMED_OUT -> "we could not approve your order.";
            case SHIPMENT_REFUSED -> "our carrier does not deliver to your address.";
            case INVENTORY_UNAVAILABLE, PAYMENT_UNAVAILABLE ->
                    "something on our side did not work. Please order again later.";
        };
    }

    private static Letter letter(OrderEvent event, String name, String subject, String text) {
        return new Letter(
                subject,
                """
                Hello %s,

                %s

                Your order: %s
                """
                        .formatted(addressable(name), text, event.orderId()));
    }

    private static String money(Total total) {
        return total.amount().toPlainString() + " " + total.currency();
    }

    /// A name is the customer's own text: no line breaks, no control characters, not too long.
    private static String addressable(String name) {
        var clean = name.replaceAll("\\p{C}+", " ").strip();
        return clean.length() <= 100 ? clean : clean.substring(0, 100);
    }
}
