package dev.orderflow.localcloud.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One page of a listing that is sorted by a key. The token encodes the last key of the page, so
/// entries that are added or removed between two pages neither repeat nor hide others.
///
/// @param items the entries of the page
/// @param nextToken token of the next page, null on the last page
public record ResultPage<T>(List<T> items, @Nullable String nextToken) {

    /// @param sorted all entries, sorted by key
    /// @param token token of the previous page, null for the first page
    /// @param size maximum number of entries of a page
    /// @throws IllegalArgumentException if the token was not issued here
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
