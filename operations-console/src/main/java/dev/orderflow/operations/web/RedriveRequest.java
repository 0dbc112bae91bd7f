package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.text.TimeFormat;
import dev.orderflow.operations.bulkactions.BulkActionService;
import dev.orderflow.operations.deadletters.DiscardedMessage;
import dev.orderflow.operations.deadletters.FailureCause;
import dev.orderflow.operations.redrive.RedriveSelection;
import dev.orderflow.operations.redrive.RedriveTask;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// The body of a redrive, a discard or a dismissal. Classes and not records, because a record
/// requires every component, and most fields are optional.
final class RedriveRequest {

    /// Allowed in an attribute of SQS, a log line and a terminal.
    private static final String PLAIN = "[\\x20-\\x7E]*";

    private static final int DEFAULT_PER_SECOND = 5;

    private RedriveRequest() {}

    /// The fields of every request.
    abstract static class CommonFields {

        @JsonProperty @Nullable Boolean all;
        @JsonProperty @Nullable Boolean dryRun;
        @JsonProperty @Nullable Boolean force;

        @JsonProperty
        @NotNull
        @NotBlank
        @Size(max = 500)
        @Pattern(regexp = TextLine.REGEX, message = TextLine.RULE)
        @Nullable String reason;

        @JsonProperty
        @Min(1)
        @Max(100)
        @Nullable Integer perSecond;

        @JsonProperty @Nullable Boolean canary;

        /// Runs a stored plan: its selection, its force.
        @JsonProperty @Nullable UUID planId;

        boolean isDryRun() {
            return Boolean.TRUE.equals(dryRun);
        }

        boolean isForced() {
            return Boolean.TRUE.equals(force);
        }

        /// What is selected, when no plan is given.
        abstract RedriveSelection selection();

        /// Whether anything but a plan selects items.
        abstract boolean hasSelection();

        /// @param bulkActions knows the plans
        RedriveTask toTask(
                BulkActionService bulkActions,
                RedriveTask.RedriveAction action,
                String target,
                Operator operator) {
            if (planId == null) {
                return toTask(action, target, selection(), isForced(), operator);
            }
            if (hasSelection() || force != null || isDryRun()) {
                throw Problem.invalid(
                        "planId", "has its own selection and force, so the request must have none");
            }
            var plan =
                    bulkActions
                            .findPlan(planId, target, action)
                            .orElseThrow(
                                    () ->
                                            Problem.invalid(
                                                    "planId",
                                                    "must be a plan of this action and target"));
            return toTask(action, target, plan.selection(), plan.force(), operator);
        }

        private RedriveTask toTask(
                RedriveTask.RedriveAction action,
                String target,
                RedriveSelection selection,
                boolean isForced,
                Operator operator) {
            return new RedriveTask(
                    UUID.randomUUID(),
                    action,
                    target,
                    selection,
                    operator,
                    Objects.requireNonNull(reason).strip(),
                    perSecond == null ? DEFAULT_PER_SECOND : perSecond,
                    Boolean.TRUE.equals(canary),
                    isForced,
                    Optional.ofNullable(planId),
                    Map.of());
        }

        RedriveSelection toSelection(
                String names, @Nullable String group, @Nullable List<String> items) {
            requireExactlyOne(names, group, items, all);
            if (group != null) {
                return new RedriveSelection.ItemGroup(group);
            }
            return items != null
                    ? new RedriveSelection.NamedItems(items.stream().distinct().toList())
                    : new RedriveSelection.AllItems();
        }

        private static void requireExactlyOne(String names, @Nullable Object... values) {
            int count = 0;
            for (var value : values) {
                count += value == null || Boolean.FALSE.equals(value) ? 0 : 1;
            }
            if (count != 1) {
                throw Problem.of(HttpStatus.BAD_REQUEST, "invalid-request", "Invalid request")
                        .detail("Exactly one of " + names + " is required.");
            }
        }
    }

    /// For dead letters.
    static final class MessagesRedriveRequest extends CommonFields {

        @JsonProperty
        @Pattern(
                regexp = FailureCause.FINGERPRINT_REGEX,
                message = "must be a fingerprint of the list")
        @Nullable String fingerprint;

        @JsonProperty
        @Size(min = 1, max = 500)
        @Nullable
                List<
                        @NotNull
                        @Pattern(
                                regexp = DiscardedMessage.MESSAGE_ID_REGEX,
                                message = "must be a message id of the list")
                        String>
                messageIds;

        /// Selects by what the messages are, instead of by list.
        @JsonProperty @Valid @Nullable MessageFilter filter;

        @Override
        boolean hasSelection() {
            return all != null || fingerprint != null || messageIds != null || filter != null;
        }

        @Override
        RedriveSelection selection() {
            if (filter != null) {
                if (fingerprint != null || messageIds != null || Boolean.TRUE.equals(all)) {
                    throw Problem.of(HttpStatus.BAD_REQUEST, "invalid-request", "Invalid request")
                            .detail(
                                    "Exactly one of fingerprint, messageIds, filter, planId and \"all\": true is required.");
                }
                return filter.toSelection();
            }
            return toSelection(
                    "fingerprint, messageIds, filter, planId and \"all\": true",
                    fingerprint,
                    messageIds);
        }
    }

    /// Selects the messages that match everything that is present.
    static final class MessageFilter {

        @JsonProperty
        @Pattern(
                regexp = "[A-Z][A-Za-z ]{0,59}|unreadable",
                message = "must be the type of a message")
        @Nullable String type;

        @JsonProperty
        @Size(min = 1, max = 300)
        @Pattern(regexp = PLAIN, message = "must be printable ASCII characters")
        @Nullable String reason;

        @JsonProperty @Nullable UUID orderId;

        @JsonProperty @Nullable Instant sentBefore;

        RedriveSelection toSelection() {
            if (sentBefore != null && !TimeFormat.isInRange(sentBefore)) {
                throw Problem.invalid("filter.sentBefore", TimeFormat.RULE);
            }
            if (type == null && reason == null && orderId == null && sentBefore == null) {
                throw Problem.invalid("filter", "must have a type, reason, orderId or sentBefore");
            }
            return new RedriveSelection.MatchingItems(
                    Optional.ofNullable(type),
                    Optional.ofNullable(reason),
                    Optional.ofNullable(orderId),
                    Optional.ofNullable(sentBefore));
        }
    }

    /// For failed executions.
    static final class ExecutionsRedriveRequest extends CommonFields {

        @JsonProperty
        @Size(min = 1, max = 200)
        @Pattern(regexp = PLAIN, message = "must be a group of the list")
        @Nullable String group;

        @JsonProperty
        @Size(min = 1, max = 500)
        @Nullable
                List<
                        @NotNull
                        @Pattern(
                                regexp = "[A-Za-z0-9_-]{1,80}",
                                message = "must be an execution name of the list")
                        String>
                executionNames;

        @Override
        boolean hasSelection() {
            return all != null || group != null || executionNames != null;
        }

        @Override
        RedriveSelection selection() {
            return toSelection(
                    "executionNames, group, planId and \"all\": true", group, executionNames);
        }
    }
}
