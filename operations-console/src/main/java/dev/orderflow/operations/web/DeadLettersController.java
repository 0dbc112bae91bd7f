package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.operations.deadletters.DeadLetterService;
import dev.orderflow.operations.deadletters.FailureCause;
import dev.orderflow.operations.deadletters.RedriveAssessment;
import dev.orderflow.operations.redrive.RedriveTask;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

@RestController
@RequestMapping(path = "/internal/operations/dead-letters", produces = "application/json")
class DeadLettersController {

    private final DeadLetterService deadLetters;

    DeadLettersController(DeadLetterService deadLetters) {
        this.deadLetters = deadLetters;
    }

    record QueuesOverview(List<QueueBody> queues) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record QueueBody(
            String queue,
            int count,
            int seen,
            boolean complete,
            List<CauseGroupBody> groups,
            @Nullable String problem,
            @Nullable List<MessageBody> messages) {

        static QueueBody of(
                DeadLetterService.QueueView view, @Nullable List<MessageBody> messages) {
            return new QueueBody(
                    view.queue(),
                    view.count(),
                    view.seen(),
                    view.complete(),
                    view.groups().stream().map(CauseGroupBody::of).toList(),
                    view.problem().orElse(null),
                    messages);
        }
    }

    record CauseGroupBody(
            String fingerprint,
            String reason,
            FailureCause.CauseSource saidBy,
            int count,
            Instant oldest) {

        static CauseGroupBody of(DeadLetterService.CauseGroup group) {
            return new CauseGroupBody(
                    group.fingerprint(),
                    group.reason(),
                    group.saidBy(),
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
            @Nullable String goesTo,
            String order,
            RedriveAssessment assessment,
            String meaning) {

        static MessageBody of(DeadLetterService.DeadLetterView message) {
            return new MessageBody(
                    message.messageId(),
                    message.orderId().orElse(null),
                    message.type(),
                    message.sentAt(),
                    message.firstReceivedAt(),
                    message.fingerprint(),
                    message.reason(),
                    message.body(),
                    message.goesTo().orElse(null),
                    message.order(),
                    message.assessment(),
                    message.meaning());
        }
    }

    record RedrivePlanBody(
            String queue,
            boolean dryRun,
            boolean complete,
            int seen,
            int selected,
            Map<RedriveAssessment.PlannedAction, Integer> plannedActions,
            List<RedriveStepBody> messages) {

        static RedrivePlanBody of(DeadLetterService.RedrivePlan plan) {
            return new RedrivePlanBody(
                    plan.queue(),
                    true,
                    plan.complete(),
                    plan.seen(),
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
            String order,
            RedriveAssessment assessment,
            RedriveAssessment.PlannedAction plannedAction) {

        static RedriveStepBody of(DeadLetterService.RedriveStep step) {
            return new RedriveStepBody(
                    step.messageId(),
                    step.orderId().orElse(null),
                    step.type(),
                    step.order(),
                    step.assessment(),
                    step.plannedAction());
        }
    }

    @GetMapping
    QueuesOverview all() {
        return new QueuesOverview(
                deadLetters.overview().stream().map(view -> QueueBody.of(view, null)).toList());
    }

    @GetMapping("/{queue}")
    QueueBody one(
            @PathVariable String queue,
            @RequestParam(required = false) @Nullable String fingerprint,
            @RequestParam(defaultValue = "100") @Min(1) @Max(500) int limit) {
        var detail = deadLetters.detail(named(queue), Optional.ofNullable(fingerprint), limit);
        return QueueBody.of(
                detail.queue(), detail.messages().stream().map(MessageBody::of).toList());
    }

    @PostMapping("/{queue}/redrive")
    ResponseEntity<?> redrive(
            @PathVariable String queue,
            @Valid @RequestBody RedriveRequest.MessagesRedriveRequest request) {
        return act(named(queue), request, RedriveTask.RedriveAction.REDRIVE);
    }

    @PostMapping("/{queue}/discard")
    ResponseEntity<?> discard(
            @PathVariable String queue,
            @Valid @RequestBody RedriveRequest.MessagesRedriveRequest request) {
        return act(named(queue), request, RedriveTask.RedriveAction.DISCARD);
    }

    private ResponseEntity<?> act(
            String queue,
            RedriveRequest.MessagesRedriveRequest request,
            RedriveTask.RedriveAction action) {
        var selection = request.selection();
        if (request.isDryRun()) {
            return ResponseEntity.ok(
                    RedrivePlanBody.of(
                            deadLetters.plan(queue, selection, action, request.isForced())));
        }
        return RedriveView.answer(
                deadLetters.start(
                        request.assignment(action, queue, selection.describe()), selection));
    }

    private String named(String queue) {
        return deadLetters
                .queueCalled(queue)
                .orElseThrow(
                        () ->
                                Problem.of(
                                                HttpStatus.NOT_FOUND,
                                                "unknown-queue",
                                                "Unknown dead-letter queue")
                                        .detail(
                                                "GET /internal/operations/dead-letters lists them."));
    }
}
