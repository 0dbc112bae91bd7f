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
final class EventBridgeBus implements EventBus {

    private static final Logger log = LoggerFactory.getLogger(EventBridgeBus.class);

    private static final int CONTENT_TOO_LARGE = 413;
    private static final int TOO_MANY_REQUESTS = 429;

    private final EventBridgeClient client;
    private final String bus;

    EventBridgeBus(EventBridgeClient client, String bus) {
        this.client = client;
        this.bus = bus;
    }

    @Override
    public Answer publish(List<OutgoingEvent> events) {
        if (events.size() == 1 && events.getFirst().bytes() > MOST_BYTES) {
            return new Answer.CallRefused(
                    new Verdict.Refused("larger than %d bytes".formatted(MOST_BYTES)));
        }
        try {
            var answers =
                    client.putEvents(
                                    request ->
                                            request.entries(
                                                    events.stream().map(this::entry).toList()))
                            .entries();
            if (answers.size() != events.size()) {
                return new Answer.Unavailable(
                        "%d answers for %d events".formatted(answers.size(), events.size()));
            }
            return new Answer.Each(answers.stream().map(EventBridgeBus::verdict).toList());
        } catch (AwsServiceException refused) {
            return answer(code(refused), refused.statusCode(), events);
        } catch (SdkException failed) {
            return new Answer.Unavailable(failed.getClass().getSimpleName());
        }
    }

    /// What a refusal of the whole call says of its events.
    private static Answer answer(String code, int status, List<OutgoingEvent> events) {
        return switch (PutEventsErrors.of(code)) {
            case BUSY, PASSES -> new Answer.Unavailable(code);
            case BLOCKED -> new Answer.Blocked(code);
            case EVENT -> {
                log.warn("PutEvents refused the call with {}: {}", events, code);
                yield new Answer.CallRefused(new Verdict.Refused(code));
            }
            case UNKNOWN -> {
                if (status == CONTENT_TOO_LARGE) {
                    yield new Answer.CallRefused(new Verdict.Refused(code));
                }
                // Of a fault of its own the bus says so. Else one of the events may be to blame,
                // which
                // must not stop the others.
                yield status >= 500 || status == TOO_MANY_REQUESTS
                        ? new Answer.Unavailable(code)
                        : new Answer.CallRefused(new Verdict.Blocked(code));
            }
        };
    }

    @Override
    public Existence findBus() {
        try {
            client.describeEventBus(describe -> describe.name(bus));
            return new Existence.Exists();
        } catch (ResourceNotFoundException _) {
            return new Existence.Missing();
        } catch (AwsServiceException refused) {
            return new Existence.Unknown(code(refused));
        } catch (SdkException failed) {
            return new Existence.Unknown(failed.getClass().getSimpleName());
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

    private static Verdict verdict(PutEventsResultEntry answer) {
        if (answer.errorCode() == null) {
            return new Verdict.Accepted();
        }
        var code = answer.errorCode();
        return switch (PutEventsErrors.of(code)) {
            case BUSY -> new Verdict.TooBusy();
            case PASSES -> new Verdict.Failed(code);
            case EVENT -> new Verdict.Refused(code);
            case BLOCKED, UNKNOWN -> new Verdict.Blocked(code);
        };
    }
}
