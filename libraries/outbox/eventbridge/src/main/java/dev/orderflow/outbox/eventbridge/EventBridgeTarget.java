package dev.orderflow.outbox.eventbridge;

import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.OutboxTarget;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;

/// Publishes to an event bus of EventBridge with `PutEvents`.
///
/// The event's type is the `detail-type`, its payload the `detail`, which must be a JSON object,
/// its time of occurrence the `time`. EventBridge has no place for the event's id and headers: put
/// the id into the payload if consumers need it. The header `traceparent` becomes the X-Ray trace
/// header of the entry.
public final class EventBridgeTarget implements OutboxTarget {

    private static final int MAX_EVENTS = 10;

    /// The most bytes in one call. AWS documents 1 MB; the smaller reading of it is safe.
    private static final int MAX_BYTES = 1_000_000;

    /// What EventBridge counts for an entry's time.
    private static final int TIME_BYTES = 14;

    private static final Pattern BUS =
            Pattern.compile("(" + ArnForm.prefixOf("events") + "event-bus/)?[/.\\-_A-Za-z0-9]+");

    /// [W3C Trace Context](https://www.w3.org/TR/trace-context/#traceparent-header).
    private static final Pattern TRACE_PARENT =
            Pattern.compile("00-([0-9a-f]{8})([0-9a-f]{24})-([0-9a-f]{16})-([0-9a-f]{2})");

    private final EventBridgeClient client;
    private final String bus;
    private final String source;

    /// @param bus the name or ARN of the event bus
    /// @param source under which the events are published
    /// @throws IllegalArgumentException when the bus is neither: EventBridge accepts events for any
    ///     name and drops those whose bus does not exist
    public EventBridgeTarget(EventBridgeClient client, String bus, String source) {
        if (!BUS.matcher(bus).matches()) {
            throw new IllegalArgumentException("bus must be a name or an ARN but was " + bus);
        }
        if (source.isBlank()) {
            throw new IllegalArgumentException("source must not be blank");
        }
        this.client = client;
        this.bus = bus;
        this.source = source;
    }

    @Override
    public int maxEvents() {
        return MAX_EVENTS;
    }

    @Override
    public int maxBytes() {
        return MAX_BYTES;
    }

    /// By [EventBridge's
    /// rule](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html): the bytes
    /// of its texts and 14 for its time.
    @Override
    public int bytes(OutboxEvent event) {
        return TIME_BYTES + source.length() + event.type().length() + event.payload().size();
    }

    @Override
    public PublishResult publish(List<OutboxEvent> events) {
        if (events.size() == 1 && bytes(events.getFirst()) > MAX_BYTES) {
            return new PublishResult.CallRejected(
                    new EntryResult.EntryRejected("larger than %d bytes".formatted(MAX_BYTES)));
        }
        var entries = events.stream().map(this::toEntry).toList();
        return AwsCalls.publish(
                "PutEvents",
                events,
                () ->
                        client.putEvents(request -> request.entries(entries)).entries().stream()
                                .map(entry -> AwsCalls.toEntryResult(entry.errorCode()))
                                .toList());
    }

    @Override
    public TargetState findState() {
        return AwsCalls.describe(
                () -> client.describeEventBus(describe -> describe.name(bus)),
                rejection -> rejection instanceof ResourceNotFoundException);
    }

    private PutEventsRequestEntry toEntry(OutboxEvent event) {
        return PutEventsRequestEntry.builder()
                .eventBusName(bus)
                .source(source)
                .detailType(event.type())
                .detail(event.payload().text())
                .time(event.occurredAt())
                .traceHeader(toTraceHeader(event.headers().get("traceparent")))
                .build();
    }

    /// The X-Ray form of a W3C trace context; null when there is none.
    private static @Nullable String toTraceHeader(@Nullable String traceParent) {
        if (traceParent == null) {
            return null;
        }
        var parts = TRACE_PARENT.matcher(traceParent.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            return null;
        }
        int flags = Integer.parseInt(parts.group(4), 16);
        return "Root=1-%s-%s;Parent=%s;Sampled=%d"
                .formatted(parts.group(1), parts.group(2), parts.group(3), flags & 1);
    }
}
