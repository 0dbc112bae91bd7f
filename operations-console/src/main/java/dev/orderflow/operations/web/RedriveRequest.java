package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.orderflow.contracts.value.OperatorName;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.operations.deadletters.RedriveSelection;
import dev.orderflow.operations.executions.ExecutionSelection;
import dev.orderflow.operations.redrive.RedriveTask;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// The body of a redrive or a discard. Classes, since of a record every component would have to be
/// sent, and most may be left out.
final class RedriveRequest {

    /// Fit for an attribute of SQS, a log line and a terminal.
    private static final String PLAIN = "[\\x20-\\x7E]*";

    private static final int STANDARD_PACE = 5;

    private RedriveRequest() {}

    /// What every one has.
    abstract static class CommonFields {

        @JsonProperty @Nullable Boolean all;
        @JsonProperty @Nullable Boolean dryRun;
        @JsonProperty @Nullable Boolean force;

        @JsonProperty @NotNull @Nullable OperatorName operator;

        @JsonProperty
        @NotNull
        @NotBlank
        @Size(max = 500)
        @Pattern(regexp = TextLine.REGEX, message = "must be one line")
        @Nullable String reason;

        @JsonProperty
        @Min(1)
        @Max(100)
        @Nullable Integer perSecond;

        @JsonProperty @Nullable Boolean canary;

        boolean isDryRun() {
            return Boolean.TRUE.equals(dryRun);
        }

        boolean isForced() {
            return Boolean.TRUE.equals(force);
        }

        RedriveTask assignment(RedriveTask.RedriveAction action, String target, String selection) {
            return new RedriveTask(
                    action,
                    target,
                    selection,
                    Objects.requireNonNull(operator).value(),
                    Objects.requireNonNull(reason).strip(),
                    perSecond == null ? STANDARD_PACE : perSecond,
                    Boolean.TRUE.equals(canary),
                    isForced());
        }

        void exactlyOne(String names, @Nullable Object... given) {
            int count = 0;
            for (var one : given) {
                count += one == null || Boolean.FALSE.equals(one) ? 0 : 1;
            }
            if (count != 1) {
                throw Problem.of(HttpStatus.BAD_REQUEST, "invalid-request", "Invalid request")
                        .detail("Name exactly one of " + names + " (all must be true).");
            }
        }
    }

    /// For dead letters.
    static final class MessagesRedriveRequest extends CommonFields {

        @JsonProperty
        @Pattern(regexp = "[0-9a-f]{4,64}", message = "must be a fingerprint as the list has it")
        @Nullable String fingerprint;

        @JsonProperty
        @Size(min = 1, max = 500)
        @Nullable
                List<
                        @NotNull
                        @Pattern(
                                regexp = "[A-Za-z0-9-]{1,100}",
                                message = "must be a message's id as the list has it")
                        String>
                messageIds;

        RedriveSelection selection() {
            exactlyOne("fingerprint, messageIds, all", fingerprint, messageIds, all);
            if (fingerprint != null) {
                return new RedriveSelection.SameCause(fingerprint);
            }
            return messageIds != null
                    ? new RedriveSelection.ChosenMessages(messageIds.stream().distinct().toList())
                    : new RedriveSelection.AllMessages();
        }
    }

    /// For failed executions.
    static final class ExecutionsRedriveRequest extends CommonFields {

        @JsonProperty
        @Size(min = 1, max = 200)
        @Pattern(regexp = PLAIN, message = "must be a group as the list names it")
        @Nullable String group;

        @JsonProperty
        @Size(min = 1, max = 500)
        @Nullable
                List<
                        @NotNull
                        @Pattern(
                                regexp = "[A-Za-z0-9_-]{1,80}",
                                message = "must be an execution's name as the list has it")
                        String>
                executionNames;

        ExecutionSelection selection() {
            exactlyOne("executionNames, group, all", executionNames, group, all);
            if (group != null) {
                return new ExecutionSelection.FailureGroup(group);
            }
            return executionNames != null
                    ? new ExecutionSelection.NamedExecutions(
                            executionNames.stream().distinct().toList())
                    : new ExecutionSelection.AllExecutions();
        }
    }
}
