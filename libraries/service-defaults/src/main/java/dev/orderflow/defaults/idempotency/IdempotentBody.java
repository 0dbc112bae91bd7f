package dev.orderflow.defaults.idempotency;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The JSON body of a request with an idempotency key: its fingerprint and the record that it was
/// parsed into.
///
/// A handler with such a `@RequestBody` is called for any JSON. An invalid body is rejected only if
/// an earlier release did not accept the same request: see [IdempotentRequests#executeOnce].
///
/// @param <T> the record that it is parsed into and that Bean Validation checks
public final class IdempotentBody<T> {

    private final RequestFingerprint fingerprint;
    private final @Nullable T value;
    private final @Nullable RuntimeException failure;

    private IdempotentBody(
            RequestFingerprint fingerprint, @Nullable T value, @Nullable RuntimeException failure) {
        this.fingerprint = fingerprint;
        this.value = value;
        this.failure = failure;
    }

    static <T> IdempotentBody<T> valid(RequestFingerprint fingerprint, T value) {
        return new IdempotentBody<>(fingerprint, value, null);
    }

    static <T> IdempotentBody<T> invalid(RequestFingerprint fingerprint, RuntimeException failure) {
        return new IdempotentBody<>(fingerprint, null, failure);
    }

    /// The fingerprint of the body as sent.
    public RequestFingerprint fingerprint() {
        return fingerprint;
    }

    /// The parsed record.
    ///
    /// @throws RuntimeException why the body is invalid, which is answered as a problem
    public T value() {
        if (value == null) {
            throw failure == null
                    ? new IllegalStateException("body has neither a value nor a failure")
                    : failure;
        }
        return value;
    }

    /// The parsed record; empty when the body is invalid, which [IdempotentRequests] answers.
    public Optional<T> findValue() {
        return Optional.ofNullable(value);
    }

    boolean isInvalid() {
        return value == null;
    }
}
