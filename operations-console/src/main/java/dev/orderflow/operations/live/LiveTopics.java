package dev.orderflow.operations.live;

import dev.orderflow.defaults.text.Sha256;
import dev.orderflow.defaults.text.UuidFormat;
import dev.orderflow.operations.OperationsProperties;
import dev.orderflow.operations.alarms.AlarmQueries;
import dev.orderflow.operations.audittrail.TrailReader;
import dev.orderflow.operations.casefile.CaseFileService;
import dev.orderflow.operations.services.ServiceApi;
import dev.orderflow.operations.services.ServiceApiFactory;
import dev.orderflow.operations.workflow.WorkflowReader;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;

/// The topics that pages can watch: what the database of the console says, which costs one short
/// statement, and what services and AWS say, which are asked less often.
@Component
class LiveTopics {

    private static final Duration OWN = Duration.ofSeconds(2);
    private static final Duration SERVICE = Duration.ofSeconds(5);
    private static final Duration AWS = Duration.ofSeconds(15);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_ENTRIES = 500;
    private static final int MAX_TRAIL_ENTRIES = 10;

    private static final String DEAD_LETTERS =
            """
            SELECT concat_ws('|', (SELECT string_agg(concat_ws(':', queue, message_count, problem, next_due_at < now()),
                                                     ',' ORDER BY queue)
                                     FROM dead_letter_scan),
                             (SELECT max(sent_at) FROM dead_letter), (SELECT max(id) FROM audit_trail))
            """;

    private static final String REDRIVES =
            """
            SELECT concat_ws('|', (SELECT string_agg(concat_ws(':', id, state, done, skipped, blocked, failed, canary_passed), ',')
                                     FROM (SELECT * FROM redrive ORDER BY started_at DESC, id LIMIT 50) AS latest),
                             (SELECT count(*) FROM redrive_item WHERE result = 'WAITING'))
            """;

    private static final String APPROVALS =
            "SELECT concat_ws('|', count(*), count(confirmed_at), count(outcome), max(requested_at)) FROM waiting_action";

    private static final String VIOLATIONS =
            """
            SELECT concat_ws('|', (SELECT max(id) FROM violation),
                             (SELECT count(*) FROM violation WHERE cleared_at IS NULL AND opened_at IS NOT NULL))
            """;

    /// The auditor follows all changes of orders.
    private static final String ORDERS = "SELECT orders_cursor FROM audit_cursor";

    private static final String PLAN =
            "SELECT concat_ws('|', state, item_count) FROM redrive_plan WHERE id = :id";

    private final JdbcClient jdbc;
    private final ServiceApi orders;
    private final TrailReader trail;
    private final AlarmQueries alarms;
    private final CaseFileService caseFiles;
    private final WorkflowReader workflow;
    private final SfnClient stepFunctions;
    private final String stateMachineArn;
    private final Map<String, LiveTopic> topics;

    LiveTopics(
            JdbcClient jdbc,
            ServiceApiFactory services,
            TrailReader trail,
            AlarmQueries alarms,
            CaseFileService caseFiles,
            WorkflowReader workflow,
            SfnClient operationsStepFunctions,
            OperationsProperties properties) {
        this.jdbc = jdbc;
        this.orders = services.orderService(READ_TIMEOUT);
        this.trail = trail;
        this.alarms = alarms;
        this.caseFiles = caseFiles;
        this.workflow = workflow;
        this.stepFunctions = operationsStepFunctions;
        this.stateMachineArn = properties.stateMachineArn();
        this.topics =
                Stream.of(
                                own("dead-letters", DEAD_LETTERS),
                                own("redrives", REDRIVES),
                                own("confirmations", APPROVALS),
                                own("violations", VIOLATIONS),
                                own("orders", ORDERS),
                                service("work-items", "/internal/work-items?limit=200"),
                                service("approvals", "/internal/approvals"),
                                service("parked-events", "/internal/outbox/parked/reasons"),
                                new LiveTopic("trail", SERVICE, this::readTrail),
                                new LiveTopic("alarms", AWS, this::readAlarms),
                                new LiveTopic("workflow", AWS, this::readStopped))
                        .collect(Collectors.toUnmodifiableMap(LiveTopic::name, topic -> topic));
    }

    private LiveTopic own(String name, String sql) {
        return new LiveTopic(
                name,
                OWN,
                () -> jdbc.sql(sql).query((row, _) -> String.valueOf(row.getString(1))).single());
    }

    private LiveTopic service(String name, String path) {
        return new LiveTopic(name, SERVICE, () -> Sha256.hex(orders.get(path).json().toString()));
    }

    /// The newest entries and which services do not respond stand for the whole.
    private String readTrail() {
        return trail.findBefore(Optional.empty(), Optional.empty(), MAX_TRAIL_ENTRIES).toString();
    }

    /// Finds a topic: one of the list, or `order/`, `execution/` or `plan/` with an id.
    Optional<LiveTopic> find(String name) {
        var listed = topics.get(name);
        if (listed != null) {
            return Optional.of(listed);
        }
        int slash = name.indexOf('/');
        return slash < 0
                ? Optional.empty()
                : UuidFormat.parse(name.substring(slash + 1))
                        .flatMap(id -> findOf(name.substring(0, slash), id))
                        .map(topic -> new LiveTopic(name, topic.interval(), topic.state()));
    }

    private Optional<LiveTopic> findOf(String kind, UUID id) {
        return switch (kind) {
            case "order" -> Optional.of(topic(kind, SERVICE, () -> readCaseFile(id)));
            case "execution" ->
                    Optional.of(topic(kind, SERVICE, () -> workflow.findProgress(id).toString()));
            case "plan" -> Optional.of(topic(kind, OWN, () -> readPlan(id)));
            default -> Optional.empty();
        };
    }

    private static LiveTopic topic(String kind, Duration interval, Supplier<String> state) {
        return new LiveTopic(kind, interval, state);
    }

    private String readPlan(UUID id) {
        return jdbc.sql(PLAN)
                .param("id", id)
                .query((row, _) -> String.valueOf(row.getString(1)))
                .optional()
                .orElse("none");
    }

    /// Without the gaps, the last of which grows with time.
    private String readCaseFile(UUID id) {
        return switch (caseFiles.find(id, MAX_ENTRIES)) {
            case CaseFileService.CaseFileResult.CaseFileFound(var file) ->
                    Sha256.hex("%s|%s|%s".formatted(file.states(), file.timeline(), file.parts()));
            case CaseFileService.CaseFileResult.CaseFileMissing _ -> "none";
        };
    }

    private String readAlarms() {
        return alarms.find(true).stream()
                .map(alarm -> alarm.name() + alarm.since())
                .collect(Collectors.joining(","));
    }

    private String readStopped() {
        return Stream.of(ExecutionStatus.FAILED, ExecutionStatus.TIMED_OUT, ExecutionStatus.ABORTED)
                .flatMap(
                        status ->
                                stepFunctions
                                        .listExecutions(
                                                list ->
                                                        list.stateMachineArn(stateMachineArn)
                                                                .statusFilter(status)
                                                                .maxResults(50))
                                        .executions()
                                        .stream())
                .map(
                        execution ->
                                execution.name()
                                        + execution.statusAsString()
                                        + execution.redriveCount())
                .collect(Collectors.joining(","));
    }
}
