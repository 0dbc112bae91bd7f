package dev.orderflow.operations.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.executions.ExecutionsClient.RedriveProgress;
import dev.orderflow.operations.orders.OrderSnapshotClient;
import dev.orderflow.operations.redrive.Redrive;
import dev.orderflow.operations.redrive.RedrivePlans;
import dev.orderflow.operations.redrive.RedriveSelection;
import dev.orderflow.operations.redrive.RedriveSelection.AllItems;
import dev.orderflow.operations.redrive.RedriveSelection.ItemGroup;
import dev.orderflow.operations.redrive.RedriveSelection.NamedItems;
import dev.orderflow.operations.redrive.RedriveService;
import dev.orderflow.operations.redrive.RedriveService.StartResult;
import dev.orderflow.operations.redrive.RedriveService.StartResult.RedriveStarted;
import dev.orderflow.operations.redrive.RedriveTask;
import dev.orderflow.operations.redrive.RedriveTask.RedriveAction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import software.amazon.awssdk.core.exception.SdkClientException;

/// Lists, redrives and dismisses executions of a workflow in memory.
@OperationsConsoleFixture
class FailedExecutionServiceTest {

    /// As many as a selection reads at once.
    private static final int MAX_EXECUTIONS = 50;

    private final WorkflowInMemory workflow = new WorkflowInMemory();
    private final RedriveService redrives;
    private final FailedExecutionService service;

    @Autowired
    FailedExecutionServiceTest(AutowireCapableBeanFactory beans) {
        ServiceStubs.reset();
        redrives = beans.getBean(RedriveService.class);
        service =
                new FailedExecutionService(
                        workflow,
                        beans.getBean(OrderSnapshotClient.class),
                        beans.getBean(ExpiredAuthorizations.class),
                        redrives,
                        beans.getBean(AuditTrail.class),
                        new ExecutionProperties(
                                MAX_EXECUTIONS,
                                beans.getBean(ExecutionProperties.class).canaryTimeout()),
                        beans.getBean(Dismissals.class),
                        beans.getBean(RedrivePlans.class));
    }

    @Test
    void aPageShowsEachExecutionWithItsGroupAndTheStateOfItsOrder() {
        workflow.add(ServiceStubs.putOrder("CONFIRMED").id, "VoidPayment");
        workflow.add(UUID.randomUUID(), "VoidPayment");

        var page = service.page(Optional.empty(), 10);

        assertThat(page.groups()).containsEntry("VoidPayment/States.Timeout", 2).hasSize(1);
        assertThat(page.executions())
                .extracting(FailedExecutionService.FailedExecutionView::orderState)
                .containsExactly("CONFIRMED", "unknown");
    }

    @Test
    void theOrdersOfManyExecutionsAreReadByOneCall() {
        for (int execution = 0; execution < 12; execution++) {
            workflow.add(ServiceStubs.putOrder("CONFIRMED").id, "VoidPayment");
        }
        int calls = ServiceStubs.requests("/internal/orders/state-batch").size();
        assertThat(service.page(Optional.empty(), 20).executions()).hasSize(12);
        assertThat(service.planRedrive(new AllItems(), false).permitted()).hasSize(12);
        assertThat(ServiceStubs.requests("/internal/orders/state-batch")).hasSize(calls + 2);
    }

    @Test
    void onlyAPageBehindWhichIsAnExecutionHasANextPage() {
        for (int execution = 0; execution < 6; execution++) {
            workflow.add(ServiceStubs.putOrder("CANCELLED").id, "VoidPayment");
        }
        var first = service.page(Optional.empty(), 3);
        assertThat(first.executions()).hasSize(3);
        var second = service.page(first.next(), 3);
        assertThat(second.executions()).hasSize(3);
        assertThat(second.next()).isEmpty();
        assertThat(service.page(Optional.empty(), 6).next()).isEmpty();
    }

    @Test
    void dismissedExecutionsAreNoNextPage() {
        for (int execution = 0; execution < 5; execution++) {
            workflow.add(ServiceStubs.putOrder("CANCELLED").id, "VoidPayment");
        }
        assertThat(dismiss(false).done()).isEqualTo(5);
        workflow.executions.addFirst(
                execution(ServiceStubs.putOrder("CANCELLED").id, "VoidPayment", 0));
        assertThat(service.page(Optional.empty(), 1).next()).isEmpty();

        workflow.executions.add(execution(ServiceStubs.putOrder("CANCELLED").id, "Capture", 0));
        var first = service.page(Optional.empty(), 1);
        assertThat(first.groups()).containsOnlyKeys("VoidPayment/States.Timeout");
        var last = service.page(first.next(), 1);
        assertThat(last.groups()).containsOnlyKeys("Capture/States.Timeout");
        assertThat(last.next()).isEmpty();
    }

    @Test
    void aSelectionIsCompleteWithAsManyExecutionsAsATaskTakes() {
        for (int execution = 0; execution < MAX_EXECUTIONS; execution++) {
            workflow.add(UUID.randomUUID(), "VoidPayment");
        }
        assertThat(service.planDismissal(new AllItems(), false).complete()).isTrue();
        workflow.add(UUID.randomUUID(), "VoidPayment");
        var plan = service.planDismissal(new AllItems(), false);
        assertThat(plan.complete()).isFalse();
        assertThat(plan.selected()).isEqualTo(MAX_EXECUTIONS);
    }

    @Test
    void aRedriveContinuesTheSelectedExecutions() {
        var redriven = workflow.add(ServiceStubs.putOrder("CONFIRMED").id, "VoidPayment");
        workflow.add(ServiceStubs.putOrder("CONFIRMED").id, "ConfirmOrder");

        var ended = redrive(new ItemGroup("VoidPayment/States.Timeout"), false, false);

        assertThat(ended.state()).isEqualTo(Redrive.RedriveState.DONE);
        assertThat(ended.done()).isEqualTo(1);
        assertThat(workflow.redriven).containsExactly(redriven.name());
    }

    @Test
    void anExecutionThatCannotBeRedrivenIsBlockedWithTheReason() {
        var known = ServiceStubs.putOrder("CONFIRMED").id;
        workflow.executions.add(
                execution(known, "VoidPayment", 0).withRefusal(Optional.of("too old")));
        workflow.add(UUID.randomUUID(), "VoidPayment");
        var expected =
                List.of(
                        "too old",
                        "order-service does not know its order; dismiss it, or redrive it with force");

        assertThat(service.planRedrive(new AllItems(), false).blocked())
                .extracting(view -> view.execution().refusal().orElseThrow())
                .isEqualTo(expected);
        assertThat(service.planRedrive(new AllItems(), true).permitted()).hasSize(1);
        var ended = redrive(new AllItems(), false, false);

        assertThat(ended.blocked()).isEqualTo(2);
        assertThat(ended.reasons())
                .extracting(Redrive.RedriveReason::description)
                .isEqualTo(expected);
        assertThat(workflow.redriven).isEmpty();
        assertThat(redrive(new AllItems(), false, true).done()).isEqualTo(1);
    }

    @Test
    void aNameWithoutFailedExecutionIsReported() {
        var failed = workflow.add(ServiceStubs.putOrder("CONFIRMED").id, "VoidPayment");
        var selection = new NamedItems(List.of(failed.name(), "missing"));

        assertThat(service.planRedrive(selection, false).missing()).isEqualTo(1);
        var ended = redrive(selection, false, false);

        assertThat(ended.done()).isEqualTo(1);
        assertThat(ended.reasons())
                .containsExactly(
                        new Redrive.RedriveReason(
                                "FAILED",
                                "no failed workflow has this name",
                                1,
                                List.of("missing")));
    }

    @Test
    void aCanaryThatFailsAgainStopsTheRedrive() {
        var canary = workflow.add(ServiceStubs.putOrder("CONFIRMED").id, "VoidPayment");
        workflow.add(ServiceStubs.putOrder("CONFIRMED").id, "VoidPayment");
        workflow.progress = RedriveProgress.FAILED_AGAIN;

        var ended = redrive(new AllItems(), true, false);

        assertThat(ended.state()).isEqualTo(Redrive.RedriveState.STOPPED);
        assertThat(ended.note())
                .contains(
                        "the canary %s failed again: the cause still exists"
                                .formatted(canary.name()));
        assertThat(workflow.redriven).containsExactly(canary.name());
    }

    @Test
    void aRedriveStopsWithTheReasonWhenStepFunctionsDoesNotRespond() {
        workflow.add(ServiceStubs.putOrder("CONFIRMED").id, "VoidPayment");
        workflow.add(ServiceStubs.putOrder("CONFIRMED").id, "VoidPayment");
        workflow.available = false;

        var ended = redrive(new AllItems(), true, false);

        assertThat(ended.state()).isEqualTo(Redrive.RedriveState.STOPPED);
        assertThat(ended.note()).contains("AWS did not respond; run it again");
        assertThat(ended.done()).isEqualTo(1);
    }

    @Test
    void theRedriveContinuesAfterACanaryThatSucceeds() {
        workflow.add(ServiceStubs.putOrder("CONFIRMED").id, "VoidPayment");
        workflow.add(ServiceStubs.putOrder("CONFIRMED").id, "VoidPayment");

        assertThat(redrive(new AllItems(), true, false).done()).isEqualTo(2);
    }

    @Test
    void anExecutionOfAnOpenOrderIsDismissedOnlyWithForce() {
        workflow.add(ServiceStubs.putOrder("CANCEL_REQUESTED").id, "VoidPayment");

        assertThat(service.planDismissal(new AllItems(), false).blocked()).hasSize(1);
        var ended = dismiss(false);
        assertThat(ended.blocked()).isEqualTo(1);
        assertThat(ended.reasons().getFirst().description())
                .isEqualTo(
                        "its order is CANCEL_REQUESTED and waits for it; redrive it, or dismiss it with force");

        assertThat(service.planDismissal(new AllItems(), true).permitted()).hasSize(1);
        assertThat(dismiss(true).done()).isEqualTo(1);
        assertThat(service.page(Optional.empty(), 10).executions()).isEmpty();
    }

    @Test
    void noExecutionIsDismissedWhileOrderServiceIsUnavailable() {
        workflow.add(ServiceStubs.putOrder("CANCELLED").id, "VoidPayment");
        ServiceStubs.setUnavailable("/internal/orders");

        assertThat(dismiss(false).blocked()).isEqualTo(1);
        assertThat(service.page(Optional.empty(), 10).executions()).hasSize(1);
    }

    @Test
    void aDismissedExecutionIsListedAgainAfterItWasRedrivenAndFailedAgain() {
        var order = ServiceStubs.putOrder("CANCELLED").id;
        workflow.add(order, "VoidPayment");
        assertThat(dismiss(false).done()).isEqualTo(1);
        assertThat(service.page(Optional.empty(), 10).executions()).isEmpty();

        workflow.executions.set(0, execution(order, "VoidPayment", 1));

        assertThat(service.page(Optional.empty(), 10).executions()).hasSize(1);
    }

    private Redrive redrive(RedriveSelection selection, boolean canary, boolean force) {
        return awaitEnd(service.start(task(RedriveAction.REDRIVE, selection, canary, force)));
    }

    private Redrive dismiss(boolean force) {
        return awaitEnd(service.start(task(RedriveAction.DISMISS, new AllItems(), false, force)));
    }

    private static RedriveTask task(
            RedriveAction action, RedriveSelection selection, boolean canary, boolean force) {
        return new RedriveTask(
                UUID.randomUUID(),
                action,
                RedriveTask.WORKFLOWS,
                selection,
                new Operator("grace", "Grace", Set.of(OperatorRole.OPERATOR)),
                "the cause is fixed",
                100,
                canary,
                force,
                Optional.empty(),
                Map.of());
    }

    private Redrive awaitEnd(StartResult started) {
        var id = ((RedriveStarted) started).redrive().id();
        return await().pollInterval(Duration.ofMillis(20))
                .until(
                        () -> redrives.find(id).orElseThrow(),
                        redrive -> redrive.state() != Redrive.RedriveState.RUNNING);
    }

    private static StoppedExecution execution(UUID order, String state, int redriveCount) {
        return new StoppedExecution(
                "arn:" + order,
                order.toString(),
                "FAILED",
                state,
                "States.Timeout",
                Instant.EPOCH,
                redriveCount,
                Optional.empty());
    }

    /// Failed executions, with an empty page behind a last one that is full; a redriven one
    /// succeeds unless a test sets another progress or makes it unavailable.
    private static final class WorkflowInMemory implements ExecutionsClient {

        final List<StoppedExecution> executions = new ArrayList<>();
        final List<String> redriven = new ArrayList<>();
        volatile RedriveProgress progress = RedriveProgress.SUCCEEDED;
        volatile boolean available = true;

        StoppedExecution add(UUID order, String state) {
            var execution = execution(order, state, 0);
            executions.add(execution);
            return execution;
        }

        @Override
        public ExecutionsPage listStopped(Optional<String> cursor, int limit) {
            int from = cursor.map(Integer::parseInt).orElse(0);
            int to = Math.min(executions.size(), from + limit);
            return new ExecutionsPage(
                    executions.subList(from, to).stream()
                            .map(it -> new ListedExecution(it.name(), it.redriveCount()))
                            .toList(),
                    to - from == limit ? Optional.of(Integer.toString(to)) : Optional.empty());
        }

        @Override
        public Optional<StoppedExecution> findStopped(String name) {
            return executions.stream().filter(execution -> execution.name().equals(name)).findAny();
        }

        @Override
        public RedriveResult redrive(StoppedExecution execution) {
            redriven.add(execution.name());
            return new RedriveResult.Redriven();
        }

        @Override
        public RedriveProgress progress(String name, String failedState) {
            if (!available) {
                throw SdkClientException.create("no connection");
            }
            return progress;
        }
    }
}
