package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.ports.EventBusPort;
import dev.orderflow.localcloud.ports.QueuePort;
import dev.orderflow.localcloud.ports.TopicPort;
import dev.orderflow.localcloud.stepfunctions.PendingTask.TaskResult;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Calls the services that Tasks integrate with, and returns their responses and errors as Step
/// Functions does.
final class TaskIntegrations implements AutoCloseable {

    /// The operations of this service that Tasks call.
    interface ExecutionOperations {

        /// @throws AwsErrorException the errors of `StartExecution`
        Execution start(String stateMachineArn, @Nullable String name, String input);

        /// Aborts a child execution that its parent no longer waits for.
        void abort(Execution execution);

        /// @throws AwsErrorException the errors of the three operations
        void completeTask(TaskResource.IntegrationAction action, JsonNode arguments);
    }

    /// The supported arguments of each action.
    private static final Map<TaskResource.IntegrationAction, Set<String>> FIELDS =
            Map.of(
                    TaskResource.IntegrationAction.HTTP_INVOKE,
                    Set.of(
                            "ApiEndpoint",
                            "Method",
                            "Authentication",
                            "InvocationConfig",
                            "Headers",
                            "QueryParameters",
                            "RequestBody",
                            "Transform"),
                    TaskResource.IntegrationAction.EVENTS_PUT,
                    Set.of("Entries"),
                    TaskResource.IntegrationAction.SQS_SEND,
                    Set.of(
                            "QueueUrl",
                            "MessageBody",
                            "MessageAttributes",
                            "MessageSystemAttributes",
                            "MessageGroupId",
                            "MessageDeduplicationId",
                            "DelaySeconds"),
                    TaskResource.IntegrationAction.SNS_PUBLISH,
                    Set.of(
                            "TopicArn",
                            "TargetArn",
                            "PhoneNumber",
                            "Message",
                            "MessageStructure",
                            "Subject",
                            "MessageAttributes",
                            "MessageGroupId",
                            "MessageDeduplicationId"),
                    TaskResource.IntegrationAction.STATES_START,
                    Set.of(
                            "StateMachineArn",
                            "Input",
                            "Name",
                            "TraceHeader",
                            "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID"),
                    TaskResource.IntegrationAction.SDK_TASK_SUCCESS,
                    Set.of("TaskToken", "Output"),
                    TaskResource.IntegrationAction.SDK_TASK_FAILURE,
                    Set.of("TaskToken", "Error", "Cause"),
                    TaskResource.IntegrationAction.SDK_TASK_HEARTBEAT,
                    Set.of("TaskToken"),
                    TaskResource.IntegrationAction.SDK_START,
                    Set.of("StateMachineArn", "Input", "Name", "TraceHeader"));

    /// SQS errors with their own SDK exception; others are `AmazonSQSException`.
    private static final Set<String> SQS_EXCEPTIONS =
            Set.of("QueueDoesNotExist", "InvalidMessageContents", "UnsupportedOperation");

    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private final CloudClock clock;
    private final QueuePort queues;
    private final EventBusPort buses;
    private final TopicPort topics;
    private final HttpTask http;
    private final ExecutionOperations executions;

    TaskIntegrations(
            CloudClock clock,
            QueuePort queues,
            EventBusPort buses,
            TopicPort topics,
            HttpTask http,
            ExecutionOperations executions) {
        this.clock = clock;
        this.queues = queues;
        this.buses = buses;
        this.topics = topics;
        this.http = http;
        this.executions = executions;
    }

    /// The supported arguments of an integration; a definition with any other is rejected.
    static Set<String> fields(TaskResource integration) {
        return FIELDS.getOrDefault(integration.action(), Set.of());
    }

    /// Makes the call without the lock of the execution.
    ///
    /// @param pending completed later if the Task waits for more than the response of the call
    TaskResult call(
            TaskResource integration,
            JsonNode arguments,
            Execution execution,
            @Nullable Duration timeout,
            PendingTask pending) {
        return switch (integration.action()) {
            case HTTP_INVOKE -> http.call(arguments, execution.machine, timeout);
            case EVENTS_PUT -> putEvents(arguments, execution);
            case SQS_SEND -> sendMessage(arguments, execution);
            case SNS_PUBLISH -> publish(arguments, execution);
            case STATES_START -> startExecution(integration.pattern(), arguments, pending);
            case SDK_START -> startExecutionBySdk(arguments);
            case SDK_TASK_SUCCESS, SDK_TASK_FAILURE, SDK_TASK_HEARTBEAT -> {
                try {
                    executions.completeTask(integration.action(), arguments);
                    yield new TaskResult.TaskSucceeded(StepFunctionsJson.object());
                } catch (AwsErrorException e) {
                    yield refusedBySdk(e);
                }
            }
        };
    }

    private TaskResult sendMessage(JsonNode arguments, Execution execution) {
        String url = StepFunctionsJson.stringOrJson(required(arguments, "QueueUrl"));
        ObjectNode message = withTexts(arguments, "MessageBody", "QueueUrl");
        try {
            ObjectNode sent =
                    queues.withCaller(execution.machine.caller()).sendMessage(url, message);
            return new TaskResult.TaskSucceeded(
                    withMetadata(
                            sent,
                            "application/x-amz-json-1.0",
                            StepFunctionsJson.text(sent).length()));
        } catch (AwsErrorException e) {
            return new TaskResult.TaskFailed(
                    "SQS."
                            + (SQS_EXCEPTIONS.contains(e.shape())
                                    ? e.shape() + "Exception"
                                    : "AmazonSQSException"),
                    cause("AmazonSQS", e));
        }
    }

    private TaskResult publish(JsonNode arguments, Execution execution) {
        ObjectNode message = withTexts(arguments, "Message", "");
        try {
            ObjectNode answer =
                    topics.withCaller(execution.machine.caller()).publishMessage(message);
            return new TaskResult.TaskSucceeded(withMetadata(answer, "text/xml", 294));
        } catch (AwsErrorException e) {
            return refused("SNS", "AmazonSNS", e, "Exception");
        }
    }

    /// Converts arguments that must be strings from JSON to text, as AWS does.
    ///
    /// @param body argument that may be JSON
    /// @param without argument that is not part of the message
    private static ObjectNode withTexts(JsonNode arguments, String body, String without) {
        required(arguments, body);
        ObjectNode message = StepFunctionsJson.object();
        for (var argument : arguments.properties()) {
            JsonNode value = argument.getValue();
            switch (argument.getKey()) {
                case "MessageAttributes", "MessageSystemAttributes" -> {
                    ObjectNode attributes = message.putObject(argument.getKey());
                    value.properties()
                            .forEach(
                                    attribute ->
                                            attributes.set(
                                                    attribute.getKey(),
                                                    textsOf(attribute.getValue())));
                }
                case "DelaySeconds" -> message.set("DelaySeconds", value);
                case String name when name.equals(without) -> {}
                case String name -> message.put(name, StepFunctionsJson.stringOrJson(value));
            }
        }
        return message;
    }

    private static ObjectNode textsOf(JsonNode attribute) {
        ObjectNode texts = StepFunctionsJson.object();
        attribute
                .properties()
                .forEach(
                        part ->
                                texts.put(
                                        part.getKey(),
                                        StepFunctionsJson.stringOrJson(part.getValue())));
        return texts;
    }

    private TaskResult putEvents(JsonNode arguments, Execution execution) {
        ArrayNode entries = StepFunctionsJson.NODES.arrayNode();
        for (JsonNode entry : required(arguments, "Entries")) {
            if (!(entry instanceof ObjectNode given)) {
                throw StateFailedException.runtime("An entry of 'Entries' is not an object");
            }
            ObjectNode copy = given.deepCopy();
            if (copy.has("Detail")) {
                copy.put("Detail", StepFunctionsJson.stringOrJson(copy.path("Detail")));
            }
            ArrayNode resources =
                    copy.path("Resources") instanceof ArrayNode existing
                            ? existing
                            : copy.putArray("Resources");
            resources.add(execution.machine.arn());
            resources.add(execution.arn);
            entries.add(copy);
        }
        try {
            ObjectNode answer = buses.withCaller(execution.machine.caller()).putEvents(entries);
            ObjectNode output = StepFunctionsJson.object();
            output.set("Entries", answer.path("Entries"));
            output.put("FailedEntryCount", answer.path("FailedEntryCount").asInt(0));
            if (answer.path("FailedEntryCount").asInt(0) > 0) {
                return new TaskResult.TaskFailed(
                        "EventBridge.FailedEntry", StepFunctionsJson.text(output));
            }
            return new TaskResult.TaskSucceeded(output);
        } catch (AwsErrorException e) {
            return refused("EventBridge", "EventBridge", e, "");
        }
    }

    private TaskResult startExecution(
            TaskResource.IntegrationPattern pattern, JsonNode arguments, PendingTask pending) {
        try {
            Execution child = start(arguments);
            ObjectNode answer = StepFunctionsJson.object();
            answer.put("ExecutionArn", child.arn);
            withMetadata(answer, "application/x-amz-json-1.0", child.arn.length() + 60);
            answer.put("StartDate", child.startedAt.toEpochMilli());
            if (pattern == TaskResource.IntegrationPattern.SYNC
                    || pattern == TaskResource.IntegrationPattern.SYNC_JSON) {
                pending.onAbandoned(() -> executions.abort(child));
                child.onEnd(
                        ended -> {
                            boolean unused =
                                    pending.complete(
                                            ending(
                                                    ended,
                                                    pattern
                                                            == TaskResource.IntegrationPattern
                                                                    .SYNC_JSON));
                        });
            }
            return new TaskResult.TaskSucceeded(answer);
        } catch (AwsErrorException e) {
            return refused("StepFunctions", "AWSStepFunctions", e, "Exception");
        }
    }

    /// The response of the SDK: without HTTP metadata, and timestamps as text.
    private TaskResult startExecutionBySdk(JsonNode arguments) {
        try {
            Execution child = start(arguments);
            return new TaskResult.TaskSucceeded(
                    StepFunctionsJson.object()
                            .put("ExecutionArn", child.arn)
                            .put("StartDate", StateContext.time(child.startedAt)));
        } catch (AwsErrorException e) {
            return refusedBySdk(e);
        }
    }

    /// @throws AwsErrorException the errors of `StartExecution`
    private Execution start(JsonNode arguments) {
        JsonNode input = arguments.path("Input");
        return executions.start(
                StepFunctionsJson.stringOrJson(required(arguments, "StateMachineArn")),
                arguments.path("Name").asString(null),
                input.isMissingNode() || input.isNull()
                        ? "{}"
                        : StepFunctionsJson.stringOrJson(input));
    }

    private static TaskResult refusedBySdk(AwsErrorException e) {
        String code = e.code().endsWith("Exception") ? e.code() : e.code() + "Exception";
        return new TaskResult.TaskFailed(
                "Sfn." + code,
                "%s (Service: Sfn, Status Code: %d, Request ID: %s)"
                        .formatted(e.getMessage(), e.status(), UUID.randomUUID()));
    }

    /// The result of a child execution for the Task that waited for it.
    private static TaskResult ending(Execution execution, boolean asJson) {
        Execution.ExecutionView view = execution.view();
        ObjectNode result = StepFunctionsJson.object();
        if (view.cause() != null) {
            result.put("Cause", view.cause());
        }
        if (view.error() != null) {
            result.put("Error", view.error());
        }
        result.put("ExecutionArn", execution.arn);
        result.set("Input", payload(execution.input, asJson));
        result.putObject("InputDetails").put("Included", true);
        result.put("Name", execution.name);
        if (view.output() != null) {
            result.set("Output", payload(view.output(), asJson));
            result.putObject("OutputDetails").put("Included", true);
        }
        result.put("StartDate", execution.startedAt.toEpochMilli());
        result.put("StateMachineArn", execution.machine.arn());
        result.put("Status", view.status().name());
        if (view.stoppedAt() != null) {
            result.put("StopDate", view.stoppedAt().toEpochMilli());
        }
        return view.status() == Execution.ExecutionStatus.SUCCEEDED
                ? new TaskResult.TaskSucceeded(result)
                : new TaskResult.TaskFailed(
                        StateFailedException.TASK_FAILED, StepFunctionsJson.text(result));
    }

    private static JsonNode payload(String text, boolean asJson) {
        return asJson ? StepFunctionsJson.parse(text) : StepFunctionsJson.NODES.stringNode(text);
    }

    private static JsonNode required(JsonNode arguments, String field) {
        JsonNode value = arguments.path(field);
        if (value.isMissingNode() || value.isNull()) {
            throw StateFailedException.runtime(
                    "The field '%s' is required but was missing".formatted(field));
        }
        return value;
    }

    private static TaskResult refused(
            String prefix, String service, AwsErrorException e, String suffix) {
        String code = e.code();
        String name = code.endsWith("Exception") ? code : code + suffix;
        return new TaskResult.TaskFailed(prefix + "." + name, cause(service, e));
    }

    private static String cause(String service, AwsErrorException e) {
        return "%s (Service: %s; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)"
                .formatted(e.getMessage(), service, e.status(), e.code(), UUID.randomUUID());
    }

    /// Adds the SDK's response metadata, which AWS includes in the result.
    private ObjectNode withMetadata(ObjectNode answer, String contentType, int length) {
        String requestId = UUID.randomUUID().toString();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("connection", "keep-alive");
        headers.put("Content-Length", String.valueOf(length));
        headers.put("Content-Type", contentType);
        headers.put("Date", HTTP_DATE.format(clock.instant()));
        headers.put("x-amzn-RequestId", requestId);
        ObjectNode http = answer.putObject("SdkHttpMetadata");
        ObjectNode all = http.putObject("AllHttpHeaders");
        headers.forEach((name, value) -> all.putArray(name).add(value));
        ObjectNode single = http.putObject("HttpHeaders");
        headers.forEach(single::put);
        http.put("HttpStatusCode", 200);
        answer.putObject("SdkResponseMetadata").put("RequestId", requestId);
        return answer;
    }

    @Override
    public void close() {
        http.close();
    }
}
