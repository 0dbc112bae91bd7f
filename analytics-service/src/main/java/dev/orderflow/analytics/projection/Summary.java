package dev.orderflow.analytics.projection;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The figures.
///
/// @param orders how many orders stand in each state
/// @param revenue what was captured for shipped orders, by currency, as decimal strings
/// @param perMinute what happened in each minute of the last hour in which something did
/// @param lagSeconds how old the fact recorded last was when it was recorded; absent before the
///     first one
/// @param latestFactAt when that fact happened; absent before the first one
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Summary(
        Map<String, Long> orders,
        Map<String, String> revenue,
        List<MinuteSummary> perMinute,
        @Nullable Double lagSeconds,
        @Nullable Instant latestFactAt) {

    /// @param minute its beginning
    /// @param accepted orders placed in it
    /// @param confirmed orders confirmed in it
    /// @param shipped orders shipped in it
    /// @param rejected orders rejected in it
    /// @param cancelled orders cancelled in it
    public record MinuteSummary(
            Instant minute,
            long accepted,
            long confirmed,
            long shipped,
            long rejected,
            long cancelled) {}
}
