package dev.orderflow.analytics.projection;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The figures.
///
/// @param orders how many orders stand in each state
/// @param revenue what was captured for shipped orders, by currency, as decimal strings
/// @param perMinute what happened in each minute of the last hour in which something did
/// @param lagSeconds how old the newest fact was when it was recorded; absent before the first
/// @param latestFactAt when the newest fact happened; absent before the first
public record Summary(
        Map<String, Long> orders,
        Map<String, String> revenue,
        List<Minute> perMinute,
        @Nullable Double lagSeconds,
        @Nullable Instant latestFactAt) {

    /// @param minute its beginning
    /// @param accepted orders placed in it
    /// @param shipped orders shipped in it
    /// @param rejected orders rejected or cancelled in it
    public record Minute(Instant minute, long accepted, long shipped, long rejected) {}
}
