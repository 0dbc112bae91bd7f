package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.ports.QueuePort;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.AwsService;
import dev.orderflow.localcloud.wire.HttpGateway;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The SQS API.
public final class Sqs implements AwsService, HttpGateway.DiagnosticPage, QueuePort, AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final SqsQueueDirectory queues = new SqsQueueDirectory();
    private final SqsQueueOperations queueOperations;
    private final SqsMessageOperations messages = new SqsMessageOperations(queues);
    private final SqsMoveOperations moves;

    public Sqs(CloudClock clock) {
        this.queueOperations = new SqsQueueOperations(clock, queues);
        this.moves = new SqsMoveOperations(clock, queues);
    }

    @Override
    public String signingName() {
        return "sqs";
    }

    @Override
    public ObjectNode handle(AwsRequest request) {
        var input = request.input();
        if (request.protocol() == AwsProtocol.QUERY) {
            input = SqsQueryParameters.toJson(input);
        }
        SqsRequestShapes.require(request.operation(), input, request.protocol());
        var context = request.context();
        var answer =
                switch (request.operation()) {
                    case "CreateQueue" -> queueOperations.createQueue(input, context);
                    case "DeleteQueue" -> queueOperations.deleteQueue(input);
                    case "GetQueueUrl" ->
                            JSON.createObjectNode()
                                    .put(
                                            "QueueUrl",
                                            SqsQueueDirectory.url(
                                                    queues.byName(input).name(), context));
                    case "ListQueues" -> queueOperations.listQueues(input, context);
                    case "ListDeadLetterSourceQueues" ->
                            queueOperations.listSources(input, context);
                    case "GetQueueAttributes" -> queueOperations.getAttributes(input);
                    case "SetQueueAttributes" -> queueOperations.setAttributes(input);
                    case "AddPermission" -> queueOperations.addPermission(input);
                    case "RemovePermission" -> queueOperations.removePermission(input);
                    case "TagQueue" -> queueOperations.tag(input);
                    case "UntagQueue" -> queueOperations.untag(input);
                    case "ListQueueTags" -> queueOperations.listTags(input);
                    case "PurgeQueue" -> {
                        queues.fromUrl(input).purge();
                        yield JSON.createObjectNode();
                    }
                    case "SendMessage" -> messages.send(queues.fromUrl(input), input);
                    case "SendMessageBatch" -> messages.sendBatch(input);
                    case "ReceiveMessage" -> messages.receive(input);
                    case "DeleteMessage" -> {
                        queues.fromUrl(input).delete(SqsInput.required(input, "ReceiptHandle"));
                        yield JSON.createObjectNode();
                    }
                    case "DeleteMessageBatch" -> {
                        var queue = queues.fromUrl(input);
                        yield SqsMessageOperations.batch(
                                input,
                                "DeleteMessageBatch",
                                entry -> {
                                    queue.delete(SqsInput.required(entry, "ReceiptHandle"));
                                    return JSON.createObjectNode();
                                });
                    }
                    case "ChangeMessageVisibility" ->
                            SqsMessageOperations.changeVisibility(queues.fromUrl(input), input);
                    case "ChangeMessageVisibilityBatch" -> {
                        var queue = queues.fromUrl(input);
                        yield SqsMessageOperations.batch(
                                input,
                                "ChangeMessageVisibilityBatch",
                                entry -> SqsMessageOperations.changeVisibility(queue, entry));
                    }
                    case "StartMessageMoveTask" -> moves.start(input);
                    case "CancelMessageMoveTask" -> moves.cancel(input);
                    case "ListMessageMoveTasks" -> moves.list(input);
                    default ->
                            throw request.protocol() == AwsProtocol.QUERY
                                    ? AwsErrorException.client(
                                            "InvalidAction",
                                            "The action %s is not valid for this endpoint."
                                                    .formatted(request.operation()))
                                    : AwsErrorException.unknownOperation(request.operation());
                };
        boolean nothing = request.operation().equals("ReceiveMessage") && !answer.has("Messages");
        count(nothing ? "EmptyReceive" : request.operation());
        return answer;
    }

    // Calls of other services

    @Override
    public String send(
            String queueArn,
            String body,
            Map<String, String> attributes,
            @Nullable String messageGroupId) {
        var typed = new LinkedHashMap<String, TypedAttribute>();
        attributes.forEach((name, value) -> typed.put(name, new TypedAttribute("String", value)));
        return sendTyped(queueArn, body, typed, messageGroupId);
    }

    @Override
    public String sendTyped(
            String queueArn,
            String body,
            Map<String, TypedAttribute> attributes,
            @Nullable String messageGroupId) {
        var input = JSON.createObjectNode().put("MessageBody", body);
        if (messageGroupId != null) {
            input.put("MessageGroupId", messageGroupId);
        }
        attributes.forEach(
                (name, attribute) ->
                        input.withObject("/MessageAttributes")
                                .putObject(name)
                                .put("DataType", attribute.type())
                                .put(
                                        attribute.type().startsWith("Binary")
                                                ? "BinaryValue"
                                                : "StringValue",
                                        attribute.value()));
        return sendMessage(queueArn, input).path("MessageId").asString();
    }

    @Override
    public ObjectNode sendMessage(String queue, ObjectNode parameters) {
        var sent =
                messages.send(queues.requireQueue(SqsQueueDirectory.queueName(queue)), parameters);
        count("SendMessage");
        return sent;
    }

    @Override
    public boolean exists(String queueArn) {
        return queues.find(queueArn) != null;
    }

    /// The metrics of a queue, sampled every minute.
    ///
    /// @param sent count since the previous sample, as are the other counts
    public record QueueSample(
            String name,
            int visible,
            int inFlight,
            int delayed,
            long ageSeconds,
            long sent,
            long received,
            long deleted,
            long emptyReceives) {}

    /// Samples all queues and resets their counts.
    public void sample(Consumer<QueueSample> reader) {
        for (var queue : queues.all()) {
            var depth = queue.depth();
            reader.accept(
                    new QueueSample(
                            queue.name(),
                            depth.visible(),
                            depth.inFlight(),
                            depth.delayed(),
                            depth.ageSeconds(),
                            queue.sent.sumThenReset(),
                            queue.received.sumThenReset(),
                            queue.deleted.sumThenReset(),
                            queue.emptyReceives.sumThenReset()));
        }
    }

    private void count(String operation) {
        requests.computeIfAbsent(operation, _ -> new LongAdder()).increment();
    }

    /// The number of successful requests by operation, as AWS would bill them: of clients and of
    /// other services. A receive without messages counts as `EmptyReceive`.
    @Override
    public JsonNode render(String method, String query) {
        var answer = JSON.createObjectNode();
        requests.forEach((operation, count) -> answer.put(operation, count.sum()));
        return answer;
    }

    /// Ends all waiting long polls with an empty response.
    @Override
    public void close() {
        messages.close();
        moves.close();
    }
}
