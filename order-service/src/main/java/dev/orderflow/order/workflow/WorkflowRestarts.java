package dev.orderflow.order.workflow;

import dev.orderflow.order.domain.Occurrence;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.PersonalData;
import dev.orderflow.order.domain.State;
import dev.orderflow.order.outbox.Outbox;
import dev.orderflow.order.personaldata.KeysUnavailableException;
import dev.orderflow.order.placement.Announcement;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;
import software.amazon.awssdk.core.exception.SdkException;

/// Starts workflows whose `OrderCreated` got lost: a rule was disabled, or the bus was missing
/// while it was published. Else such an order would stay PENDING, or CANCEL_REQUESTED, for
/// ever.
///
/// Guarantee: no order gets a second workflow. An execution is named by its order's id, and
/// Step Functions refuses a name for 90 days after its execution has ended; so orders that are
/// older than [#FORGOTTEN] are left to a person. Two instances that start the same one change
/// nothing, and neither does the lost event when it arrives after all. The input is what the
/// event gave, but for its trace: that is the one made of the order's id.
@Component
class WorkflowRestarts {

    private static final Logger log = LoggerFactory.getLogger(WorkflowRestarts.class);

    /// Below the 90 days for which Step Functions keeps an execution that has ended, and its name.
    static final Duration FORGOTTEN = Duration.ofDays(80);

    /// When Step Functions or the keys of personal data cannot be asked, the next try.
    private static final Duration UNAVAILABLE = Duration.ofMinutes(1);

    private final Orders orders;
    private final Workflows workflows;
    private final WorkflowChecks checks;
    private final WorkflowFailures failures;
    private final Outbox outbox;
    private final TransactionOperations transactions;
    private final LostWorkflowProperties properties;
    private final Clock clock;
    private final Counter restarted;

    WorkflowRestarts(
            Orders orders,
            Workflows workflows,
            WorkflowChecks checks,
            WorkflowFailures failures,
            Outbox outbox,
            TransactionOperations transactions,
            LostWorkflowProperties properties,
            Clock clock,
            MeterRegistry meters) {
        this.orders = orders;
        this.workflows = workflows;
        this.checks = checks;
        this.failures = failures;
        this.outbox = outbox;
        this.transactions = transactions;
        this.properties = properties;
        this.clock = clock;
        this.restarted =
                Counter.builder("orders.workflows.restarted")
                        .description("workflows that were started because their event was lost")
                        .register(meters);
    }

    /// What became of an order's workflow.
    sealed interface RestartResult {

        /// It was started now.
        record Started() implements RestartResult {}

        /// It runs, and was left alone.
        record Running() implements RestartResult {}

        /// It has ended, so its name is taken.
        ///
        /// @param status `SUCCEEDED`, `FAILED`, `TIMED_OUT` or `ABORTED`
        record Ended(String status) implements RestartResult {}

        /// The order has ended.
        record OrderEnded(State state) implements RestartResult {}

        /// Step Functions may have forgotten a workflow of this order.
        record TooOld() implements RestartResult {}

        record UnknownOrder() implements RestartResult {}

        /// It will never be started like this.
        record Refused(String reason) implements RestartResult {}

        /// Nobody knows; to be tried again.
        record Unavailable(String reason) implements RestartResult {}
    }

    @Scheduled(
            initialDelayString = "${orderflow.order.lost-workflows.check-every:30s}",
            fixedDelayString = "${orderflow.order.lost-workflows.check-every:30s}")
    void checkOrders() {
        try {
            checks.forgetEnded();
            for (var orderId : checks.claim(properties.after(), FORGOTTEN, properties.batch())) {
                if (restart(orderId) instanceof RestartResult.Unavailable(var reason)) {
                    // The others would be told the same; they are looked at when their claim ends.
                    log.warn("lost workflows cannot be looked for now: {}", reason);
                    checks.found(orderId, "UNKNOWN", UNAVAILABLE);
                    return;
                }
            }
        } catch (SdkException later) {
            log.warn(
                    "lost workflows not checked, Step Functions call failed: {}", later.toString());
        } catch (DataAccessException | TransactionException later) {
            log.warn("lost workflows not checked, database call failed: {}", later.toString());
        }
    }

    /// Starts an order's workflow if it was never started. May be repeated, and called by
    /// several at once.
    RestartResult restart(UUID orderId) {
        var order = orders.find(orderId);
        if (order.isEmpty()) {
            return new RestartResult.UnknownOrder();
        }
        return restart(order.get());
    }

    private RestartResult restart(Order order) {
        if (order.state() instanceof State.Final ended) {
            return new RestartResult.OrderEnded(ended);
        }
        if (order.placedAt().isBefore(clock.instant().minus(FORGOTTEN))) {
            return new RestartResult.TooOld();
        }
        return switch (workflows.find(order.id())) {
            case Workflows.Existence.Running _ -> {
                checks.found(order.id(), "RUNNING", properties.again());
                yield new RestartResult.Running();
            }
            case Workflows.Existence.Succeeded _ -> {
                checks.found(order.id(), "SUCCEEDED", properties.again());
                yield new RestartResult.Ended("SUCCEEDED");
            }
            case Workflows.Existence.Ended(var status) -> {
                report(order.id(), status);
                checks.found(order.id(), status.name(), properties.again());
                yield new RestartResult.Ended(status.name());
            }
            case Workflows.Existence.Missing _ -> {
                checks.found(order.id(), "MISSING", properties.checkEvery());
                yield start(order);
            }
            case Workflows.Existence.Unknown(var reason) -> new RestartResult.Unavailable(reason);
        };
    }

    /// The news of its end may be lost as well.
    private void report(UUID orderId, EndedExecution.Status status) {
        if (!checks.wasReported(orderId)) {
            failures.report(orderId, status, Optional.empty(), Optional.empty());
        }
    }

    private RestartResult start(Order order) {
        String paymentMethod;
        try {
            if (!(orders.personalData(order.id()).orElse(null)
                    instanceof PersonalData.Held(var _, var held))) {
                return new RestartResult.Refused("the order's personal data was erased");
            }
            paymentMethod = held;
        } catch (KeysUnavailableException away) {
            return new RestartResult.Unavailable(String.valueOf(away.getMessage()));
        }
        var created = Announcement.of(order, null);
        return switch (workflows.start(Fulfilment.of(order, paymentMethod, created))) {
            case Workflows.Start.Started _ -> {
                started(order);
                yield new RestartResult.Started();
            }
            // Another instance, or the event after all.
            case Workflows.Start.StartedBefore _ -> {
                checks.found(order.id(), "RUNNING", properties.again());
                yield new RestartResult.Running();
            }
            case Workflows.Start.Refused(var reason) -> new RestartResult.Refused(reason);
            case Workflows.Start.Unavailable(var reason) -> new RestartResult.Unavailable(reason);
        };
    }

    /// Whoever else waits for the event gets it too; who has it recognises it.
    private void started(Order order) {
        log.warn("order {}: workflow started again, its OrderCreated was lost", order.id());
        restarted.increment();
        transactions.executeWithoutResult(
                _ -> {
                    if (checks.started(order.id(), properties.again())) {
                        outbox.add(Announcement.of(order, null));
                        orders.note(
                                order.id(),
                                new Occurrence(
                                        clock.instant(),
                                        "WorkflowRestarted",
                                        Occurrence.Effect.FLAGGED,
                                        order.state(),
                                        Optional.of("its OrderCreated was lost")));
                    }
                });
    }
}
