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
/// @param orderTimeLimit how long an order may wait, as its workflow says
public record ApprovalsPage(
        PageContext context,
        Optional<String> done,
        PagePart<List<PendingApproval>> orders,
        PagePart<Optional<Duration>> orderTimeLimit,
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

        /// The time that is left.
        public TimeLeft timeLeft(Instant now) {
            return TimeLeft.of(requestedAt, expiresAt, now);
        }
    }

    /// How much time is left.
    ///
    /// @param percent 0 to 100
    /// @param text the time in its largest unit
    /// @param tone a warning when little is left
    public record TimeLeft(long percent, String text, StateTone tone) {

        static TimeLeft of(Instant from, Instant until, Instant now) {
            long all = Math.max(1, Duration.between(from, until).toSeconds());
            long percent = Math.clamp(Duration.between(now, until).toSeconds() * 100 / all, 0, 100);
            return new TimeLeft(
                    percent,
                    PageFormat.age(now, until),
                    percent < 20 ? StateTone.WARNING : StateTone.ACTIVE);
        }
    }

    /// The time that is left to decide about an order, if its workflow has a limit.
    public Optional<TimeLeft> timeLeft(PendingApproval order) {
        return orderTimeLimit
                .value()
                .flatMap(limit -> limit)
                .map(
                        limit ->
                                TimeLeft.of(
                                        order.requestedAt(),
                                        order.requestedAt().plus(limit),
                                        context.now()));
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
        return Stream.of(orders.problem(), orderTimeLimit.problem(), refunds.problem())
                .flatMap(Optional::stream)
                .toList();
    }
}
