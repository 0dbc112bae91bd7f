package dev.orderflow.localcloud.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One page of a listing that is sorted by a key; the token is the last key handed out, so entries
/// that come or go between two pages neither repeat nor hide others.
///
/// @param items what is on the page
/// @param nextToken how to ask for the following page, null on the last one
public record ResultPage<T>(List<T> items, @Nullable String nextToken) {

    /// @param sorted everything, in the order of its keys
    /// @param token of the page before, null for the first
    /// @param size how many go on a page
    /// @throws IllegalArgumentException when the token was not made here
    public static <T> ResultPage<T> of(
            List<T> sorted, Function<T, String> key, @Nullable String token, int size) {
        var after = token == null || token.isEmpty() ? null : decode(token);
        var rest =
                sorted.stream()
                        .filter(item -> after == null || key.apply(item).compareTo(after) > 0)
                        .limit(size + 1L)
                        .toList();
        if (rest.size() <= size) {
            return new ResultPage<>(rest, null);
        }
        var page = rest.subList(0, size);
        return new ResultPage<>(page, encode(key.apply(page.getLast())));
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String token) {
        return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    }
}
