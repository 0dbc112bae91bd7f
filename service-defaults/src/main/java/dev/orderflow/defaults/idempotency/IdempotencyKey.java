package dev.orderflow.defaults.idempotency;

import dev.orderflow.defaults.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// The value of an `Idempotency-Key` header.
///
/// @param value 1 to 255 visible ASCII characters
public record IdempotencyKey(String value) {

    /// The header's name.
    public static final String HEADER = "Idempotency-Key";

    public IdempotencyKey {
        if (!value.matches("[\\x21-\\x7E]{1,255}")) {
            throw new IllegalArgumentException(
                    "an idempotency key has 1 to 255 visible characters");
        }
    }

    /// Reads the header of a request that must have one.
    ///
    /// @throws Problem 400 `idempotency-key-missing` or `idempotency-key-malformed`
    public static IdempotencyKey required(@Nullable String header) {
        if (header == null || header.isEmpty()) {
            throw Problem.of(
                            HttpStatus.BAD_REQUEST,
                            "idempotency-key-missing",
                            "Idempotency-Key is missing")
                    .detail("Send an Idempotency-Key header, a new UUID for each new intent.");
        }
        try {
            return new IdempotencyKey(header);
        } catch (IllegalArgumentException malformed) {
            throw Problem.of(
                            HttpStatus.BAD_REQUEST,
                            "idempotency-key-malformed",
                            "Idempotency-Key is malformed")
                    .detail("It must have 1 to 255 visible ASCII characters.");
        }
    }
}
