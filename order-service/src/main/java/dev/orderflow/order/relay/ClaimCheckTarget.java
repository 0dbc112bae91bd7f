package dev.orderflow.order.relay;

import dev.orderflow.contracts.ClaimCheck;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.ParsedMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets large events travel by claim check: first their detail is put where it is kept, then the
/// bus is told where.
///
/// A crash between the two leaves an object that nobody asks for until the event is published
/// again, which puts the same bytes under the same name.
final class ClaimCheckTarget implements OutboxTarget {

    private static final Logger log = LoggerFactory.getLogger(ClaimCheckTarget.class);

    private final OutboxTarget target;
    private final PayloadStore payloadStore;
    private final long maxPayloadBytes;

    /// @param maxPayloadBytes in bytes, that goes over the bus as it is
    ClaimCheckTarget(OutboxTarget target, PayloadStore payloadStore, long maxPayloadBytes) {
        this.target = target;
        this.payloadStore = payloadStore;
        this.maxPayloadBytes = maxPayloadBytes;
    }

    @Override
    public PublishResult publish(List<OutgoingEvent> events) {
        var sent = new ArrayList<OutgoingEvent>();
        var withheld = new ArrayList<@Nullable EntryResult>();
        for (var event : events) {
            switch (prepare(event)) {
                case Preparation.EventReady(var ready) -> {
                    sent.add(ready);
                    withheld.add(null);
                }
                case Preparation.EventNotReady(var reason) ->
                        withheld.add(new EntryResult.EntryWithheld(reason));
            }
        }
        var answer =
                sent.isEmpty() ? new PublishResult.EntryResults(List.of()) : target.publish(sent);
        return answer instanceof PublishResult.EntryResults(var each)
                ? merge(withheld, each)
                : answer;
    }

    @Override
    public TargetState findState() {
        return target.findState();
    }

    /// The bus's verdicts, with our own where it was not asked.
    private static PublishResult merge(
            List<@Nullable EntryResult> withheld, List<EntryResult> each) {
        var asked = each.iterator();
        var all = new ArrayList<EntryResult>();
        for (var ours : withheld) {
            all.add(ours == null ? asked.next() : ours);
        }
        return new PublishResult.EntryResults(all);
    }

    private sealed interface Preparation {

        record EventReady(OutgoingEvent event) implements Preparation {}

        record EventNotReady(String reason) implements Preparation {}
    }

    private Preparation prepare(OutgoingEvent event) {
        if (event.detailBytes() <= maxPayloadBytes) {
            return new Preparation.EventReady(event);
        }
        return switch (MessageCodec.readDetail(event.type(), event.detail())) {
            case ParsedMessage.ValidMessage<OrderEvent>(var known, var _) ->
                    switch (payloadStore.store(event)) {
                        case PayloadStore.StoreResult.StoredAt(var place) -> {
                            log.info("event {} is published by claim check", event);
                            yield new Preparation.EventReady(
                                    event.withDetail(
                                            MessageCodec.write(ClaimCheck.of(known, place))));
                        }
                        case PayloadStore.StoreResult.StoreUnavailable(var reason) ->
                                new Preparation.EventNotReady(reason);
                    };
            // Not an event of ours; the bus decides.
            case ParsedMessage<OrderEvent> _ -> new Preparation.EventReady(event);
        };
    }
}
