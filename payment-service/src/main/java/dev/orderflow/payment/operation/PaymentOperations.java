package dev.orderflow.payment.operation;

import dev.orderflow.defaults.idempotency.RequestFingerprint;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.payment.domain.OperationCommand;
import dev.orderflow.payment.domain.OperationResult;
import dev.orderflow.payment.domain.PaymentOperationType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The operations of payments by idempotency key, with their results.
public interface PaymentOperations {

    /// An operation as it is stored.
    ///
    /// @param requestedBy the subject of the operator who requested it; null for the workflow
    /// @param requestedByName the name of the operator
    /// @param leased whether an instance is working on it now
    /// @param attempts how often it was begun
    /// @param result null while it has no result
    /// @param gatewayCode the error code of the gateway's last refusal; null when there was none or
    ///     the operation has a result
    record StoredOperation(
            String key,
            UUID orderId,
            PaymentOperationType type,
            RequestFingerprint fingerprint,
            @Nullable String requestedBy,
            @Nullable String requestedByName,
            boolean leased,
            int attempts,
            @Nullable OperationResult result,
            @Nullable String gatewayCode,
            Instant createdAt,
            @Nullable Instant completedAt) {

        /// Whether the operation belongs to this command, and not to another one under the same
        /// key.
        boolean matches(OperationCommand command, RequestFingerprint body) {
            return orderId.equals(command.orderId())
                    && type == command.type()
                    && fingerprint.equals(body);
        }
    }

    Optional<StoredOperation> findByKey(String key);

    /// The operations of an order, oldest first.
    List<StoredOperation> findByOrder(UUID orderId);

    /// Stores a new operation with a lease.
    ///
    /// @param operator who requested it; null for the workflow
    /// @throws org.springframework.dao.DataIntegrityViolationException when another transaction has
    ///     stored the key
    void begin(
            String key,
            UUID orderId,
            PaymentOperationType type,
            RequestFingerprint fingerprint,
            @Nullable Operator operator,
            UUID holder,
            Duration lease);

    /// Takes over the lease of an operation whose lease has expired, and counts the attempt.
    void takeOverLease(String key, UUID holder, Duration lease);

    /// Ends a lease before it expires, so that the next request can continue at once.
    void releaseLease(String key, UUID holder);

    /// Ends a lease and stores why the gateway refused the operation. This is no result: the same
    /// request may succeed after the cause is fixed.
    void recordRefusal(String key, UUID holder, String gatewayCode);

    /// Stores the result of an operation, unless one is stored already.
    ///
    /// @return the stored result
    OperationResult complete(String key, OperationResult result);
}
