package dev.orderflow.analytics.projection;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The summary of all orders.
///
/// @param orders the number of orders in each state
/// @param revenue the captured amount of shipped orders by currency, as decimal strings
/// @param perMinute the counts of each minute of the last hour that has any
/// @param lagSeconds the age of the latest recorded fact when it was recorded; absent before the
///     first
/// @param latestFactAt when that fact occurred; absent before the first
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Summary(
        Map<String, Long> orders,
        Map<String, String> revenue,
        List<MinuteSummary> perMinute,
        @Nullable Double lagSeconds,
        @Nullable Instant latestFactAt) {

    /// @param minute the start of the minute
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
