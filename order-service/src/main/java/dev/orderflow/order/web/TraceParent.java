package dev.orderflow.order.web;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The [W3C trace parent](https://www.w3.org/TR/trace-context/) of a request.
final class TraceParent {

    static final String HEADER = "traceparent";

    private static final Pattern VALID =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceParent() {}

    /// Returns the caller's trace parent if the header is valid, otherwise a new one, so that every
    /// order has a trace.
    static String of(@Nullable String header) {
        return header != null && VALID.matcher(header).matches() ? header : startTrace();
    }

    private static String startTrace() {
        var random = ThreadLocalRandom.current();
        var hex = HexFormat.of();
        return "00-%s%s-%s-01"
                .formatted(
                        hex.toHexDigits(random.nextLong()),
                        hex.toHexDigits(random.nextLong(1, Long.MAX_VALUE)),
                        hex.toHexDigits(random.nextLong(1, Long.MAX_VALUE)));
    }
}
