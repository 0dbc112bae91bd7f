package dev.orderflow.order.workflow;

import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.OrderState;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.PersonalData;
import dev.orderflow.order.domain.TimelineEntry;
import dev.orderflow.order.outbox.OrderEventPublisher;
import dev.orderflow.order.personaldata.KeysUnavailableException;
import dev.orderflow.order.placement.OrderCreatedFactory;
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
/// older than [#MAX_ORDER_AGE] are left to a person. Two instances that start the same one change
/// nothing, and neither does the lost event when it arrives after all. The input is what the
/// event gave, but for its trace: that is the one made of the order's id.
@Component
class WorkflowRestartService {

    private static final Logger log = LoggerFactory.getLogger(WorkflowRestartService.class);

    /// Below the 90 days for which Step Functions keeps an execution that has ended, and its name.
    static final Duration MAX_ORDER_AGE = Duration.ofDays(80);

    /// When Step Functions or the keys of personal data cannot be asked, the next try.
    private static final Duration RETRY_DELAY = Duration.ofMinutes(1);

    private final Orders orders;
    private final WorkflowClient workflows;
    private final WorkflowCheckRepository checks;
    private final WorkflowFailureService failures;
    private final OrderEventPublisher outbox;
    private final TransactionOperations transactions;
    private final LostWorkflowProperties properties;
    private final Clock clock;
    private final Counter restarted;

    WorkflowRestartService(
            Orders orders,
            WorkflowClient workflows,
            WorkflowCheckRepository checks,
            WorkflowFailureService failures,
            OrderEventPublisher outbox,
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
        record WorkflowStarted() implements RestartResult {}

        /// It runs, and was left alone.
        record WorkflowRunning() implements RestartResult {}

        /// It has ended, so its name is taken.
        ///
        /// @param status `SUCCEEDED`, `FAILED`, `TIMED_OUT` or `ABORTED`
        record WorkflowEnded(String status) implements RestartResult {}

        /// The order has ended.
        record OrderEnded(OrderState state) implements RestartResult {}

        /// Step Functions may have forgotten a workflow of this order.
        record OrderTooOld() implements RestartResult {}

        record UnknownOrder() implements RestartResult {}

        /// It will never be started like this.
        record RestartRefused(String reason) implements RestartResult {}

        /// Nobody knows; to be tried again.
        record RestartUnavailable(String reason) implements RestartResult {}
    }

    @Scheduled(
            initialDelayString = "${orderflow.order.lost-workflows.check-interval:30s}",
            fixedDelayString = "${orderflow.order.lost-workflows.check-interval:30s}")
    void restartLostWorkflows() {
        try {
            checks.deleteFinal();
            for (var orderId :
                    checks.claim(properties.minOrderAge(), MAX_ORDER_AGE, properties.batchSize())) {
                if (restart(orderId) instanceof RestartResult.RestartUnavailable(var reason)) {
                    // The others would be told the same; they are looked at when their claim ends.
                    log.warn("lost workflows cannot be looked for now: {}", reason);
                    checks.recordStatus(orderId, "UNKNOWN", RETRY_DELAY);
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
        if (order.state() instanceof OrderState.Final ended) {
            return new RestartResult.OrderEnded(ended);
        }
        if (order.placedAt().isBefore(clock.instant().minus(MAX_ORDER_AGE))) {
            return new RestartResult.OrderTooOld();
        }
        return switch (workflows.findExecution(order.id())) {
            case WorkflowClient.ExecutionLookup.ExecutionRunning _ -> {
                checks.recordStatus(order.id(), "RUNNING", properties.recheckInterval());
                yield new RestartResult.WorkflowRunning();
            }
            case WorkflowClient.ExecutionLookup.ExecutionSucceeded _ -> {
                checks.recordStatus(order.id(), "SUCCEEDED", properties.recheckInterval());
                yield new RestartResult.WorkflowEnded("SUCCEEDED");
            }
            case WorkflowClient.ExecutionLookup.ExecutionFailed(var status) -> {
                reportFailure(order.id(), status);
                checks.recordStatus(order.id(), status.name(), properties.recheckInterval());
                yield new RestartResult.WorkflowEnded(status.name());
            }
            case WorkflowClient.ExecutionLookup.ExecutionMissing _ -> {
                checks.recordStatus(order.id(), "MISSING", properties.checkInterval());
                yield start(order);
            }
            case WorkflowClient.ExecutionLookup.LookupFailed(var reason) ->
                    new RestartResult.RestartUnavailable(reason);
        };
    }

    /// The news of its end may be lost as well.
    private void reportFailure(UUID orderId, FailedExecution.FailureStatus status) {
        if (!checks.hasWorkItem(orderId)) {
            failures.report(orderId, status, Optional.empty(), Optional.empty());
        }
    }

    private RestartResult start(Order order) {
        String paymentMethod;
        try {
            if (!(orders.findPersonalData(order.id()).orElse(null)
                    instanceof PersonalData.AvailablePersonalData(var _, var held))) {
                return new RestartResult.RestartRefused("the order's personal data was erased");
            }
            paymentMethod = held;
        } catch (KeysUnavailableException away) {
            return new RestartResult.RestartUnavailable(String.valueOf(away.getMessage()));
        }
        var created = OrderCreatedFactory.create(order, null);
        return switch (workflows.start(WorkflowInput.of(order, paymentMethod, created))) {
            case WorkflowClient.StartResult.ExecutionStarted _ -> {
                recordStart(order);
                yield new RestartResult.WorkflowStarted();
            }
            // Another instance, or the event after all.
            case WorkflowClient.StartResult.AlreadyStarted _ -> {
                checks.recordStatus(order.id(), "RUNNING", properties.recheckInterval());
                yield new RestartResult.WorkflowRunning();
            }
            case WorkflowClient.StartResult.InputRefused(var reason) ->
                    new RestartResult.RestartRefused(reason);
            case WorkflowClient.StartResult.StartUnavailable(var reason) ->
                    new RestartResult.RestartUnavailable(reason);
        };
    }

    /// Whoever else waits for the event gets it too; who has it recognises it.
    private void recordStart(Order order) {
        log.warn("order {}: workflow started again, its OrderCreated was lost", order.id());
        restarted.increment();
        transactions.executeWithoutResult(
                _ -> {
                    if (checks.recordStart(order.id(), properties.recheckInterval())) {
                        outbox.publish(OrderCreatedFactory.create(order, null));
                        orders.appendToTimeline(
                                order.id(),
                                new TimelineEntry(
                                        clock.instant(),
                                        "WorkflowRestarted",
                                        TimelineEntry.TimelineEffect.FLAGGED,
                                        order.state(),
                                        Optional.of("its OrderCreated was lost")));
                    }
                });
    }
}
