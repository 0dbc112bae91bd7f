package dev.orderflow.payment.operation;

import dev.orderflow.defaults.idempotency.RequestFingerprint;
import dev.orderflow.payment.domain.OperationResult;
import dev.orderflow.payment.domain.PaymentCommand;
import dev.orderflow.payment.domain.PaymentOperationType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What was asked, by its key, and what was answered.
public interface PaymentOperations {

    /// @param leased whether somebody is at work on it now
    /// @param answer none while it has no last word
    /// @param gatewayCode why the gateway refused it the last time, if it did and nothing came of
    ///     it since
    record StoredOperation(
            String key,
            UUID orderId,
            PaymentOperationType type,
            RequestFingerprint fingerprint,
            boolean leased,
            int attempts,
            @Nullable OperationResult result,
            @Nullable String gatewayCode,
            Instant createdAt,
            @Nullable Instant completedAt) {

        /// Whether this is the operation of a request, and not of another one under the same key.
        boolean matches(PaymentCommand request, RequestFingerprint body) {
            return orderId.equals(request.orderId())
                    && type == request.type()
                    && fingerprint.equals(body);
        }
    }

    Optional<StoredOperation> findByKey(String key);

    /// The operations of an order, oldest first.
    List<StoredOperation> findByOrder(UUID orderId);

    /// Writes a new operation down.
    ///
    /// @throws org.springframework.dao.DataIntegrityViolationException when the key has just been
    ///     taken
    void begin(
            String key,
            UUID orderId,
            PaymentOperationType kind,
            RequestFingerprint fingerprint,
            UUID holder,
            Duration lease);

    /// Takes over an operation whose lease has run out.
    void takeOverLease(String key, UUID holder, Duration lease);

    /// Ends a lease early, so that the next caller need not wait for it.
    void releaseLease(String key, UUID holder);

    /// Ends a lease because the gateway refused, and notes why. It is no last word: what was wrong
    /// may be mended, and then the same request is welcome.
    void recordRefusal(String key, UUID holder, String gatewayCode);

    /// Stores the last word; one that is there already stays.
    ///
    /// @return the last word that is stored now
    OperationResult complete(String key, OperationResult answer);
}
