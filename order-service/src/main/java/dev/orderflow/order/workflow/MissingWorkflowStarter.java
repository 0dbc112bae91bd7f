package dev.orderflow.order.workflow;

import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.retry.RetryBackOff;
import dev.orderflow.defaults.scheduling.OrderBatch;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.OrderState;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.TimelineEntry;
import dev.orderflow.order.outbox.OrderEventPublisher;
import dev.orderflow.order.placement.OrderCreatedFactory;
import dev.orderflow.order.workitems.WorkItemRepository;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;
import software.amazon.awssdk.core.exception.SdkException;

/// Starts missing workflows: those whose `OrderCreated` was lost, for example because a rule was
/// disabled while it was published. Otherwise such an order would stay PENDING or CANCEL_REQUESTED
/// for ever.
///
/// Guarantee: no order gets a second workflow. The order's id is the execution's name, and Step
/// Functions refuses a name for 90 days after its execution has ended; orders older than
/// [#MAX_ORDER_AGE] are left to an operator. Two instances may start the same workflow, and the
/// lost event may arrive later: both change nothing. The input is the same as from the event,
/// except for the trace parent, which is derived from the order's id.
@Component
class MissingWorkflowStarter implements SchedulingConfigurer {

    private static final Logger log = LoggerFactory.getLogger(MissingWorkflowStarter.class);

    /// Below the 90 days for which Step Functions keeps an ended execution and its name.
    static final Duration MAX_ORDER_AGE = Duration.ofDays(80);

    /// The delay after the first failed check of an order; it doubles with each further one.
    private static final Duration RETRY_DELAY = Duration.ofMinutes(1);

    /// After so many orders in turn whose check failed, the cause probably is none of them, and the
    /// checks of the others would fail, too.
    private static final int MAX_FAILURES_IN_TURN = 3;

    private final Orders orders;
    private final WorkflowClient workflows;
    private final WorkflowStarter starter;
    private final WorkflowCheckRepository checks;
    private final WorkItemRepository workItems;
    private final WorkflowFailureService failures;
    private final OrderEventPublisher outbox;
    private final TransactionOperations transactions;
    private final MissingWorkflowProperties properties;
    private final Clock clock;
    private final Counter startedLate;

    MissingWorkflowStarter(
            Orders orders,
            WorkflowClient workflows,
            WorkflowStarter starter,
            WorkflowCheckRepository checks,
            WorkItemRepository workItems,
            WorkflowFailureService failures,
            OrderEventPublisher outbox,
            TransactionOperations transactions,
            MissingWorkflowProperties properties,
            Clock clock,
            MeterRegistry meters) {
        this.orders = orders;
        this.workflows = workflows;
        this.starter = starter;
        this.checks = checks;
        this.workItems = workItems;
        this.failures = failures;
        this.outbox = outbox;
        this.transactions = transactions;
        this.properties = properties;
        this.clock = clock;
        this.startedLate =
                Counter.builder("orders.workflows.started.late")
                        .description("workflows started because their event was lost")
                        .register(meters);
    }

    /// The result of starting the missing workflow of an order.
    sealed interface MissingWorkflowResult {

        /// The workflow was started now.
        record WorkflowStarted() implements MissingWorkflowResult {}

        /// The workflow is running; nothing was done.
        record WorkflowRunning() implements MissingWorkflowResult {}

        /// The workflow has ended; its execution name cannot be used again.
        ///
        /// @param status `SUCCEEDED`, `FAILED`, `TIMED_OUT` or `ABORTED`
        record WorkflowEnded(String status) implements MissingWorkflowResult {}

        /// The order is final.
        record OrderIsFinal(OrderState state) implements MissingWorkflowResult {}

        /// Step Functions may have deleted an execution of this order.
        record OrderTooOld() implements MissingWorkflowResult {}

        record UnknownOrder() implements MissingWorkflowResult {}

        /// Step Functions refused the start permanently, or the personal data is erased.
        record StartRefused(String reason) implements MissingWorkflowResult {}

        /// The outcome is unknown; try again later.
        record TemporarilyUnavailable(String reason) implements MissingWorkflowResult {}
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        registrar.addFixedDelayTask(
                new FixedDelayTask(
                        this::startMissingWorkflows,
                        properties.checkInterval(),
                        properties.checkInterval()));
    }

    void startMissingWorkflows() {
        try {
            checks.deleteFinal();
            checkAll(
                    new ArrayDeque<>(
                            checks.claim(
                                    properties.minOrderAge(),
                                    MAX_ORDER_AGE,
                                    properties.batchSize())));
        } catch (SdkException failure) {
            log.warn(
                    "missing workflows not checked, call of Step Functions failed: {}",
                    FailureDescription.of(failure));
        } catch (DataAccessException | TransactionException failure) {
            log.warn("missing workflows not checked: {}", FailureDescription.of(failure));
        }
    }

    /// Checks claimed orders. When it ends early, the others are due at once and those that failed
    /// are due later, so that the next run begins with the others.
    private void checkAll(Queue<WorkflowCheckRepository.DueCheck> due) {
        int failuresInTurn = 0;
        try {
            while (!due.isEmpty() && failuresInTurn < MAX_FAILURES_IN_TURN) {
                failuresInTurn = check(due.remove()) ? 0 : failuresInTurn + 1;
            }
        } finally {
            checks.release(due.stream().map(WorkflowCheckRepository.DueCheck::orderId).toList());
        }
    }

    /// @return false when the check failed
    /// @throws RuntimeException an outage of the database or of AWS; the failure is recorded, too
    private boolean check(WorkflowCheckRepository.DueCheck due) {
        var retryDelay =
                RetryBackOff.doubling(RETRY_DELAY, properties.recheckInterval())
                        .delayAfter(due.failures() + 1);
        boolean isChecked = false;
        try {
            isChecked =
                    OrderBatch.handle(
                            due.orderId(),
                            "the check of its workflow",
                            () -> startClaimed(due, retryDelay));
        } finally {
            if (!isChecked) {
                checks.recordFailure(due, retryDelay);
            }
        }
        return isChecked;
    }

    /// @return false when it is unknown whether the workflow is missing, or was started
    private boolean startClaimed(WorkflowCheckRepository.DueCheck due, Duration retryDelay) {
        return switch (startIfMissing(due.orderId())) {
            case MissingWorkflowResult.TemporarilyUnavailable(var reason) -> {
                log.warn(
                        "order {}: workflow not checked, retrying in {}: {}",
                        due.orderId(),
                        retryDelay,
                        reason);
                yield false;
            }
            case MissingWorkflowResult.StartRefused(var reason) -> {
                log.warn(
                        "order {}: its missing workflow cannot be started, retrying in {}: {}",
                        due.orderId(),
                        retryDelay,
                        reason);
                failures.reportRefusedStart(due.orderId(), reason);
                // The order's own failure, and not one of Step Functions.
                checks.recordFailure(due, retryDelay);
                yield true;
            }
            case MissingWorkflowResult.WorkflowStarted _,
                    MissingWorkflowResult.WorkflowRunning _,
                    MissingWorkflowResult.WorkflowEnded _,
                    MissingWorkflowResult.OrderIsFinal _,
                    MissingWorkflowResult.OrderTooOld _,
                    MissingWorkflowResult.UnknownOrder _ ->
                    true;
        };
    }

    /// Starts an order's workflow if it was never started. Safe to repeat and to run concurrently.
    MissingWorkflowResult startIfMissing(UUID orderId) {
        var order = orders.find(orderId);
        if (order.isEmpty()) {
            return new MissingWorkflowResult.UnknownOrder();
        }
        return startIfMissing(order.get());
    }

    private MissingWorkflowResult startIfMissing(Order order) {
        if (order.state() instanceof OrderState.Final ended) {
            return new MissingWorkflowResult.OrderIsFinal(ended);
        }
        if (order.placedAt().isBefore(clock.instant().minus(MAX_ORDER_AGE))) {
            return new MissingWorkflowResult.OrderTooOld();
        }
        return switch (workflows.findExecution(order.id())) {
            case WorkflowClient.ExecutionLookup.RunningExecution _ -> {
                checks.recordStatus(order.id(), "RUNNING", properties.recheckInterval());
                yield new MissingWorkflowResult.WorkflowRunning();
            }
            case WorkflowClient.ExecutionLookup.CompletedExecution _ -> {
                checks.recordStatus(order.id(), "SUCCEEDED", properties.recheckInterval());
                yield new MissingWorkflowResult.WorkflowEnded("SUCCEEDED");
            }
            case WorkflowClient.ExecutionLookup.UnsuccessfulExecution(var status) -> {
                reportFailure(order.id(), status);
                checks.recordStatus(order.id(), status.name(), properties.recheckInterval());
                yield new MissingWorkflowResult.WorkflowEnded(status.name());
            }
            case WorkflowClient.ExecutionLookup.MissingExecution _ -> {
                checks.recordStatus(order.id(), "MISSING", properties.checkInterval());
                yield start(order);
            }
            case WorkflowClient.ExecutionLookup.FailedLookup(var reason) ->
                    new MissingWorkflowResult.TemporarilyUnavailable(reason);
        };
    }

    /// The event of the execution's failure may be lost as well.
    private void reportFailure(UUID orderId, FailedExecution.FailureStatus status) {
        if (!workItems.hasFailedWorkflow(orderId)) {
            failures.report(orderId, status);
        }
    }

    private MissingWorkflowResult start(Order order) {
        return switch (starter.start(order, OrderCreatedFactory.create(order, null))) {
            case WorkflowStarter.WorkflowStartResult.StartRequested(var result) ->
                    toMissingWorkflowResult(order, result);
            case WorkflowStarter.WorkflowStartResult.PaymentMethodErased _ ->
                    new MissingWorkflowResult.StartRefused("the order's personal data is erased");
            case WorkflowStarter.WorkflowStartResult.PaymentMethodUnavailable(var reason) ->
                    new MissingWorkflowResult.TemporarilyUnavailable(reason);
        };
    }

    private MissingWorkflowResult toMissingWorkflowResult(
            Order order, WorkflowClient.StartWorkflowResult result) {
        return switch (result) {
            case WorkflowClient.StartWorkflowResult.ExecutionStarted _ -> {
                recordStart(order);
                yield new MissingWorkflowResult.WorkflowStarted();
            }
            // Started by another instance, or by the event, which was not lost.
            case WorkflowClient.StartWorkflowResult.AlreadyStarted _ -> {
                checks.recordStatus(order.id(), "RUNNING", properties.recheckInterval());
                yield new MissingWorkflowResult.WorkflowRunning();
            }
            case WorkflowClient.StartWorkflowResult.InputRefused(var reason) ->
                    new MissingWorkflowResult.StartRefused(reason);
            case WorkflowClient.StartWorkflowResult.StartUnavailable(var reason) ->
                    new MissingWorkflowResult.TemporarilyUnavailable(reason);
        };
    }

    /// Publishes the event again for its other consumers; those that have it recognise it.
    private void recordStart(Order order) {
        log.warn(
                "order {}: workflow started late, because the event OrderCreated was lost",
                order.id());
        startedLate.increment();
        transactions.executeWithoutResult(
                _ -> {
                    if (checks.recordStart(order.id(), properties.recheckInterval())) {
                        outbox.publish(OrderCreatedFactory.create(order, null));
                        orders.appendToTimeline(
                                order.id(),
                                new TimelineEntry(
                                        clock.instant(),
                                        "WorkflowStartedLate",
                                        TimelineEntry.TimelineEffect.FLAGGED,
                                        order.state(),
                                        Optional.of("its OrderCreated was lost")));
                    }
                });
    }
}
