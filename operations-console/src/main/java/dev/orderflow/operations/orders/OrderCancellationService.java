package dev.orderflow.operations.orders;

import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.operations.services.ServiceApi;
import dev.orderflow.operations.services.ServiceApiFactory;
import dev.orderflow.operations.services.ServiceProblemException;
import dev.orderflow.operations.services.ServiceUnavailableException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Cancels orders on behalf of their customers. order-service verifies and records the same person.
@Component
public class OrderCancellationService {

    /// The maximum length of a reason.
    public static final int MAX_REASON = 500;

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    private final ServiceApi orders;

    OrderCancellationService(ServiceApiFactory services) {
        this.orders = services.orderServiceForOperators(READ_TIMEOUT);
    }

    /// An accepted cancellation.
    ///
    /// @param state of the order now
    /// @param repeated whether the order had been cancelled before, so that nothing changed
    public record AcceptedCancellation(UUID orderId, String state, boolean repeated) {}

    /// Cancels an order. Repeating it changes nothing.
    ///
    /// @param reason why, on one line, without an e-mail address: it is kept
    /// @throws InvalidValueException when the reason is not valid; nothing was done
    /// @throws ServiceProblemException when order-service refuses, because it is too late or there
    ///     is no such order
    /// @throws ServiceUnavailableException when order-service does not respond, so that it is not
    ///     known whether the order is cancelled
    public AcceptedCancellation cancel(UUID orderId, String reason) {
        var accepted =
                orders.post(
                        "/internal/orders/" + orderId + "/cancellation",
                        Map.of("reason", requireReason(reason)));
        return new AcceptedCancellation(orderId, accepted.text("state"), accepted.flag("repeated"));
    }

    /// Checks a reason.
    ///
    /// @return it without blanks around it
    /// @throws InvalidValueException when it is blank, has several lines or more than
    ///     [#MAX_REASON] characters, or contains an e-mail address
    public static String requireReason(String reason) {
        var why = TextLine.require("reason", reason, MAX_REASON).strip();
        if (why.contains("@")) {
            throw new InvalidValueException("reason", "must not contain an e-mail address");
        }
        return why;
    }
}
