package dev.orderflow.operations.audittrail;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.operations.services.ServiceUnavailableException;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/// Records what an operator requests of a service. The service decides, and verifies and records
/// the same person.
@Component
public class AuditedRequests {

    private static final String NOT_ACCEPTED = "_NOT_ACCEPTED";

    private final AuditTrail auditTrail;

    AuditedRequests(AuditTrail auditTrail) {
        this.auditTrail = auditTrail;
    }

    /// Sends a request. One entry is recorded before it is sent, a second one if the service did
    /// not accept it.
    ///
    /// @param action the action of the first entry
    /// @param subject what is to be changed
    /// @param request throws [ServiceUnavailableException] when the service refuses it, or does not
    ///     respond, so that it is not known whether it was accepted
    public <T> T send(
            Operator operator, String action, String subject, String reason, Supplier<T> request) {
        auditTrail.record(operator, action, subject, reason, "requested");
        try {
            return request.get();
        } catch (ServiceUnavailableException failure) {
            auditTrail.record(
                    operator,
                    notAccepted(action),
                    subject,
                    reason,
                    String.valueOf(failure.getMessage()));
            throw failure;
        }
    }

    /// The action of the second entry.
    ///
    /// @param action the action of the first entry
    public static String notAccepted(String action) {
        return action + NOT_ACCEPTED;
    }

    /// Whether an entry says that a service did not accept a request.
    public static boolean isNotAccepted(String action) {
        return action.endsWith(NOT_ACCEPTED);
    }
}
