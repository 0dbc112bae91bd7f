package dev.orderflow.order.approval;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.orderflow.defaults.problem.Problem;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What operators see of approvals and do about them.
@RestController
@RequestMapping(path = "/internal/approvals", produces = "application/json")
class ApprovalsController {

    private static final int MOST = 200;

    /// No control characters, which would break out of a log line, and no half of a surrogate pair,
    /// which no database stores.
    private static final String ON_ONE_LINE = "[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]*";

    private static final String IN_PARAGRAPHS = "([^\\p{Cc}\\p{Cs}]|[\\n\\r\\t])*";

    private final ApprovalDesk desk;
    private final Approvals approvals;

    ApprovalsController(ApprovalDesk desk, Approvals approvals) {
        this.desk = desk;
        this.approvals = approvals;
    }

    record Amount(String amount, String currency) {}

    /// The approvals that wait for a person, the longest wait first, 200 at most.
    record Page(List<View> approvals) {}

    /// An approval.
    ///
    /// @param answeredAt when the workflow took the decision
    /// @param history the audit record, where one approval is asked for
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            UUID orderId,
            Amount total,
            Instant askedAt,
            @Nullable Decision decision,
            @Nullable String decidedBy,
            @Nullable String note,
            @Nullable Instant decidedAt,
            @Nullable Instant answeredAt,
            @Nullable List<Entry> history) {

        static View of(Approval approval, @Nullable List<Entry> history) {
            var decided = approval.decided();
            return new View(
                    approval.orderId(),
                    new Amount(
                            approval.total().amount().toPlainString(),
                            approval.total().currency().getCurrencyCode()),
                    approval.askedAt(),
                    decided.map(Approval.Decided::decision).orElse(null),
                    decided.map(Approval.Decided::by).orElse(null),
                    decided.flatMap(Approval.Decided::note).orElse(null),
                    decided.map(Approval.Decided::at).orElse(null),
                    approval.answeredAt().orElse(null),
                    history);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(
            Instant at,
            String what,
            @Nullable Decision decision,
            @Nullable String by,
            @Nullable String note) {

        static Entry of(Approvals.Audit audit) {
            return new Entry(audit.at(), audit.what(), audit.decision(), audit.by(), audit.note());
        }
    }

    /// The body of a decision. No record, of which every component would have to be sent: the note
    /// may be left out.
    static final class Ruling {

        /// Text, because an enum would also be read from its number.
        @JsonProperty
        @NotNull
        @Pattern(regexp = "APPROVE|REJECT", message = "must be APPROVE or REJECT")
        @Nullable String decision;

        /// Who decides, for the audit record.
        @JsonProperty
        @NotBlank
        @Size(max = 100)
        @Pattern(regexp = ON_ONE_LINE, message = "must be one line")
        @Nullable String decidedBy;

        /// Why, for the audit record; nobody else reads it.
        @JsonProperty
        @Size(max = 1000)
        @Pattern(regexp = IN_PARAGRAPHS, message = "must be text without control characters")
        @Nullable String note;
    }

    @GetMapping
    Page open() {
        return new Page(
                approvals.open(MOST).stream().map(approval -> View.of(approval, null)).toList());
    }

    @GetMapping("/{orderId}")
    View one(@PathVariable UUID orderId) {
        return approvals
                .find(orderId)
                .map(approval -> View.of(approval, history(orderId)))
                .orElseThrow(() -> unknown(orderId));
    }

    @PostMapping(path = "/{orderId}/decision", consumes = "application/json")
    View decide(@PathVariable UUID orderId, @Valid @RequestBody Ruling ruling) {
        var decision = Decision.valueOf(Objects.requireNonNull(ruling.decision));
        var by = Objects.requireNonNull(ruling.decidedBy);
        return switch (desk.decide(orderId, decision, by, ruling.note)) {
            case ApprovalDesk.Answer.Counts(var approval) -> View.of(approval, null);
            case ApprovalDesk.Answer.DecidedOtherwise(var approval) -> throw decided(approval);
            case ApprovalDesk.Answer.TooLate(var now) ->
                    throw Problem.of(
                                    HttpStatus.CONFLICT,
                                    "approval-not-wanted",
                                    "No decision is wanted any more")
                            .detail("The order is " + now.code() + ".")
                            .with("orderId", orderId)
                            .with("state", now.code());
            case ApprovalDesk.Answer.NotAsked _ -> throw unknown(orderId);
        };
    }

    private List<Entry> history(UUID orderId) {
        return approvals.history(orderId).stream().map(Entry::of).toList();
    }

    private static Problem decided(Approval approval) {
        var first = approval.decided().orElseThrow();
        return Problem.of(HttpStatus.CONFLICT, "approval-already-decided", "Already decided")
                .detail("The first decision counts.")
                .with("orderId", approval.orderId())
                .with("decision", first.decision())
                .with("decidedBy", first.by())
                .with("decidedAt", first.at());
    }

    private static Problem unknown(UUID orderId) {
        return Problem.of(
                        HttpStatus.NOT_FOUND, "approval-not-found", "Nobody asked for an approval")
                .with("orderId", orderId);
    }
}
