package dev.orderflow.operations.approvals;

import dev.orderflow.operations.approvals.ApprovalDecisionService.DecisionType;
import dev.orderflow.operations.services.ServiceApi;
import dev.orderflow.operations.services.ServiceApiFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Calls the API of approvals of order-service with the operator's access token.
@Component
public class ApprovalsClient {

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);

    private final ServiceApi orders;

    ApprovalsClient(ServiceApiFactory services) {
        this.orders = services.orderServiceForOperators(READ_TIMEOUT);
    }

    /// An order that waits for a decision.
    ///
    /// @param total amount and currency
    public record PendingApproval(UUID orderId, String total, Instant requestedAt) {}

    /// The orders that wait for a decision, the longest wait first, 200 at most.
    ///
    /// @throws dev.orderflow.operations.services.ServiceUnavailableException when order-service
    ///     does     not respond
    public List<PendingApproval> findPending() {
        return orders.get("/internal/approvals")
                .objects("approvals")
                .map(
                        approval ->
                                new PendingApproval(
                                        approval.uuid("orderId"),
                                        approval.object("total").text("amount")
                                                + " "
                                                + approval.object("total").text("currency"),
                                        Instant.parse(approval.text("requestedAt"))))
                .toList();
    }

    /// Decides an approval.
    ///
    /// @param note the reason, for the audit entry; empty for none
    /// @return the approval now
    /// @throws dev.orderflow.operations.services.ServiceProblemException when it was decided
    ///     before, is no longer pending, or no approval was requested
    JsonNode decide(UUID orderId, DecisionType decision, Optional<String> note) {
        var body = new LinkedHashMap<String, Object>();
        body.put("decision", decision.name());
        note.ifPresent(text -> body.put("note", text));
        return orders.post("/internal/approvals/" + orderId + "/decision", body).json();
    }
}
