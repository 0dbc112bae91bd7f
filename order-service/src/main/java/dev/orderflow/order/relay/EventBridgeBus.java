package dev.orderflow.order.relay;

import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/// `PutEvents` to a bus of EventBridge.
final class EventBridgeBus implements EventBus {

    private static final Logger log = LoggerFactory.getLogger(EventBridgeBus.class);

    /// Errors that say "look at what you sent"; every other error is taken as the bus's own.
    private static final Set<String> OURS =
            Set.of(
                    "ValidationException",
                    "ValidationError",
                    "SerializationException",
                    "RequestEntityTooLarge",
                    "RequestEntityTooLargeException");

    private static final Set<String> BUSY = Set.of("ThrottlingException", "Throttling");

    private final EventBridgeClient client;
    private final String bus;

    EventBridgeBus(EventBridgeClient client, String bus) {
        this.client = client;
        this.bus = bus;
    }

    @Override
    public Answer publish(List<OutgoingEvent> events) {
        if (events.size() == 1 && events.getFirst().bytes() > MOST_BYTES) {
            return new Answer.CallRefused("larger than %d bytes".formatted(MOST_BYTES));
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
            var code = code(refused);
            if (OURS.contains(code) || refused.statusCode() == 413) {
                log.warn("a call with {} was refused: {}", events, refused.getMessage());
                return new Answer.CallRefused(code);
            }
            return new Answer.Unavailable(code);
        } catch (SdkException failed) {
            return new Answer.Unavailable(failed.getClass().getSimpleName());
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
        return BUSY.contains(answer.errorCode())
                ? new Verdict.TooBusy()
                : new Verdict.Refused(answer.errorCode());
    }
}
