package dev.orderflow.payment.operation;

import dev.orderflow.payment.domain.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Tells two requests apart by what they ask.
///
/// @param sha256 in hexadecimal
public record BodyHash(String sha256) {

    public BodyHash {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("a SHA-256 has 64 hexadecimal digits");
        }
    }

    /// The hash of a request: its order, its kind and everything in its body.
    static BodyHash of(Request request) {
        var text =
                switch (request) {
                    case Request.Authorize(var order, var customer, var method, var amount) ->
                            "%s %s %s %s %s"
                                    .formatted(
                                            request.kind(),
                                            order,
                                            customer.value(),
                                            method.value(),
                                            amount);
                    case Request.Capture(var order, var amount) ->
                            "%s %s %s".formatted(request.kind(), order, amount);
                    case Request.Void(var order) -> "%s %s".formatted(request.kind(), order);
                    case Request.Refund(var order, var amount, var reason) ->
                            "%s %s %s %s".formatted(request.kind(), order, amount, reason);
                };
        try {
            return new BodyHash(
                    HexFormat.of()
                            .formatHex(
                                    MessageDigest.getInstance("SHA-256")
                                            .digest(text.getBytes(StandardCharsets.UTF_8))));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
