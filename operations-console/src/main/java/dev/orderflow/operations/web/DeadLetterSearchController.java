package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.deadletters.DeadLetterFilter;
import dev.orderflow.operations.deadletters.DeadLetterIndex;
import dev.orderflow.operations.deadletters.DeadLetterQueries;
import dev.orderflow.operations.deadletters.FailureCause;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Searches the dead letters of all queues, as of the last scan of each.
@RestController
class DeadLetterSearchController {

    private static final String TYPE_RULE = "[A-Z][A-Za-z ]{0,59}|unreadable";

    private final DeadLetterIndex index;
    private final DeadLetterQueries queries;

    DeadLetterSearchController(DeadLetterIndex index, DeadLetterQueries queries) {
        this.index = index;
        this.queries = queries;
    }

    /// The dead letters that match, the newest first.
    ///
    /// @param queues when each queue was read; a message that came later is not found yet
    /// @param next the cursor of the next page; absent on the last
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DeadLetterSearchPage(
            List<FoundDeadLetter> messages, List<ScannedQueue> queues, @Nullable String next) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FoundDeadLetter(
            String queue,
            String messageId,
            @Nullable UUID orderId,
            String type,
            String fingerprint,
            String reason,
            FailureCause.CauseSource reportedBy,
            @Nullable String traceId,
            @Nullable String targetQueue,
            Instant sentAt) {

        static FoundDeadLetter of(DeadLetterIndex.IndexedDeadLetter letter) {
            return new FoundDeadLetter(
                    letter.queue(),
                    letter.messageId(),
                    letter.orderId().orElse(null),
                    letter.type(),
                    letter.fingerprint(),
                    letter.reason(),
                    letter.reportedBy(),
                    letter.traceId().orElse(null),
                    letter.targetQueue().orElse(null),
                    letter.sentAt());
        }
    }

    /// @param readAt when the whole queue was last read; absent before the first time
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ScannedQueue(
            String queue,
            @Nullable Instant readAt,
            int messages,
            @Nullable String problem,
            @Nullable Instant problemSince) {

        static ScannedQueue of(DeadLetterIndex.ScanState scan) {
            return new ScannedQueue(
                    scan.queue(),
                    scan.completeAt().orElse(null),
                    scan.messages(),
                    scan.problem().orElse(null),
                    scan.problemSince().orElse(null));
        }
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping(path = "/internal/operations/dead-letters/messages", produces = "application/json")
    DeadLetterSearchPage search(
            @RequestParam(required = false) @Nullable UUID orderId,
            @RequestParam(required = false) @Nullable String queue,
            @RequestParam(required = false)
                    @Pattern(regexp = TYPE_RULE, message = "must be the type of a message")
                    @Nullable String type,
            @RequestParam(required = false)
                    @Pattern(
                            regexp = FailureCause.FINGERPRINT_REGEX,
                            message = "must be 4 to 64 hexadecimal digits")
                    @Nullable String fingerprint,
            @RequestParam(required = false)
                    @Pattern(
                            regexp = "[\\x20-\\x7E]{1,300}",
                            message = "must be 1 to 300 printable ASCII characters")
                    @Nullable String reason,
            @RequestParam(required = false) @Nullable Instant sentBefore,
            @RequestParam(required = false) @Nullable Instant sentAfter,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
        var filter =
                new DeadLetterFilter(
                        Optional.ofNullable(orderId),
                        Optional.ofNullable(queue).map(this::requireQueue),
                        Optional.ofNullable(type),
                        Optional.ofNullable(fingerprint),
                        Optional.ofNullable(reason),
                        Optional.ofNullable(sentBefore),
                        Optional.ofNullable(sentAfter));
        var found =
                index.search(
                        filter,
                        Optional.ofNullable(cursor).map(DeadLetterSearchController::toPosition),
                        limit + 1);
        var shown = found.stream().limit(limit).toList();
        return new DeadLetterSearchPage(
                shown.stream().map(FoundDeadLetter::of).toList(),
                index.scans().stream().map(ScannedQueue::of).toList(),
                found.size() > limit
                        ? DeadLetterFilter.Position.of(shown.getLast()).toCursor()
                        : null);
    }

    private String requireQueue(String queue) {
        return queries.findQueue(queue)
                .orElseThrow(
                        () ->
                                Problem.invalid(
                                        "queue", "must be a dead-letter queue, or its queue"));
    }

    private static DeadLetterFilter.Position toPosition(String cursor) {
        return DeadLetterFilter.Position.ofCursor(cursor)
                .orElseThrow(
                        () -> Problem.invalid("cursor", "must be the next of an earlier response"));
    }
}
