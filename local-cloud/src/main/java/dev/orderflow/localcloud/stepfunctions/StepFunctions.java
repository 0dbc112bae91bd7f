package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsError;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.AwsService;
import dev.orderflow.localcloud.wire.RequestContext;
import dev.orderflow.localcloud.wiring.Connections;
import dev.orderflow.localcloud.wiring.EventBuses;
import dev.orderflow.localcloud.wiring.Metrics;
import dev.orderflow.localcloud.wiring.Queues;
import dev.orderflow.localcloud.wiring.StateMachines;
import dev.orderflow.localcloud.wiring.Topics;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The API of Step Functions.
///
/// Executions are told apart by name for 90 days, as on AWS: the same name with the same input
// while
/// running is the same execution, every other reuse is `ExecutionAlreadyExists`. That is what makes
/// starting a workflow safe to repeat.
public final class StepFunctions implements AwsService, StateMachines, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StepFunctions.class);
    private static final Duration NAMES_KEPT = Duration.ofDays(90);
    private static final Pattern NAME =
            Pattern.compile("[^\\s<>{}\\[\\]?*\"#%\\\\^|~`$&,;:/\\p{Cntrl}]{1,80}");
    private static final Pattern MACHINE_ARN =
            Pattern.compile("arn:aws[a-z-]*:states:[a-z0-9-]+:\\d{12}:stateMachine:[^:]+(:[^:]+)?");
    private static final Pattern EXECUTION_ARN =
            Pattern.compile("arn:aws[a-z-]*:states:[a-z0-9-]+:\\d{12}:execution:[^:]+:[^:]+");

    private final CloudClock clock;
    private final Supplier<EventBuses> buses;
    private final Supplier<Metrics> metrics;
    private final TaskTokens tokens = new TaskTokens();
    private final TaskCalls calls;
    private final Interpreter interpreter;

    private final Map<String, StateMachine> machines = new ConcurrentHashMap<>();
    private final Map<String, Execution> executions = new ConcurrentHashMap<>();
    private final Map<String, List<Execution>> byMachine = new ConcurrentHashMap<>();

    /// Tells the rest of the cloud what happened to executions, in order and without holding them
    // up.
    private final ExecutorService announcer =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("executions").factory());

    /// Services that exist already.
    public StepFunctions(
            CloudClock clock,
            Queues queues,
            EventBuses buses,
            Topics topics,
            Connections connections,
            Metrics metrics) {
        this(clock, () -> queues, () -> buses, () -> topics, connections, () -> metrics);
    }

    /// Services that may come into being after this one, because they call it too.
    public StepFunctions(
            CloudClock clock,
            Supplier<Queues> queues,
            Supplier<EventBuses> buses,
            Supplier<Topics> topics,
            Connections connections,
            Supplier<Metrics> metrics) {
        this.clock = clock;
        this.buses = buses;
        this.metrics = metrics;
        this.calls =
                new TaskCalls(clock, queues, buses, topics, new HttpTask(connections), new Own());
        this.interpreter = new Interpreter(clock, calls, tokens);
    }

    @Override
    public String signingName() {
        return "states";
    }

    @Override
    public ObjectNode handle(AwsRequest request) {
        var input = new Input(request.input());
        return switch (request.operation()) {
            case "CreateStateMachine" -> createStateMachine(input, request.context());
            case "UpdateStateMachine" -> updateStateMachine(input);
            case "DescribeStateMachine" -> describeStateMachine(input);
            case "DescribeStateMachineForExecution" -> describeForExecution(input);
            case "DeleteStateMachine" -> deleteStateMachine(input);
            case "ListStateMachines" -> listStateMachines(input);
            case "ValidateStateMachineDefinition" -> validateDefinition(input);
            case "StartExecution" -> startExecution(input);
            case "DescribeExecution" -> describeExecution(input);
            case "ListExecutions" -> listExecutions(input);
            case "GetExecutionHistory" -> history(input);
            case "StopExecution" -> stopExecution(input);
            case "RedriveExecution" -> redriveExecution(input);
            case "SendTaskSuccess" -> sendTaskSuccess(input);
            case "SendTaskFailure" -> sendTaskFailure(input);
            case "SendTaskHeartbeat" -> sendTaskHeartbeat(input);
            case "TagResource" -> tag(input);
            case "UntagResource" -> untag(input);
            case "ListTagsForResource" -> listTags(input);
            default -> throw AwsError.unknownOperation(request.operation());
        };
    }

    @Override
    public String startExecution(String stateMachineArn, @Nullable String name, String input) {
        return begin(stateMachineArn, name, input, null).arn;
    }

    // ---- state machines

    private ObjectNode createStateMachine(Input in, RequestContext context) {
        in.allow(
                "name",
                "definition",
                "roleArn",
                "type",
                "loggingConfiguration",
                "tags",
                "tracingConfiguration",
                "publish",
                "versionDescription",
                "encryptionConfiguration");
        String name = in.required("name");
        String definitionText = in.required("definition");
        String roleArn = in.required("roleArn");
        if (!NAME.matcher(name).matches()) {
            throw AwsError.client("InvalidName", "Invalid Name: '" + name + "'");
        }
        checkRole(roleArn);
        if (!in.text("type", "STANDARD").equals("STANDARD")) {
            throw AwsError.client(
                    "StateMachineTypeNotSupported",
                    "local-cloud does not support state machines of type " + in.text("type", ""));
        }
        in.refuseVersions();
        Definition definition = readable(definitionText);
        String arn =
                "arn:aws:states:%s:%s:stateMachine:%s"
                        .formatted(context.region(), context.accountId(), name);
        var tags = new LinkedHashMap<String, String>();
        readTags(in.array("tags")).forEach(tags::put);
        var created =
                new StateMachine(
                        arn,
                        name,
                        context.region(),
                        context.accountId(),
                        definition,
                        roleArn,
                        clock.instant(),
                        UUID.randomUUID(),
                        false,
                        in.object("loggingConfiguration"),
                        in.object("tracingConfiguration"),
                        Map.copyOf(tags));
        StateMachine existing = machines.putIfAbsent(arn, created);
        if (existing != null) {
            if (existing.deleting()) {
                throw deleting(arn);
            }
            boolean same =
                    existing.definition().text().equals(definitionText)
                            && existing.roleArn().equals(roleArn);
            if (!same) {
                throw AwsError.client(
                        "StateMachineAlreadyExists", "State Machine Already Exists: '" + arn + "'");
            }
            created = existing;
        }
        ObjectNode answer = Json.object();
        answer.put("stateMachineArn", arn);
        answer.put("creationDate", seconds(created.createdAt()));
        return answer;
    }

    private static void checkRole(String roleArn) {
        if (!roleArn.matches("arn:aws[a-z-]*:iam::\\d{12}:role/.+")) {
            throw AwsError.client("InvalidArn", "Invalid Role Arn: '" + roleArn + "'");
        }
    }

    private static Definition readable(String text) {
        return switch (DefinitionReader.read(text)) {
            case DefinitionReader.Reading.Accepted(Definition definition) -> definition;
            case DefinitionReader.Reading.Refused(List<Diagnostic> findings) ->
                    throw AwsError.client("InvalidDefinition", Diagnostic.message(findings));
        };
    }

    private static AwsError deleting(String arn) {
        return AwsError.client(
                "StateMachineDeleting", "State Machine is being deleted: '" + arn + "'");
    }

    private StateMachine machine(String arn) {
        var shape = MACHINE_ARN.matcher(arn);
        if (!shape.matches()) {
            throw AwsError.client("InvalidArn", "Invalid Arn: '" + arn + "'");
        }
        if (shape.group(1) != null) {
            throw AwsError.validation(
                    "local-cloud does not support versions and aliases of state machines: " + arn);
        }
        StateMachine machine = machines.get(arn);
        if (machine == null) {
            throw AwsError.client(
                    "StateMachineDoesNotExist", "State Machine Does Not Exist: '" + arn + "'");
        }
        return machine;
    }

    private ObjectNode updateStateMachine(Input in) {
        in.allow(
                "stateMachineArn",
                "definition",
                "roleArn",
                "loggingConfiguration",
                "tracingConfiguration",
                "publish",
                "versionDescription",
                "encryptionConfiguration");
        in.refuseVersions();
        String arn = in.required("stateMachineArn");
        String text = in.optional("definition");
        String roleArn = in.optional("roleArn");
        ObjectNode logging = in.object("loggingConfiguration");
        ObjectNode tracing = in.object("tracingConfiguration");
        if (text == null && roleArn == null && logging == null && tracing == null) {
            throw AwsError.client(
                    "MissingRequiredParameter",
                    "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified");
        }
        if (machine(arn).deleting()) {
            throw deleting(arn);
        }
        if (roleArn != null) {
            checkRole(roleArn);
        }
        Definition definition = text == null ? null : readable(text);
        StateMachine updated =
                machines.computeIfPresent(
                        arn,
                        (_, m) ->
                                new StateMachine(
                                        m.arn(),
                                        m.name(),
                                        m.region(),
                                        m.account(),
                                        definition == null ? m.definition() : definition,
                                        roleArn == null ? m.roleArn() : roleArn,
                                        m.createdAt(),
                                        UUID.randomUUID(),
                                        m.deleting(),
                                        logging == null ? m.logging() : logging,
                                        tracing == null ? m.tracing() : tracing,
                                        m.tags()));
        if (updated == null) {
            throw deleting(arn);
        }
        ObjectNode answer = Json.object();
        answer.put("updateDate", seconds(clock.instant()));
        answer.put("revisionId", updated.revisionId().toString());
        return answer;
    }

    private ObjectNode describeStateMachine(Input in) {
        in.allow("stateMachineArn", "includedData");
        return described(machine(in.required("stateMachineArn")), "creationDate");
    }

    private ObjectNode describeForExecution(Input in) {
        in.allow("executionArn", "includedData");
        Execution execution = execution(in.required("executionArn"));
        ObjectNode answer = described(execution.machine, "updateDate");
        answer.remove("status");
        answer.remove("type");
        return answer;
    }

    private static ObjectNode described(StateMachine machine, String dateField) {
        ObjectNode answer = Json.object();
        answer.put("stateMachineArn", machine.arn());
        answer.put("name", machine.name());
        answer.put("status", machine.deleting() ? "DELETING" : "ACTIVE");
        answer.put("definition", machine.definition().text());
        answer.put("roleArn", machine.roleArn());
        answer.put("type", "STANDARD");
        answer.put(dateField, seconds(machine.createdAt()));
        ObjectNode logging = machine.logging();
        answer.set(
                "loggingConfiguration",
                logging == null
                        ? Json.object().put("level", "OFF").put("includeExecutionData", false)
                        : logging);
        ObjectNode tracing = machine.tracing();
        answer.set(
                "tracingConfiguration",
                tracing == null ? Json.object().put("enabled", false) : tracing);
        answer.put("revisionId", machine.revisionId().toString());
        answer.putObject("encryptionConfiguration").put("type", "AWS_OWNED_KEY");
        return answer;
    }

    private ObjectNode deleteStateMachine(Input in) {
        in.allow("stateMachineArn");
        String arn = in.required("stateMachineArn");
        if (!MACHINE_ARN.matcher(arn).matches()) {
            throw AwsError.client("InvalidArn", "Invalid Arn: '" + arn + "'");
        }
        StateMachine machine = machines.get(arn);
        if (machine != null) {
            machines.computeIfPresent(
                    arn,
                    (_, m) ->
                            new StateMachine(
                                    m.arn(),
                                    m.name(),
                                    m.region(),
                                    m.account(),
                                    m.definition(),
                                    m.roleArn(),
                                    m.createdAt(),
                                    m.revisionId(),
                                    true,
                                    m.logging(),
                                    m.tracing(),
                                    m.tags()));
            removeWhenIdle(arn);
        }
        return Json.object();
    }

    /// A state machine that is being deleted goes when its last execution has ended.
    private void removeWhenIdle(String arn) {
        machines.computeIfPresent(
                arn,
                (_, m) -> {
                    if (!m.deleting()) {
                        return m;
                    }
                    boolean busy =
                            ofMachine(arn).stream()
                                    .anyMatch(x -> x.view().status() == Execution.Status.RUNNING);
                    return busy ? m : null;
                });
    }

    private List<Execution> ofMachine(String arn) {
        List<Execution> list = byMachine.get(arn);
        if (list == null) {
            return List.of();
        }
        synchronized (list) {
            return List.copyOf(list);
        }
    }

    private ObjectNode listStateMachines(Input in) {
        in.allow("maxResults", "nextToken");
        List<StateMachine> all =
                machines.values().stream()
                        .sorted(
                                java.util.Comparator.comparing(StateMachine::createdAt)
                                        .reversed()
                                        .thenComparing(StateMachine::name))
                        .toList();
        return page(
                in,
                "stateMachines",
                all,
                machine -> {
                    ObjectNode one = Json.object();
                    one.put("stateMachineArn", machine.arn());
                    one.put("name", machine.name());
                    one.put("type", "STANDARD");
                    one.put("creationDate", seconds(machine.createdAt()));
                    return one;
                });
    }

    private static ObjectNode validateDefinition(Input in) {
        in.allow("definition", "type", "severity", "maxResults");
        ObjectNode answer = Json.object();
        ArrayNode diagnostics = Json.NODES.arrayNode();
        if (DefinitionReader.read(in.required("definition"))
                instanceof DefinitionReader.Reading.Refused(List<Diagnostic> findings)) {
            for (Diagnostic finding : findings) {
                ObjectNode one = diagnostics.addObject();
                one.put("severity", "ERROR");
                one.put("code", finding.code().name());
                one.put("message", finding.message());
                if (finding.location() != null) {
                    one.put("location", finding.location());
                }
            }
        }
        answer.put("result", diagnostics.isEmpty() ? "OK" : "FAIL");
        answer.set("diagnostics", diagnostics);
        answer.put("truncated", false);
        return answer;
    }

    // ---- executions

    private ObjectNode startExecution(Input in) {
        in.allow("stateMachineArn", "name", "input", "traceHeader");
        Execution execution =
                begin(
                        in.required("stateMachineArn"),
                        in.optional("name"),
                        in.text("input", "{}"),
                        in.optional("traceHeader"));
        ObjectNode answer = Json.object();
        answer.put("executionArn", execution.arn);
        answer.put("startDate", seconds(execution.startedAt));
        return answer;
    }

    private Execution begin(
            String machineArn, @Nullable String wanted, String input, @Nullable String trace) {
        StateMachine machine = machine(machineArn);
        if (machine.deleting()) {
            throw deleting(machineArn);
        }
        String name = wanted == null ? UUID.randomUUID().toString() : wanted;
        if (!NAME.matcher(name).matches()) {
            throw AwsError.client("InvalidName", "Invalid Name: '" + name + "'");
        }
        if (bytes(input) > Interpreter.PAYLOAD_LIMIT) {
            throw AwsError.validation(
                    "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to "
                            + Interpreter.PAYLOAD_LIMIT);
        }
        JsonNode parsed;
        try {
            parsed = Json.parse(input);
        } catch (JacksonException | IllegalArgumentException e) {
            String reason =
                    e instanceof JacksonException j ? j.getOriginalMessage() : e.getMessage();
            throw AwsError.client(
                    "InvalidExecutionInput",
                    "Invalid State Machine Execution Input: '%s'".formatted(reason));
        }
        String arn = machine.executionArn(name);
        var fresh =
                new Execution(
                        arn,
                        name,
                        machine,
                        machine.definition(),
                        input,
                        parsed,
                        clock.instant(),
                        new History(clock),
                        trace);
        boolean reuses = executions.containsKey(arn);
        Execution kept =
                executions.compute(
                        arn,
                        (_, existing) ->
                                existing == null || isForgotten(existing) ? fresh : existing);
        if (kept == fresh) {
            List<Execution> list = byMachine.computeIfAbsent(machineArn, _ -> new ArrayList<>());
            synchronized (list) {
                if (reuses) {
                    list.removeIf(x -> x.arn.equals(arn));
                }
                list.add(fresh);
            }
            launch(fresh);
            return fresh;
        }
        if (kept.view().status() == Execution.Status.RUNNING && kept.input.equals(input)) {
            return kept;
        }
        throw AwsError.client("ExecutionAlreadyExists", "Execution Already Exists: '" + arn + "'");
    }

    private boolean isForgotten(Execution execution) {
        Instant stopped = execution.view().stoppedAt();
        return stopped != null && stopped.plus(NAMES_KEPT).isBefore(clock.instant());
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private void launch(Execution x) {
        x.locked(
                () -> {
                    ObjectNode started = History.payload(Json.object(), "input", x.input);
                    started.put("roleArn", x.machine.roleArn());
                    x.history.last(0, "ExecutionStarted", "executionStartedEventDetails", started);
                    announce(x, "ExecutionsStarted");
                    run(x, false);
                });
    }

    /// Starts the thread that walks the execution; with the baton in hand.
    private void run(Execution x, boolean again) {
        Execution.Group group = x.root().group;
        Long timeout = x.definition.timeoutSeconds();
        if (timeout != null) {
            x.start(group, () -> watch(x, Duration.ofSeconds(timeout)));
        }
        x.start(
                group,
                () -> {
                    Interpreter.Ending ending = interpreter.run(x, again);
                    switch (ending) {
                        case Interpreter.Ending.Succeeded(JsonNode output) -> {
                            String text = Json.text(output);
                            finish(
                                    x,
                                    Execution.Status.SUCCEEDED,
                                    "ExecutionSucceeded",
                                    "executionSucceededEventDetails",
                                    History.payload(Json.object(), "output", text),
                                    text,
                                    null,
                                    null);
                        }
                        case Interpreter.Ending.Failed(String error, String cause) ->
                                finish(
                                        x,
                                        Execution.Status.FAILED,
                                        "ExecutionFailed",
                                        "executionFailedEventDetails",
                                        History.failure(Json.object(), error, cause),
                                        null,
                                        error,
                                        cause);
                    }
                });
    }

    private void watch(Execution x, Duration timeout) {
        Instant until = clock.instant().plus(timeout);
        var never = x.condition();
        try {
            while (true) {
                Duration left = Duration.between(clock.instant(), until);
                if (left.isZero() || left.isNegative()) {
                    break;
                }
                boolean unused =
                        never.await(
                                clock.real(left).toNanos(),
                                java.util.concurrent.TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            return;
        }
        finish(
                x,
                Execution.Status.TIMED_OUT,
                "ExecutionTimedOut",
                "executionTimedOutEventDetails",
                Json.object(),
                null,
                null,
                null);
    }

    /// Ends the execution, once; with the baton in hand.
    private void finish(
            Execution x,
            Execution.Status status,
            String event,
            String detailsField,
            ObjectNode details,
            @Nullable String output,
            @Nullable String error,
            @Nullable String cause) {
        if (!x.isRunning()) {
            return;
        }
        x.history.last(x.root().last, event, detailsField, details);
        List<Consumer<Execution>> listeners = x.end(status, clock.instant(), output, error, cause);
        announce(
                x,
                switch (status) {
                    case SUCCEEDED -> "ExecutionsSucceeded";
                    case FAILED -> "ExecutionsFailed";
                    case TIMED_OUT -> "ExecutionsTimedOut";
                    case ABORTED -> "ExecutionsAborted";
                    case RUNNING -> throw new IllegalStateException("an end that is none");
                });
        inOrder(
                () -> {
                    listeners.forEach(l -> l.accept(x));
                    removeWhenIdle(x.machine.arn());
                });
    }

    private Execution execution(String arn) {
        if (!EXECUTION_ARN.matcher(arn).matches()) {
            throw AwsError.client("InvalidArn", "Invalid Arn: '" + arn + "'");
        }
        Execution execution = executions.get(arn);
        if (execution == null) {
            throw AwsError.client(
                    "ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "'");
        }
        return execution;
    }

    private ObjectNode describeExecution(Input in) {
        in.allow("executionArn", "includedData");
        Execution x = execution(in.required("executionArn"));
        boolean withData = !in.text("includedData", "ALL_DATA").equals("METADATA_ONLY");
        Execution.View view = x.view();
        ObjectNode answer = Json.object();
        answer.put("executionArn", x.arn);
        answer.put("stateMachineArn", x.machine.arn());
        answer.put("name", x.name);
        answer.put("status", view.status().name());
        answer.put("startDate", seconds(x.startedAt));
        if (view.stoppedAt() != null) {
            answer.put("stopDate", seconds(view.stoppedAt()));
        }
        if (withData) {
            answer.put("input", x.input);
            answer.putObject("inputDetails").put("included", true);
            if (view.output() != null) {
                answer.put("output", view.output());
                answer.putObject("outputDetails").put("included", true);
            }
            History.failure(answer, view.error(), view.cause());
        }
        if (x.traceHeader != null) {
            answer.put("traceHeader", x.traceHeader);
        }
        answer.put("redriveCount", view.redriveCount());
        if (view.redrivenAt() != null) {
            answer.put("redriveDate", seconds(view.redrivenAt()));
        }
        String reason = notRedrivable(x, view);
        answer.put("redriveStatus", reason == null ? "REDRIVABLE" : "NOT_REDRIVABLE");
        if (reason != null) {
            answer.put("redriveStatusReason", reason);
        }
        return answer;
    }

    /// Why the execution cannot be redriven, null when it can.
    private @Nullable String notRedrivable(Execution x, Execution.View view) {
        if (!view.status().canBeRedriven()) {
            return "Execution is %s and cannot be redriven".formatted(view.status());
        }
        Instant stopped = view.stoppedAt();
        if (stopped != null && stopped.plus(Execution.REDRIVABLE_FOR).isBefore(clock.instant())) {
            return "Execution is past the redrivable period and cannot be redriven";
        }
        return null;
    }

    private ObjectNode listExecutions(Input in) {
        in.allow(
                "stateMachineArn",
                "statusFilter",
                "maxResults",
                "nextToken",
                "mapRunArn",
                "redriveFilter");
        if (in.optional("mapRunArn") != null) {
            throw AwsError.validation("local-cloud does not support distributed Map: mapRunArn");
        }
        StateMachine machine = machine(in.required("stateMachineArn"));
        String status = in.optional("statusFilter");
        if (status != null
                && !Set.of(
                                "RUNNING",
                                "SUCCEEDED",
                                "FAILED",
                                "TIMED_OUT",
                                "ABORTED",
                                "PENDING_REDRIVE")
                        .contains(status)) {
            throw AwsError.validation(
                    "1 validation error detected: Value '%s' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set"
                            .formatted(status));
        }
        String redriven = in.text("redriveFilter", "");
        Predicate<Execution> wanted =
                x -> {
                    Execution.View view = x.view();
                    return (status == null || view.status().name().equals(status))
                            && switch (redriven) {
                                case "REDRIVEN" -> view.redriveCount() > 0;
                                case "NOT_REDRIVEN" -> view.redriveCount() == 0;
                                default -> true;
                            };
                };
        List<Execution> all = ofMachine(machine.arn()).reversed().stream().filter(wanted).toList();
        return page(in, "executions", all, this::summary);
    }

    private ObjectNode summary(Execution x) {
        Execution.View view = x.view();
        ObjectNode one = Json.object();
        one.put("executionArn", x.arn);
        one.put("stateMachineArn", x.machine.arn());
        one.put("name", x.name);
        one.put("status", view.status().name());
        one.put("startDate", seconds(x.startedAt));
        if (view.stoppedAt() != null) {
            one.put("stopDate", seconds(view.stoppedAt()));
        }
        one.put("redriveCount", view.redriveCount());
        if (view.redrivenAt() != null) {
            one.put("redriveDate", seconds(view.redrivenAt()));
        }
        return one;
    }

    private ObjectNode history(Input in) {
        in.allow("executionArn", "maxResults", "reverseOrder", "nextToken", "includeExecutionData");
        Execution x = execution(in.required("executionArn"));
        boolean withData = in.flag("includeExecutionData", true);
        List<History.Event> events = x.locked(x.history::events);
        if (in.flag("reverseOrder", false)) {
            events = events.reversed();
        }
        return page(in, "events", events, event -> told(event, withData));
    }

    private static ObjectNode told(History.Event event, boolean withData) {
        ObjectNode one = Json.object();
        one.put("timestamp", seconds(event.at()));
        one.put("type", event.type());
        one.put("id", event.id());
        one.put("previousEventId", event.previousId());
        String field = event.detailsField();
        if (field != null) {
            ObjectNode details = event.details().deepCopy();
            if (!withData) {
                details.remove(
                        List.of(
                                "input",
                                "output",
                                "parameters",
                                "inputDetails",
                                "outputDetails",
                                "error",
                                "cause",
                                "assignedVariables",
                                "assignedVariablesDetails"));
            }
            one.set(field, details);
        }
        return one;
    }

    private ObjectNode stopExecution(Input in) {
        in.allow("executionArn", "error", "cause");
        Execution x = execution(in.required("executionArn"));
        String error = in.optional("error");
        String cause = in.optional("cause");
        x.locked(
                () ->
                        finish(
                                x,
                                Execution.Status.ABORTED,
                                "ExecutionAborted",
                                "executionAbortedEventDetails",
                                History.failure(Json.object(), error, cause),
                                null,
                                error,
                                cause));
        Instant stopped = x.view().stoppedAt();
        return Json.object().put("stopDate", seconds(stopped == null ? clock.instant() : stopped));
    }

    private ObjectNode redriveExecution(Input in) {
        in.allow("executionArn", "clientToken");
        Execution x = execution(in.required("executionArn"));
        Instant now = clock.instant();
        x.locked(
                () -> {
                    String reason = notRedrivable(x, x.view());
                    if (reason != null) {
                        throw AwsError.client("ExecutionNotRedrivable", reason);
                    }
                    if (x.history.events().size() >= History.LIMIT - 1) {
                        throw AwsError.client(
                                "ExecutionNotRedrivable",
                                "Execution history event limit has been reached");
                    }
                    x.redrive(now);
                    long last = x.history.events().getLast().id();
                    x.root().last =
                            x.history
                                    .last(
                                            last,
                                            "ExecutionRedriven",
                                            "executionRedrivenEventDetails",
                                            Json.object().put("redriveCount", x.redriveCount()))
                                    .id();
                    announce(x, "ExecutionsRedriven");
                    run(x, true);
                });
        return Json.object().put("redriveDate", seconds(now));
    }

    // ---- task tokens

    private ObjectNode sendTaskSuccess(Input in) {
        in.allow("taskToken", "output");
        String token = token(in);
        String output = in.required("output");
        JsonNode parsed;
        try {
            parsed = Json.parse(output);
        } catch (JacksonException | IllegalArgumentException e) {
            throw AwsError.client("InvalidOutput", "Invalid Output: '" + output + "'");
        }
        if (bytes(output) > Interpreter.PAYLOAD_LIMIT) {
            throw AwsError.validation(
                    "1 validation error detected: Value at 'output' failed to satisfy constraint: Member must have length less than or equal to "
                            + Interpreter.PAYLOAD_LIMIT);
        }
        tell(token, new PendingTask.Outcome.Succeeded(parsed));
        return Json.object();
    }

    private ObjectNode sendTaskFailure(Input in) {
        in.allow("taskToken", "error", "cause");
        String error = in.bounded("error", 256);
        String cause = in.bounded("cause", 32_768);
        tell(token(in), new PendingTask.Outcome.Failed(error, cause));
        return Json.object();
    }

    private ObjectNode sendTaskHeartbeat(Input in) {
        in.allow("taskToken");
        if (!tokens.find(token(in)).heartbeat()) {
            throw TaskTokens.over();
        }
        return Json.object();
    }

    private static String token(Input in) {
        String token = in.required("taskToken");
        if (token.length() > 2048) {
            throw AwsError.client("InvalidToken", "Invalid Token: 'Invalid token'");
        }
        return token;
    }

    private void tell(String token, PendingTask.Outcome outcome) {
        if (!tokens.find(token).tell(outcome)) {
            throw TaskTokens.over();
        }
    }

    // ---- tags

    private ObjectNode tag(Input in) {
        in.allow("resourceArn", "tags");
        retag(in, tags -> readTags(in.array("tags")).forEach(tags::put));
        return Json.object();
    }

    private ObjectNode untag(Input in) {
        in.allow("resourceArn", "tagKeys");
        retag(in, tags -> in.array("tagKeys").forEach(key -> tags.remove(key.asString(""))));
        return Json.object();
    }

    private void retag(Input in, Consumer<Map<String, String>> change) {
        StateMachine machine = tagged(in);
        var tags = new LinkedHashMap<>(machine.tags());
        change.accept(tags);
        machines.computeIfPresent(
                machine.arn(),
                (_, m) ->
                        new StateMachine(
                                m.arn(),
                                m.name(),
                                m.region(),
                                m.account(),
                                m.definition(),
                                m.roleArn(),
                                m.createdAt(),
                                m.revisionId(),
                                m.deleting(),
                                m.logging(),
                                m.tracing(),
                                Map.copyOf(tags)));
    }

    private StateMachine tagged(Input in) {
        String arn = in.required("resourceArn");
        StateMachine machine = machines.get(arn);
        if (machine == null) {
            throw AwsError.client("ResourceNotFound", "Resource not found: '" + arn + "'");
        }
        return machine;
    }

    private ObjectNode listTags(Input in) {
        in.allow("resourceArn");
        ObjectNode answer = Json.object();
        ArrayNode tags = answer.putArray("tags");
        tagged(in)
                .tags()
                .forEach((key, value) -> tags.addObject().put("key", key).put("value", value));
        return answer;
    }

    private static Map<String, String> readTags(JsonNode given) {
        var tags = new LinkedHashMap<String, String>();
        given.forEach(t -> tags.put(t.path("key").asString(""), t.path("value").asString("")));
        return tags;
    }

    // ---- what the rest of the cloud hears

    /// With the baton in hand: what is told is the execution as it is now.
    private void announce(Execution x, String metric) {
        Execution.View view = x.view();
        ObjectNode detail = Json.object();
        detail.put("executionArn", x.arn);
        detail.put("stateMachineArn", x.machine.arn());
        detail.put("name", x.name);
        detail.put("status", view.status().name());
        detail.put("startDate", x.startedAt.toEpochMilli());
        detail.set("stopDate", millis(view.stoppedAt()));
        detail.put("input", x.input);
        detail.put("output", view.output());
        detail.putNull("stateMachineVersionArn");
        detail.putNull("stateMachineAliasArn");
        detail.put("redriveCount", view.redriveCount());
        detail.set("redriveDate", millis(view.redrivenAt()));
        String reason = notRedrivable(x, view);
        detail.put("redriveStatus", reason == null ? "REDRIVABLE" : "NOT_REDRIVABLE");
        detail.put("redriveStatusReason", reason);
        detail.putObject("inputDetails").put("included", true);
        if (view.output() == null) {
            detail.putNull("outputDetails");
        } else {
            detail.putObject("outputDetails").put("included", true);
        }
        detail.put("error", view.error());
        detail.put("cause", view.cause());
        Instant stopped = view.stoppedAt();
        inOrder(
                () -> {
                    buses.get()
                            .publishServiceEvent(
                                    "aws.states",
                                    "Step Functions Execution Status Change",
                                    List.of(x.arn),
                                    detail);
                    var dimensions = Map.of("StateMachineArn", x.machine.arn());
                    metrics.get().record("AWS/States", metric, dimensions, 1);
                    if (stopped != null) {
                        metrics.get()
                                .record(
                                        "AWS/States",
                                        "ExecutionTime",
                                        dimensions,
                                        Duration.between(x.startedAt, stopped).toMillis());
                    }
                });
    }

    private static JsonNode millis(@Nullable Instant instant) {
        return instant == null
                ? Json.NODES.nullNode()
                : Json.NODES.numberNode(instant.toEpochMilli());
    }

    private void inOrder(Runnable work) {
        try {
            announcer.execute(
                    () -> {
                        try {
                            work.run();
                        } catch (RuntimeException e) {
                            LOG.error("An execution's status could not be told", e);
                        }
                    });
        } catch (RejectedExecutionException e) {
            LOG.debug("Closed: nobody is told of an execution any more");
        }
    }

    private static BigDecimal seconds(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli(), 3);
    }

    private static <T> ObjectNode page(
            Input in, String field, List<T> all, java.util.function.Function<T, ObjectNode> tell) {
        int size = in.pageSize();
        int from = in.pageStart(all.size());
        int to = Math.min(all.size(), from + size);
        ObjectNode answer = Json.object();
        ArrayNode array = answer.putArray(field);
        all.subList(from, to).forEach(one -> array.add(tell.apply(one)));
        if (to < all.size()) {
            answer.put(
                    "nextToken",
                    Base64.getEncoder()
                            .encodeToString(("at:" + to).getBytes(StandardCharsets.UTF_8)));
        }
        return answer;
    }

    /// What executions do to executions.
    private final class Own implements TaskCalls.Executions {

        @Override
        public Execution start(String stateMachineArn, @Nullable String name, String input) {
            return begin(stateMachineArn, name, input, null);
        }

        @Override
        public void tell(Integration.Action action, JsonNode arguments) {
            ObjectNode given = Json.object();
            arguments
                    .properties()
                    .forEach(
                            e ->
                                    given.set(
                                            Character.toLowerCase(e.getKey().charAt(0))
                                                    + e.getKey().substring(1),
                                            e.getValue()));
            var in = new Input(given);
            ObjectNode unused =
                    switch (action) {
                        case SDK_TASK_SUCCESS -> sendTaskSuccess(in);
                        case SDK_TASK_FAILURE -> sendTaskFailure(in);
                        default -> sendTaskHeartbeat(in);
                    };
        }
    }

    /// Ends every execution and what it waits for.
    @Override
    public void close() {
        announcer.shutdownNow();
        executions
                .values()
                .forEach(
                        x ->
                                x.locked(
                                        () -> {
                                            if (x.isRunning()) {
                                                List<Consumer<Execution>> unused =
                                                        x.end(
                                                                Execution.Status.ABORTED,
                                                                clock.instant(),
                                                                null,
                                                                null,
                                                                null);
                                            }
                                        }));
        calls.close();
    }
}
