package dev.orderflow.defaults.idempotency;

import org.jspecify.annotations.Nullable;

/// The JSON body of a request that may be sent again: what was sent, and what it was read into.
///
/// A handler that has one as its `@RequestBody` gets it whatever was sent, as long as it is JSON.
/// The refusal of a body that this release does not take any more waits until it is known that the
/// request was not accepted by the release before: see [IdempotentRequests#executeOnce].
///
/// @param <T> the record that it is read into, and checked by Bean Validation
public final class IdempotentBody<T> {

    private final RequestFingerprint fingerprint;
    private final @Nullable T value;
    private final @Nullable RuntimeException refusal;

    private IdempotentBody(
            RequestFingerprint fingerprint, @Nullable T value, @Nullable RuntimeException refusal) {
        this.fingerprint = fingerprint;
        this.value = value;
        this.refusal = refusal;
    }

    static <T> IdempotentBody<T> valid(RequestFingerprint fingerprint, T value) {
        return new IdempotentBody<>(fingerprint, value, null);
    }

    static <T> IdempotentBody<T> invalid(RequestFingerprint fingerprint, RuntimeException refusal) {
        return new IdempotentBody<>(fingerprint, null, refusal);
    }

    /// Of what was sent.
    public RequestFingerprint fingerprint() {
        return fingerprint;
    }

    /// What it was read into.
    ///
    /// @throws RuntimeException why it could not be, which becomes a problem
    public T value() {
        if (value == null) {
            throw refusal == null ? new IllegalStateException("neither read nor refused") : refusal;
        }
        return value;
    }

    boolean isInvalid() {
        return value == null;
    }
}
