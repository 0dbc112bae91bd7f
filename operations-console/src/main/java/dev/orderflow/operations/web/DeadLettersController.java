package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.operations.deadletters.Cause;
import dev.orderflow.operations.deadletters.DeadLetters;
import dev.orderflow.operations.deadletters.Verdict;
import dev.orderflow.operations.redrive.Assignment;
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

    private final DeadLetters deadLetters;

    DeadLettersController(DeadLetters deadLetters) {
        this.deadLetters = deadLetters;
    }

    record Overview(List<QueueBody> queues) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record QueueBody(
            String queue,
            int count,
            int seen,
            boolean complete,
            List<GroupBody> groups,
            @Nullable String problem,
            @Nullable List<MessageBody> messages) {

        static QueueBody of(DeadLetters.QueueView view, @Nullable List<MessageBody> messages) {
            return new QueueBody(
                    view.queue(),
                    view.count(),
                    view.seen(),
                    view.complete(),
                    view.groups().stream().map(GroupBody::of).toList(),
                    view.problem().orElse(null),
                    messages);
        }
    }

    record GroupBody(
            String fingerprint, String reason, Cause.SaidBy saidBy, int count, Instant oldest) {

        static GroupBody of(DeadLetters.Group group) {
            return new GroupBody(
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
            Verdict verdict,
            String meaning) {

        static MessageBody of(DeadLetters.LetterView letter) {
            return new MessageBody(
                    letter.messageId(),
                    letter.orderId().orElse(null),
                    letter.type(),
                    letter.sentAt(),
                    letter.firstReceivedAt(),
                    letter.fingerprint(),
                    letter.reason(),
                    letter.body(),
                    letter.goesTo().orElse(null),
                    letter.order(),
                    letter.verdict(),
                    letter.meaning());
        }
    }

    record PlanBody(
            String queue,
            boolean dryRun,
            boolean complete,
            int seen,
            int selected,
            Map<Verdict.Fate, Integer> fates,
            List<StepBody> messages) {

        static PlanBody of(DeadLetters.Plan plan) {
            return new PlanBody(
                    plan.queue(),
                    true,
                    plan.complete(),
                    plan.seen(),
                    plan.selected(),
                    plan.fates(),
                    plan.steps().stream().map(StepBody::of).toList());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StepBody(
            String messageId,
            @Nullable String orderId,
            String type,
            String order,
            Verdict verdict,
            Verdict.Fate willBe) {

        static StepBody of(DeadLetters.Step step) {
            return new StepBody(
                    step.messageId(),
                    step.orderId().orElse(null),
                    step.type(),
                    step.order(),
                    step.verdict(),
                    step.fate());
        }
    }

    @GetMapping
    Overview all() {
        return new Overview(
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
            @PathVariable String queue, @Valid @RequestBody Wish.ForLetters wish) {
        return act(named(queue), wish, Assignment.Action.REDRIVE);
    }

    @PostMapping("/{queue}/discard")
    ResponseEntity<?> discard(
            @PathVariable String queue, @Valid @RequestBody Wish.ForLetters wish) {
        return act(named(queue), wish, Assignment.Action.DISCARD);
    }

    private ResponseEntity<?> act(String queue, Wish.ForLetters wish, Assignment.Action action) {
        var selection = wish.selection();
        if (wish.isDryRun()) {
            return ResponseEntity.ok(
                    PlanBody.of(deadLetters.plan(queue, selection, action, wish.isForced())));
        }
        return RedriveView.answer(
                deadLetters.start(wish.assignment(action, queue, selection.inWords()), selection));
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
