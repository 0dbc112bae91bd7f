package dev.orderflow.order.relay;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;

/// `PutEvents` to a bus of EventBridge.
final class EventBridgeTarget implements OutboxTarget {

    private static final Logger log = LoggerFactory.getLogger(EventBridgeTarget.class);

    private static final int CONTENT_TOO_LARGE = 413;
    private static final int TOO_MANY_REQUESTS = 429;

    private final EventBridgeClient client;
    private final String bus;

    EventBridgeTarget(EventBridgeClient client, String bus) {
        this.client = client;
        this.bus = bus;
    }

    @Override
    public PublishResult publish(List<OutgoingEvent> events) {
        if (events.size() == 1 && events.getFirst().bytes() > MAX_BYTES) {
            return new PublishResult.CallRejected(
                    new EntryResult.EntryRejected("larger than %d bytes".formatted(MAX_BYTES)));
        }
        try {
            var answers =
                    client.putEvents(
                                    request ->
                                            request.entries(
                                                    events.stream().map(this::entry).toList()))
                            .entries();
            if (answers.size() != events.size()) {
                return new PublishResult.TargetUnavailable(
                        "%d answers for %d events".formatted(answers.size(), events.size()));
            }
            return new PublishResult.EntryResults(
                    answers.stream().map(EventBridgeTarget::toEntryResult).toList());
        } catch (AwsServiceException refused) {
            return toPublishResult(code(refused), refused.statusCode(), events);
        } catch (SdkException failed) {
            return new PublishResult.TargetUnavailable(failed.getClass().getSimpleName());
        }
    }

    /// What a refusal of the whole call says of its events.
    private static PublishResult toPublishResult(
            String code, int status, List<OutgoingEvent> events) {
        return switch (PutEventsErrors.of(code)) {
            case BUSY, PASSES -> new PublishResult.TargetUnavailable(code);
            case BLOCKED -> new PublishResult.CallBlocked(code);
            case EVENT -> {
                log.warn("PutEvents refused the call with {}: {}", events, code);
                yield new PublishResult.CallRejected(new EntryResult.EntryRejected(code));
            }
            case UNKNOWN -> {
                if (status == CONTENT_TOO_LARGE) {
                    yield new PublishResult.CallRejected(new EntryResult.EntryRejected(code));
                }
                // Of a fault of its own the bus says so. Else one of the events may be to blame,
                // which
                // must not stop the others.
                yield status >= 500 || status == TOO_MANY_REQUESTS
                        ? new PublishResult.TargetUnavailable(code)
                        : new PublishResult.CallRejected(new EntryResult.EntryBlocked(code));
            }
        };
    }

    @Override
    public TargetState findState() {
        try {
            client.describeEventBus(describe -> describe.name(bus));
            return new TargetState.TargetExists();
        } catch (ResourceNotFoundException _) {
            return new TargetState.TargetMissing();
        } catch (AwsServiceException refused) {
            return new TargetState.TargetUnknown(code(refused));
        } catch (SdkException failed) {
            return new TargetState.TargetUnknown(failed.getClass().getSimpleName());
        }
    }

    private static String code(AwsServiceException refused) {
        var details = refused.awsErrorDetails();
        return details == null || details.errorCode() == null
                ? "HTTP " + refused.statusCode()
                : details.errorCode();
    }

    private PutEventsRequestEntry entry(OutgoingEvent event) {
        return PutEventsRequestEntry.builder()
                .eventBusName(bus)
                .source(SOURCE)
                .detailType(event.type())
                .detail(event.detail())
                .time(event.occurredAt())
                .build();
    }

    private static EntryResult toEntryResult(PutEventsResultEntry answer) {
        if (answer.errorCode() == null) {
            return new EntryResult.EntryAccepted();
        }
        var code = answer.errorCode();
        return switch (PutEventsErrors.of(code)) {
            case BUSY -> new EntryResult.EntryThrottled();
            case PASSES -> new EntryResult.EntryFailed(code);
            case EVENT -> new EntryResult.EntryRejected(code);
            case BLOCKED, UNKNOWN -> new EntryResult.EntryBlocked(code);
        };
    }
}
