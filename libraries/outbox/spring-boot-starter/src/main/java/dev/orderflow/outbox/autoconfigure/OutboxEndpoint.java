package dev.orderflow.outbox.autoconfigure;

import dev.orderflow.outbox.OutboxMonitor;
import dev.orderflow.outbox.OutboxMonitor.OldestTransaction;
import dev.orderflow.outbox.OutboxMonitor.OutboxStatistics;
import dev.orderflow.outbox.OutboxMonitor.ShardOwner;
import dev.orderflow.outbox.ParkedEvents;
import dev.orderflow.outbox.ParkedEvents.ParkedEvent;
import dev.orderflow.outbox.ParkedEvents.ParkedReason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/// The actuator endpoint `outbox`.
///
/// - `GET /actuator/outbox`: lag, oldest transaction, shards and owners, parked events by reason,
///   the oldest of them
/// - `POST /actuator/outbox` with `{"eventId":…}`, `{"key":…}` or `{"reason":…}`: releases parked
///   events
/// - `DELETE /actuator/outbox?eventId=…&reason=…`: discards a parked event
@Endpoint(id = "outbox")
public class OutboxEndpoint {

    private final OutboxMonitor monitor;
    private final ParkedEvents parked;

    OutboxEndpoint(OutboxMonitor monitor, ParkedEvents parked) {
        this.monitor = monitor;
        this.parked = parked;
    }

    /// The state of the outbox.
    ///
    /// @param oldestTransaction because of which published events cannot be removed from the
    ///     table; null when there is none
    /// @param parked the oldest, [ParkedEvents#MAX_LISTED] at most
    public record OutboxReport(
            OutboxStatistics statistics,
            @Nullable OldestTransaction oldestTransaction,
            List<ShardOwner> shards,
            List<ParkedReason> parkedReasons,
            List<ParkedEvent> parked) {}

    /// Describes the outbox.
    @ReadOperation
    public OutboxReport describe() {
        return new OutboxReport(
                monitor.measure(),
                monitor.findOldestTransaction().orElse(null),
                monitor.findShardOwners(),
                parked.findReasons(),
                parked.findOldest(ParkedEvents.MAX_LISTED));
    }

    /// Releases parked events: one and the others of its key, those of a key, or those of a reason
    /// and the others of their keys. Exactly one of the three is given.
    @WriteOperation
    public ParkedEvents.ReleaseResult release(
            @Nullable String eventId, @Nullable String key, @Nullable String reason) {
        if (eventId != null && key == null && reason == null) {
            return parked.releaseEvent(eventId);
        }
        if (key != null && eventId == null && reason == null) {
            return parked.releaseKey(key);
        }
        if (reason != null && eventId == null && key == null) {
            return parked.releaseReason(reason);
        }
        throw new InvalidEndpointRequestException(
                "name exactly one of eventId, key and reason",
                "name exactly one of eventId, key and reason");
    }

    /// @param discarded false when no such event is parked
    public record DiscardResult(String eventId, boolean discarded) {}

    /// Discards a parked event for a reason, with which it is kept in `outbox_discarded`.
    @DeleteOperation
    public DiscardResult discard(String eventId, String reason) {
        try {
            return new DiscardResult(eventId, parked.discard(eventId, reason));
        } catch (IllegalArgumentException invalid) {
            throw new InvalidEndpointRequestException(
                    String.valueOf(invalid.getMessage()), "invalid reason");
        }
    }
}
