package dev.orderflow.operations.approvals;

import dev.orderflow.operations.services.ServiceApi;
import dev.orderflow.operations.services.ServiceApiFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Calls the API of payment-service for refunds that wait for a second person, with the operator's
/// access token.
@Component
public class PaymentConfirmationsClient {

    /// A refund calls the payment gateway.
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(20);

    private final ServiceApi payments;

    PaymentConfirmationsClient(ServiceApiFactory services) {
        this.payments = services.paymentServiceForOperators(READ_TIMEOUT);
    }

    /// A refund that waits for a second person.
    ///
    /// @param description what it does, for the second person
    /// @param requestedBy the subject of the person who requested it
    public record WaitingRefund(
            UUID id,
            String target,
            String description,
            String requestedBy,
            String requestedByName,
            Instant requestedAt,
            Instant expiresAt) {}

    /// The refunds that wait, the oldest first, 200 at most.
    ///
    /// @throws dev.orderflow.operations.services.ServiceUnavailableException when payment-service
    ///     does not respond
    public List<WaitingRefund> findWaiting() {
        return payments.get("/internal/confirmations")
                .objects("actions")
                .map(
                        action ->
                                new WaitingRefund(
                                        action.uuid("id"),
                                        action.text("target"),
                                        action.text("description"),
                                        action.text("requestedBy"),
                                        action.text("requestedByName"),
                                        Instant.parse(action.text("requestedAt")),
                                        Instant.parse(action.text("expiresAt"))))
                .toList();
    }

    /// Confirms and executes a refund.
    ///
    /// @throws dev.orderflow.operations.services.ServiceProblemException when it is the operator's
    ///     own, has expired or was confirmed before
    public void confirm(UUID id) {
        payments.post("/internal/confirmations/" + id + "/confirmation", Map.of());
    }
}
