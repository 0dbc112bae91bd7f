package dev.orderflow.localcloud.wire;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One page of a listing that is sorted by a key. The token encodes the last key of the page, so
/// entries that are added or removed between two pages neither repeat nor hide others.
///
/// @param items the entries of the page
/// @param nextToken token of the next page, null on the last page
public record ResultPage<T>(List<T> items, @Nullable String nextToken) {

    /// @param list name of the list, for the [PageToken]
    /// @param sorted all entries, sorted by key
    /// @param token token of the previous page, null for the first page
    /// @param size maximum number of entries of a page
    /// @throws IllegalArgumentException if this list has not issued the token
    public static <T> ResultPage<T> of(
            String list,
            List<T> sorted,
            Function<T, String> key,
            @Nullable String token,
            int size) {
        var after = token == null || token.isEmpty() ? null : PageToken.decode(list, token);
        var rest =
                sorted.stream()
                        .filter(item -> after == null || key.apply(item).compareTo(after) > 0)
                        .limit(size + 1L)
                        .toList();
        if (rest.size() <= size) {
            return new ResultPage<>(rest, null);
        }
        var page = rest.subList(0, size);
        return new ResultPage<>(page, PageToken.encode(list, key.apply(page.getLast())));
    }
}
