package dev.orderflow.notification.template;

import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderCancelled;
import dev.orderflow.contracts.OrderConfirmed;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.contracts.Total;
import java.util.stream.Collectors;

/// An e-mail to a customer, as plain text.
///
/// @param subject one line
/// @param text its body
public record EmailTemplate(String subject, String text) {

    private static final int MAX_NAME_LENGTH = 80;

    public EmailTemplate {
        if (subject.isBlank() || subject.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("subject must be one line of text");
        }
    }

    /// Whether there is an e-mail about an event.
    public static boolean appliesTo(OrderEvent event) {
        return switch (event) {
            case OrderConfirmed _, OrderShipped _, OrderRejected _, OrderCancelled _ -> true;
            case OrderCreated _, OrderCancellationRequested _ -> false;
        };
    }

    /// Renders the e-mail about an event.
    ///
    /// @param name the customer's name; characters that could break the text are replaced
    /// @throws IllegalArgumentException if there is no e-mail about the event
    public static EmailTemplate render(OrderEvent event, String name) {
        return switch (event) {
            case OrderConfirmed confirmed ->
                    compose(
                            event,
                            name,
                            "Your order is confirmed",
                            """
                            we have reserved what you ordered and your payment of %s is authorised.
                            You are charged when the parcel is on its way, and we will tell you then.\
                            """
                                    .formatted(money(confirmed.total())));
            case OrderShipped shipped ->
                    compose(
                            event,
                            name,
                            "Your order is on its way",
                            """
                            the carrier has your parcel, and you were charged %s. In it:

                            %s\
                            """
                                    .formatted(money(shipped.total()), contents(shipped)));
            case OrderRejected rejected ->
                    compose(
                            event,
                            name,
                            "We could not complete your order",
                            reason(rejected.reason()) + "\nYou were not charged.");
            case OrderCancelled _ ->
                    compose(
                            event,
                            name,
                            "Your order is cancelled",
                            "as you asked, your order is cancelled. You were not charged.");
            case OrderCreated _, OrderCancellationRequested _ ->
                    throw new IllegalArgumentException("no e-mail for " + event.type());
        };
    }

    private static String contents(OrderShipped shipped) {
        return shipped.lines().stream()
                .map(line -> "  " + line.quantity() + " x " + line.sku())
                .collect(Collectors.joining("\n"));
    }

    private static String reason(OrderRejected.OrderRejectionReason reason) {
        return switch (reason) {
            case OUT_OF_STOCK -> "something you ordered has just sold out.";
            case PAYMENT_DECLINED -> "your payment was declined. Please try another card.";
            case PAYMENT_INVALID ->
                    "a payment of this amount cannot be made. Please change your order.";
            case PAYMENT_EXPIRED ->
                    "your payment's authorisation ended before your parcel left. Please order again.";
            case APPROVAL_REJECTED, APPROVAL_TIMED_OUT -> "we could not approve your order.";
            case SHIPMENT_REJECTED -> "our carrier does not deliver to your address.";
            case INVENTORY_UNAVAILABLE, PAYMENT_UNAVAILABLE ->
                    "something on our side did not work. Please order again later.";
        };
    }

    private static EmailTemplate compose(
            OrderEvent event, String name, String subject, String text) {
        return new EmailTemplate(
                subject,
                """
                Hello %s,

                %s

                Your order: %s
                """
                        .formatted(sanitizeName(name), text, event.orderId()));
    }

    private static String money(Total total) {
        return total.amount().toPlainString() + " " + total.currency();
    }

    /// The name is text entered by the customer. Line breaks of every kind, control characters and
    /// bidirectional formatting characters become spaces, so that it cannot imitate our own text.
    private static String sanitizeName(String name) {
        var line = name.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}\\s]+", " ").strip();
        if (line.isEmpty()) {
            return "there";
        }
        int length = line.codePointCount(0, line.length());
        return length <= MAX_NAME_LENGTH
                ? line
                : line.substring(0, line.offsetByCodePoints(0, MAX_NAME_LENGTH)) + "…";
    }

    /// Omits the text, which contains the customer's name.
    @Override
    public String toString() {
        return "EmailTemplate[" + subject + "]";
    }
}
