package dev.orderflow.defaults.idempotency;

import dev.orderflow.defaults.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// The value of an `Idempotency-Key` header.
///
/// The header carries one key, bare or as a string of RFC 9651 in double quotes; both name the same
/// key. A comma is no part of a key, because several lines of a header are one list to whoever
/// reads them (RFC 9110, 5.3), and two keys would look like a third.
///
/// @param value 1 to 255 visible ASCII characters other than `"`, `,`, `;` and `\`
public record IdempotencyKey(String value) {

    /// The header's name.
    public static final String HEADER = "Idempotency-Key";

    /// What a key looks like, in words.
    public static final String RULE =
            "1 to 255 visible ASCII characters without \" , ; and \\, bare or in double quotes";

    private static final String QUOTE = "\"";

    public IdempotencyKey {
        if (!value.matches("[\\x21-\\x7E&&[^\",;\\\\]]{1,255}")) {
            throw new IllegalArgumentException("an idempotency key is " + RULE);
        }
    }

    /// Reads the header of a request that must have one.
    ///
    /// @param header its value; of several lines, their values with commas between them
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
            return new IdempotencyKey(unquote(header));
        } catch (IllegalArgumentException malformed) {
            throw Problem.of(
                            HttpStatus.BAD_REQUEST,
                            "idempotency-key-malformed",
                            "Idempotency-Key is malformed")
                    .detail("Send the header once, with " + RULE + ".");
        }
    }

    /// A quote that is not at both ends stays, and is refused.
    private static String unquote(String header) {
        return header.length() > 1 && header.startsWith(QUOTE) && header.endsWith(QUOTE)
                ? header.substring(1, header.length() - 1)
                : header;
    }
}
