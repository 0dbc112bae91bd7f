package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.operations.orders.OrderSnapshotClient;
import dev.orderflow.operations.services.AwsFailureDescription;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;

/// Lists the dead-letter queues and their messages.
@Component
public class DeadLetterQueries {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterQueries.class);

    private final DeadLetterQueues queues;
    private final DeadLetterProperties properties;
    private final OrderSnapshotClient orders;
    private final MessageEdits edits;

    DeadLetterQueries(
            DeadLetterQueues queues,
            DeadLetterProperties properties,
            OrderSnapshotClient orders,
            MessageEdits edits) {
        this.edits = edits;
        this.queues = queues;
        this.properties = properties;
        this.orders = orders;
    }

    /// Messages with the same cause.
    public record CauseGroup(
            String fingerprint,
            String reason,
            FailureCause.CauseSource reportedBy,
            int count,
            Instant oldest) {}

    /// A dead-letter queue at this moment.
    ///
    /// @param count the approximate number of its messages
    /// @param received how many of them were read
    /// @param complete whether all of them were read
    /// @param problem why the queue could not be read; empty when it could
    public record QueueView(
            String queue,
            int count,
            int received,
            boolean complete,
            List<CauseGroup> groups,
            Optional<String> problem) {}

    /// A message, without its payload.
    ///
    /// @param body the fields of the body that may be shown
    /// @param targetQueue the queue that a redrive sends it to
    /// @param orderState the current state of its order, as text for operators
    /// @param description the reason for the assessment
    public record DeadLetterView(
            String messageId,
            Optional<String> orderId,
            String type,
            Instant sentAt,
            Instant firstReceivedAt,
            String fingerprint,
            String reason,
            Map<String, String> body,
            Optional<String> targetQueue,
            String orderState,
            RedriveAssessment assessment,
            String description) {}

    /// A dead-letter queue with its messages.
    public record QueueDetail(QueueView queue, List<DeadLetterView> messages) {}

    /// Finds a dead-letter queue by its own name, or by the name of its consumer's queue.
    public Optional<String> findQueue(String name) {
        return properties.findDeadLetterQueue(name);
    }

    /// Every dead-letter queue, with its messages grouped by cause.
    public List<QueueView> overview() {
        return properties.deadLetterQueues().keySet().stream().map(this::view).toList();
    }

    /// One dead-letter queue with its messages, compared with their orders.
    ///
    /// @param fingerprint selects the messages with one cause
    /// @param limit the maximum number of messages
    public QueueDetail detail(String queue, Optional<String> fingerprint, int limit) {
        var depth = queues.depth(queue);
        QueueView view;
        List<DeadLetter> messages;
        try (var received = queues.receive(queue)) {
            view = view(queue, depth, received);
            messages = received.messages();
        }
        // The messages are visible again before order-service is called, which may take a while.
        var shown =
                messages.stream()
                        .filter(
                                message ->
                                        fingerprint
                                                .map(message.cause().fingerprint()::equals)
                                                .orElse(true))
                        .limit(limit)
                        .toList();
        var snapshots =
                orders.findAll(
                        shown.stream()
                                .flatMap(message -> message.contents().orderId().stream())
                                .toList());
        var edited = edits.find(queue, shown);
        return new QueueDetail(
                view,
                shown.stream()
                        .map(
                                message ->
                                        view(
                                                AssessedDeadLetter.of(
                                                        message,
                                                        id -> AssessedDeadLetter.in(snapshots, id),
                                                        Optional.ofNullable(
                                                                edited.get(message.id())))))
                        .toList());
    }

    /// One dead letter, compared with its order.
    ///
    /// @return empty when the queue does not hold it
    /// @throws Problem 503 when not all messages could be read
    public Optional<DeadLetterView> findMessage(String queue, String messageId) {
        return queues.find(queue, messageId)
                .map(
                        message ->
                                view(
                                        AssessedDeadLetter.of(
                                                message,
                                                orders::find,
                                                edits.find(queue, message))));
    }

    private QueueView view(String queue) {
        try {
            var depth = queues.depth(queue);
            if (depth.visible() == 0) {
                return new QueueView(
                        queue,
                        depth.total(),
                        0,
                        depth.notVisible() == 0,
                        List.of(),
                        Optional.empty());
            }
            try (var received = queues.receive(queue)) {
                return view(queue, depth, received);
            }
        } catch (SdkException failure) {
            var problem = AwsFailureDescription.describe("SQS", failure);
            log.warn("cannot read the queue {}: {}", queue, problem);
            return new QueueView(queue, 0, 0, false, List.of(), Optional.of(problem));
        }
    }

    private static QueueView view(
            String queue,
            DeadLetterQueues.QueueDepth depth,
            DeadLetterQueues.ReceivedMessages received) {
        int count = received.messages().size();
        return new QueueView(
                queue,
                Math.max(depth.total(), count),
                count,
                received.isComplete() && count >= depth.total(),
                groups(received.messages()),
                Optional.empty());
    }

    private static List<CauseGroup> groups(List<DeadLetter> messages) {
        return messages.stream()
                .collect(
                        Collectors.groupingBy(
                                message -> message.cause().fingerprint(),
                                LinkedHashMap::new,
                                Collectors.toList()))
                .values()
                .stream()
                .map(DeadLetterQueries::group)
                .sorted(Comparator.comparingInt(CauseGroup::count).reversed())
                .toList();
    }

    private static CauseGroup group(List<DeadLetter> messages) {
        var cause = messages.getFirst().cause();
        return new CauseGroup(
                cause.fingerprint(),
                cause.reason(),
                cause.reportedBy(),
                messages.size(),
                messages.stream()
                        .map(DeadLetter::sentAt)
                        .min(Comparator.naturalOrder())
                        .orElseThrow());
    }

    private DeadLetterView view(AssessedDeadLetter assessed) {
        var message = assessed.message();
        var assessment = assessed.assessment();
        return new DeadLetterView(
                message.id(),
                message.contents().orderId().map(Object::toString),
                message.contents().type(),
                message.sentAt(),
                message.firstReceivedAt(),
                message.cause().fingerprint(),
                message.cause().reason(),
                message.contents().fields(),
                message.consumer().map(properties::queueOf),
                assessed.orderState(),
                assessment,
                assessment.description());
    }
}
