package dev.orderflow.sandboxes.gateway;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Idempotency keys [as Stripe has them](https://docs.stripe.com/api/idempotent_requests): the
/// first response is stored, failures included, once processing has begun; nothing is stored for a
/// request that is malformed, in conflict or throttled.
final class IdempotencyKeys {

    private record KeyEntry(String request, @Nullable GatewayResponse answer) {}

    private final ConcurrentMap<String, KeyEntry> entries = new ConcurrentHashMap<>();

    /// Reserves a key for a request.
    ///
    /// @return the stored response, if any; without one the caller must [#store] or [#forget]
    /// @throws StripeError when the key is in use, or was used for another request
    Optional<GatewayResponse> take(String key, String request) {
        var earlier = entries.putIfAbsent(key, new KeyEntry(request, null));
        if (earlier == null) {
            return Optional.empty();
        }
        if (!earlier.request().equals(request)) {
            throw StripeError.otherParameters(key);
        }
        if (earlier.answer() == null) {
            throw StripeError.keyInUse(key);
        }
        return Optional.of(earlier.answer());
    }

    void store(String key, String request, GatewayResponse answer) {
        entries.put(key, new KeyEntry(request, answer));
    }

    /// Releases a key whose request was not processed.
    void forget(String key) {
        entries.remove(key);
    }
}
