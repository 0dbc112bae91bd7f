package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.bulkactions.BulkActionService;
import dev.orderflow.operations.deadletters.DeadLetterPlanner;
import dev.orderflow.operations.deadletters.DeadLetterQueries;
import dev.orderflow.operations.deadletters.FailureCause;
import dev.orderflow.operations.deadletters.RedriveAssessment;
import dev.orderflow.operations.redrive.PlannedAction;
import dev.orderflow.operations.redrive.RedriveTask;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Lists, redrives and discards dead letters.
@RestController
@RequestMapping(path = "/internal/operations/dead-letters", produces = "application/json")
class DeadLettersController {

    private final DeadLetterQueries queries;
    private final DeadLetterPlanner planner;
    private final BulkActionService bulkActions;

    DeadLettersController(
            DeadLetterQueries queries, DeadLetterPlanner planner, BulkActionService bulkActions) {
        this.queries = queries;
        this.planner = planner;
        this.bulkActions = bulkActions;
    }

    record QueuesOverview(List<QueueBody> queues) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record QueueBody(
            String queue,
            int count,
            int received,
            boolean complete,
            List<CauseGroupBody> groups,
            @Nullable String problem,
            @Nullable List<MessageBody> messages) {

        static QueueBody of(
                DeadLetterQueries.QueueView view, @Nullable List<MessageBody> messages) {
            return new QueueBody(
                    view.queue(),
                    view.count(),
                    view.received(),
                    view.complete(),
                    view.groups().stream().map(CauseGroupBody::of).toList(),
                    view.problem().orElse(null),
                    messages);
        }
    }

    record CauseGroupBody(
            String fingerprint,
            String reason,
            FailureCause.CauseSource reportedBy,
            int count,
            Instant oldest) {

        static CauseGroupBody of(DeadLetterQueries.CauseGroup group) {
            return new CauseGroupBody(
                    group.fingerprint(),
                    group.reason(),
                    group.reportedBy(),
                    group.count(),
                    group.oldest());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MessageBody(
            String messageId,
            @Nullable String orderId,
            String type,
            Instant sentAt,
            Instant firstReceivedAt,
            String fingerprint,
            String reason,
            Map<String, String> body,
            @Nullable String targetQueue,
            String orderState,
            RedriveAssessment assessment,
            String description) {

        static MessageBody of(DeadLetterQueries.DeadLetterView message) {
            return new MessageBody(
                    message.messageId(),
                    message.orderId().orElse(null),
                    message.type(),
                    message.sentAt(),
                    message.firstReceivedAt(),
                    message.fingerprint(),
                    message.reason(),
                    message.body(),
                    message.targetQueue().orElse(null),
                    message.orderState(),
                    message.assessment(),
                    message.description());
        }
    }

    /// @param planId names the plan when it is run
    record DeadLetterPlanBody(
            UUID planId,
            String queue,
            boolean dryRun,
            boolean complete,
            int received,
            int selected,
            Map<PlannedAction, Integer> plannedActions,
            List<RedriveStepBody> messages) {

        static DeadLetterPlanBody of(DeadLetterPlanner.DeadLetterPlan plan) {
            return new DeadLetterPlanBody(
                    plan.id(),
                    plan.queue(),
                    true,
                    plan.complete(),
                    plan.received(),
                    plan.selected(),
                    plan.plannedActions(),
                    plan.steps().stream().map(RedriveStepBody::of).toList());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RedriveStepBody(
            String messageId,
            @Nullable String orderId,
            String type,
            String orderState,
            RedriveAssessment assessment,
            PlannedAction plannedAction) {

        static RedriveStepBody of(DeadLetterPlanner.RedriveStep step) {
            return new RedriveStepBody(
                    step.messageId(),
                    step.orderId().orElse(null),
                    step.type(),
                    step.orderState(),
                    step.assessment(),
                    step.plannedAction());
        }
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    QueuesOverview listQueues() {
        return new QueuesOverview(
                queries.overview().stream().map(view -> QueueBody.of(view, null)).toList());
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/{queue}")
    QueueBody showQueue(
            @PathVariable String queue,
            @RequestParam(required = false)
                    @Pattern(
                            regexp = FailureCause.FINGERPRINT_REGEX,
                            message = "must be 4 to 64 hexadecimal digits")
                    @Nullable String fingerprint,
            @RequestParam(defaultValue = "100") @Min(1) @Max(500) int limit) {
        var detail = queries.detail(requireQueue(queue), Optional.ofNullable(fingerprint), limit);
        return QueueBody.of(
                detail.queue(), detail.messages().stream().map(MessageBody::of).toList());
    }

    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/{queue}/redrive")
    ResponseEntity<?> redrive(
            @PathVariable String queue,
            @Valid @RequestBody RedriveRequest.MessagesRedriveRequest request,
            Operator operator) {
        return planOrStart(
                requireQueue(queue), request, operator, RedriveTask.RedriveAction.REDRIVE);
    }

    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/{queue}/discard")
    ResponseEntity<?> discard(
            @PathVariable String queue,
            @Valid @RequestBody RedriveRequest.MessagesRedriveRequest request,
            Operator operator) {
        return planOrStart(
                requireQueue(queue), request, operator, RedriveTask.RedriveAction.DISCARD);
    }

    private ResponseEntity<?> planOrStart(
            String queue,
            RedriveRequest.MessagesRedriveRequest request,
            Operator operator,
            RedriveTask.RedriveAction action) {
        if (request.isDryRun()) {
            return ResponseEntity.ok(
                    DeadLetterPlanBody.of(
                            planner.plan(
                                    queue,
                                    action,
                                    request.selection(),
                                    request.isForced(),
                                    operator)));
        }
        return RedriveBody.respond(
                bulkActions.start(request.toTask(bulkActions, action, queue, operator)));
    }

    private String requireQueue(String queue) {
        return queries.findQueue(queue).orElseThrow(DeadLettersController::queueNotFound);
    }

    static Problem queueNotFound() {
        return Problem.of(
                        HttpStatus.NOT_FOUND,
                        "dead-letter-queue-not-found",
                        "Dead-letter queue not found")
                .detail("GET /internal/operations/dead-letters lists all dead-letter queues.");
    }
}
