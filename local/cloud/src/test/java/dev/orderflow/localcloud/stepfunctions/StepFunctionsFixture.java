package dev.orderflow.localcloud.stepfunctions;

import static org.awaitility.Awaitility.await;

import dev.orderflow.localcloud.ports.Authorizer;
import dev.orderflow.localcloud.ports.ConnectionPort;
import dev.orderflow.localcloud.ports.EventBusPort;
import dev.orderflow.localcloud.ports.RecordingMetricPort;
import dev.orderflow.localcloud.ports.RecordingQueuePort;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Step Functions with test doubles for the other services, called with JSON.
final class StepFunctionsFixture implements AutoCloseable {

    static final String QUEUE = "https://sqs.us-east-1.amazonaws.com/000000000000/shipping";
    static final String ROLE = "arn:aws:iam::000000000000:role/workflow";
    static final String CONNECTION = "arn:aws:events:us-east-1:000000000000:connection/internal/1";

    final CloudClock clock;
    final RecordingQueuePort queues = new RecordingQueuePort();
    final RecordingMetricPort metrics = new RecordingMetricPort();
    final RecordingEventBusPort bus = new RecordingEventBusPort();
    final List<String> published = new CopyOnWriteArrayList<>();
    final StepFunctions service;

    private final AtomicInteger machines = new AtomicInteger();

    StepFunctionsFixture(double clockFactor) {
        this(clockFactor, ExecutionRepository.FINISHED);
    }

    StepFunctionsFixture(double clockFactor, int finishedKept) {
        this(new CloudClock(clockFactor), finishedKept);
    }

    StepFunctionsFixture(CloudClock clock, int finishedKept) {
        this.clock = clock;
        service =
                new StepFunctions(
                        clock,
                        queues,
                        bus,
                        (_, _, message, _) -> {
                            published.add(message);
                            return "message-id";
                        },
                        StepFunctionsFixture::authorize,
                        metrics,
                        Authorizer.ALLOW_ALL,
                        UnaryOperator.identity(),
                        finishedKept);
    }

    private static ConnectionPort.ConnectionSecret authorize(String arn) {
        if (!arn.equals(CONNECTION)) {
            throw AwsErrorException.client(
                    "Events.ConnectionResource.ResourceNotFound", "no connection " + arn);
        }
        return new ConnectionPort.ConnectionSecret(
                Map.of("X-Api-Key", "secret"), Map.of("tenant", "t 1"), Map.of("source", "flow"));
    }

    /// An event bus that records events and rejects as many entries as configured.
    static final class RecordingEventBusPort implements EventBusPort {
        final List<JsonNode> entries = new CopyOnWriteArrayList<>();
        final List<ObjectNode> statusChanges = new CopyOnWriteArrayList<>();
        final AtomicInteger rejections = new AtomicInteger();

        @Override
        public ObjectNode putEvents(ArrayNode given) {
            ObjectNode answer = StepFunctionsJson.object();
            ArrayNode results = answer.putArray("Entries");
            int failed = 0;
            for (JsonNode entry : given) {
                if (rejections.getAndDecrement() > 0) {
                    failed++;
                    results.addObject().put("ErrorCode", "InternalFailure");
                } else {
                    entries.add(entry);
                    results.addObject().put("EventId", UUID.randomUUID().toString());
                }
            }
            return answer.put("FailedEntryCount", failed);
        }

        @Override
        public void publishServiceEvent(
                String source, String detailType, List<String> resources, ObjectNode detail) {
            statusChanges.add(detail);
        }
    }

    ObjectNode call(String operation, ObjectNode input) {
        var context =
                new RequestContext(
                        UUID.randomUUID(),
                        "us-east-1",
                        "000000000000",
                        URI.create("http://localhost:4566"));
        return service.handle(new AwsRequest(AwsProtocol.JSON_1_0, operation, input, context));
    }

    String machine(String definition) {
        return call(
                        "CreateStateMachine",
                        StepFunctionsJson.object()
                                .put("name", "machine-" + machines.incrementAndGet())
                                .put("definition", definition)
                                .put("roleArn", ROLE))
                .path("stateMachineArn")
                .stringValue();
    }

    String start(String machine, @Nullable String name, String input) {
        ObjectNode request =
                StepFunctionsJson.object().put("stateMachineArn", machine).put("input", input);
        if (name != null) {
            request.put("name", name);
        }
        return call("StartExecution", request).path("executionArn").stringValue();
    }

    ObjectNode describe(String execution) {
        return call("DescribeExecution", StepFunctionsJson.object().put("executionArn", execution));
    }

    String status(String execution) {
        return describe(execution).path("status").stringValue();
    }

    ObjectNode ended(String execution) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !status(execution).equals("RUNNING"));
        return describe(execution);
    }

    List<JsonNode> events(String execution) {
        return call(
                        "GetExecutionHistory",
                        StepFunctionsJson.object()
                                .put("executionArn", execution)
                                .put("maxResults", 1000))
                .path("events")
                .valueStream()
                .toList();
    }

    /// The history as `id<previous type`, a compact form for assertions.
    List<String> chain(String execution) {
        return events(execution).stream()
                .map(
                        e ->
                                e.path("id").asLong()
                                        + "<"
                                        + e.path("previousEventId").asLong()
                                        + " "
                                        + e.path("type").stringValue())
                .toList();
    }

    /// The details of the single event of a type.
    JsonNode details(String execution, String type) {
        List<JsonNode> found =
                events(execution).stream()
                        .filter(e -> e.path("type").stringValue().equals(type))
                        .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " events of type " + type);
        }
        return found.getFirst()
                .propertyStream()
                .filter(e -> e.getKey().endsWith("EventDetails"))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    /// Creates a state machine and runs it to its end.
    RunResult run(String definition, String input) {
        String execution = start(machine(definition), null, input);
        return new RunResult(execution, ended(execution));
    }

    record RunResult(String arn, ObjectNode description) {
        String status() {
            return description.path("status").stringValue();
        }

        JsonNode output() {
            return StepFunctionsJson.parse(description.path("output").asString("\"no output\""));
        }

        String error() {
            return description.path("error").asString("");
        }

        String cause() {
            return description.path("cause").asString("");
        }
    }

    /// Waits for this number of messages and returns the token in the latest one.
    String token(int messages) {
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> queues.messages(QUEUE).size() >= messages);
        return StepFunctionsJson.parse(queues.messages(QUEUE).get(messages - 1).body())
                .path("taskToken")
                .stringValue();
    }

    void sendTaskSuccess(String token, String output) {
        ObjectNode unused =
                call(
                        "SendTaskSuccess",
                        StepFunctionsJson.object().put("taskToken", token).put("output", output));
    }

    void sendTaskFailure(String token, String error, String cause) {
        ObjectNode unused =
                call(
                        "SendTaskFailure",
                        StepFunctionsJson.object()
                                .put("taskToken", token)
                                .put("error", error)
                                .put("cause", cause));
    }

    @Override
    public void close() {
        service.close();
    }
}
