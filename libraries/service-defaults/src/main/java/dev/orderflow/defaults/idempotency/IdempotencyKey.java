package dev.orderflow.defaults.idempotency;

import dev.orderflow.defaults.problem.Problem;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// The value of an `Idempotency-Key` header.
///
/// The header contains one key, bare or as a string of RFC 9651 in double quotes; both denote the
/// same key. A key contains no comma, because several header lines are equivalent to one
/// comma-separated list (RFC 9110, 5.3), and two keys would look like another one.
///
/// @param value 1 to 255 visible ASCII characters other than `"`, `,`, `;` and `\`
public record IdempotencyKey(String value) {

    /// The header's name.
    public static final String HEADER = "Idempotency-Key";

    /// The form of a key, in words.
    public static final String RULE =
            "1 to 255 visible ASCII characters without \" , ; and \\, bare or in double quotes";

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7E&&[^\",;\\\\]]{1,255}");
    private static final String QUOTE = "\"";

    public IdempotencyKey {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("an idempotency key must have " + RULE);
        }
    }

    /// Parses the header of a request that requires one.
    ///
    /// @param header its value; several header lines are joined with commas
    /// @throws Problem 400 `idempotency-key-missing` or `idempotency-key-malformed`
    public static IdempotencyKey require(@Nullable String header) {
        if (header == null || header.isEmpty()) {
            throw Problem.of(
                            HttpStatus.BAD_REQUEST,
                            "idempotency-key-missing",
                            "Idempotency-Key is missing")
                    .detail(
                            "Send an Idempotency-Key header with a new UUID for each new operation.");
        }
        try {
            return new IdempotencyKey(unquote(header));
        } catch (IllegalArgumentException malformed) {
            throw Problem.of(
                            HttpStatus.BAD_REQUEST,
                            "idempotency-key-malformed",
                            "Idempotency-Key is malformed")
                    .detail("Send the header once, with " + RULE + ".");
        }
    }

    /// The problem of a key that was used with a different request: 422 `idempotency-key-reused`.
    public static Problem reused() {
        return Problem.of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "idempotency-key-reused",
                        "Idempotency-Key reused")
                .detail("The key was already used with a different request. Use a new key.");
    }

    /// The problem of a key whose first request is still in progress: 409 `request-in-flight`.
    ///
    /// @param retryAfter when to repeat the request
    public static Problem inFlight(Duration retryAfter) {
        return Problem.of(HttpStatus.CONFLICT, "request-in-flight", "Request in flight")
                .detail(
                        "The first request with this key is still in progress. Repeat the request later.")
                .retryAfter(retryAfter);
    }

    /// A quote at only one end is kept, and then the key is invalid.
    private static String unquote(String header) {
        return header.length() > 1 && header.startsWith(QUOTE) && header.endsWith(QUOTE)
                ? header.substring(1, header.length() - 1)
                : header;
    }
}
