package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.approvals.ApprovalsClient.PendingApproval;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// What waits for a decision: orders above the approval limit, and actions of operators that need a
/// second person.
///
/// @param done what the reader has just done
public record ApprovalsPage(
        PageContext context,
        Optional<String> done,
        PagePart<List<PendingApproval>> orders,
        List<WaitingForSecondPerson> actions,
        PagePart<List<WaitingForSecondPerson>> refunds) {

    /// An action that waits for a second person.
    ///
    /// @param confirmation the path that confirms it
    public record WaitingForSecondPerson(
            UUID id,
            String target,
            String description,
            String requestedBy,
            String requestedByName,
            Instant requestedAt,
            Instant expiresAt,
            String confirmation) {

        /// How much of its time is left, 0 to 100.
        public long percentLeft(Instant now) {
            long all = Math.max(1, Duration.between(requestedAt, expiresAt).toSeconds());
            return Math.clamp(Duration.between(now, expiresAt).toSeconds() * 100 / all, 0, 100);
        }

        /// The colour of the time that is left.
        public StateTone tone(Instant now) {
            return percentLeft(now) < 20 ? StateTone.WARNING : StateTone.ACTIVE;
        }
    }

    /// Whether the reader may decide and confirm.
    public boolean mayDecide() {
        return context.may(OperatorRole.APPROVER);
    }

    /// Whether the reader requested an action, and so may not confirm it.
    public boolean isOwn(WaitingForSecondPerson action) {
        return action.requestedBy().equals(context.operator().subject());
    }

    /// All actions that wait for a second person.
    public List<WaitingForSecondPerson> waiting() {
        return Stream.concat(actions.stream(), refunds.value().stream().flatMap(List::stream))
                .sorted(Comparator.comparing(WaitingForSecondPerson::requestedAt))
                .toList();
    }

    /// Why parts of the page are missing.
    public List<String> problems() {
        return Stream.of(orders.problem(), refunds.problem()).flatMap(Optional::stream).toList();
    }
}
