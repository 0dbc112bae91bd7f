package dev.orderflow.outbox;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes large events by claim check: stores the payload first, and then publishes where it
/// lies.
///
/// A crash between the two leaves an object that is unused until the event is published again,
/// which stores the same bytes under the same name.
public final class ClaimCheckTarget implements OutboxTarget {

    private static final Logger log = LoggerFactory.getLogger(ClaimCheckTarget.class);

    private final OutboxTarget target;
    private final PayloadStore store;
    private final ClaimCheckFormat format;
    private final long maxPayloadBytes;

    /// @param maxPayloadBytes the largest payload that is published as it is, unless the whole
    ///     event is larger than the target accepts
    public ClaimCheckTarget(
            OutboxTarget target,
            PayloadStore store,
            ClaimCheckFormat format,
            long maxPayloadBytes) {
        this.target = target;
        this.store = store;
        this.format = format;
        this.maxPayloadBytes = maxPayloadBytes;
    }

    @Override
    public int maxEvents() {
        return target.maxEvents();
    }

    @Override
    public int maxBytes() {
        return target.maxBytes();
    }

    @Override
    public int bytes(OutboxEvent event) {
        // A claim check is smaller than the limit that makes one.
        return target.bytes(event);
    }

    @Override
    public TargetState findState() {
        return target.findState();
    }

    @Override
    public PublishResult publish(List<OutboxEvent> events) {
        var sent = new ArrayList<OutboxEvent>();
        var withheld = new ArrayList<@Nullable EntryResult>();
        for (var event : events) {
            if (!isTooLarge(event) || !format.supports(event)) {
                sent.add(event);
                withheld.add(null);
                continue;
            }
            switch (store.store(event)) {
                case PayloadStore.StoreResult.PayloadStored(var stored) -> {
                    log.debug("event {} is published by claim check", event);
                    sent.add(event.withPayload(format.write(event, stored)));
                    withheld.add(null);
                }
                case PayloadStore.StoreResult.StoreUnavailable(var reason) ->
                        withheld.add(new EntryResult.EntryWithheld(reason));
            }
        }
        var result =
                sent.isEmpty()
                        ? new PublishResult.EntryResults(List.of())
                        : FaultyTargetException.requireComplete(target.publish(sent), sent.size());
        return switch (result) {
            case PublishResult.EntryResults(var results) -> merge(withheld, results);
            // Of a rejected call only the events that were in it can be the cause.
            case PublishResult.CallRejected(var cause) when sent.size() == 1 && events.size() > 1 ->
                    merge(withheld, List.of(cause));
            case PublishResult other -> other;
        };
    }

    /// Headers and an encoding of the payload count for the target, but not for the limit.
    private boolean isTooLarge(OutboxEvent event) {
        return event.payload().size() > maxPayloadBytes || target.bytes(event) > target.maxBytes();
    }

    /// The target's results, with ours for the events that were not sent.
    private static PublishResult merge(
            List<@Nullable EntryResult> withheld, List<EntryResult> results) {
        var fromTarget = results.iterator();
        var all = new ArrayList<EntryResult>();
        for (var ours : withheld) {
            all.add(ours == null ? fromTarget.next() : ours);
        }
        return new PublishResult.EntryResults(all);
    }
}
