package dev.orderflow.systemtests;

import static org.awaitility.Awaitility.await;

import java.util.List;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;

/// The executions of orders in Step Functions.
final class Workflows {

    private final Queues queues;
    private final SfnClient states;
    private final String machine;

    Workflows(RunningSystem system) {
        queues = new Queues(system);
        states = system.client(SfnClient.builder());
        machine = states.listStateMachines().stateMachines().getFirst().stateMachineArn();
    }

    /// Whether the execution of an order exists.
    boolean exists(String order) {
        try {
            return states.describeExecution(get -> get.executionArn(arn(order))) != null;
        } catch (ExecutionDoesNotExistException _) {
            return false;
        }
    }

    ExecutionStatus status(String order) {
        return states.describeExecution(get -> get.executionArn(arn(order))).status();
    }

    /// Waits until an execution has started and ended.
    DescribeExecutionResponse ended(String order) {
        return await("the execution of " + order + " to end")
                .ignoreException(ExecutionDoesNotExistException.class)
                .until(
                        () -> states.describeExecution(get -> get.executionArn(arn(order))),
                        execution -> execution.status() != ExecutionStatus.RUNNING);
    }

    /// The history of an execution; empty while it has not started.
    List<HistoryEvent> history(String order) {
        try {
            return states
                    .getExecutionHistoryPaginator(get -> get.executionArn(arn(order)))
                    .events()
                    .stream()
                    .toList();
        } catch (ExecutionDoesNotExistException _) {
            return List.of();
        }
    }

    /// The states that an execution has entered, in sequence; none while it has not started.
    List<String> steps(String order) {
        return history(order).stream()
                .filter(event -> event.typeAsString().endsWith("StateEntered"))
                .map(event -> event.stateEnteredEventDetails().name())
                .toList();
    }

    /// Waits until all have started, and have ended or wait for an approval.
    void awaitIdle() {
        await("the executions to start").until(() -> queues.depth("fulfilment-requests") == 0);
        await("the executions to end or to wait for an approval")
                .until(
                        () ->
                                states
                                        .listExecutionsPaginator(
                                                list ->
                                                        list.stateMachineArn(machine)
                                                                .statusFilter(
                                                                        ExecutionStatus.RUNNING))
                                        .executions()
                                        .stream()
                                        .map(execution -> steps(execution.name()))
                                        .allMatch(
                                                steps ->
                                                        !steps.isEmpty()
                                                                && steps.getLast()
                                                                        .equals("AwaitApproval")));
    }

    /// Starts an execution without an order.
    void start(String name, String input) {
        states.startExecution(start -> start.stateMachineArn(machine).name(name).input(input));
    }

    void stop(String name) {
        states.stopExecution(stop -> stop.executionArn(arn(name)));
    }

    /// Replaces the definition of the state machine while an action runs.
    void meanwhile(String definition, Runnable something) {
        var usual = states.describeStateMachine(get -> get.stateMachineArn(machine)).definition();
        define(definition);
        try {
            something.run();
        } finally {
            define(usual);
        }
    }

    private void define(String definition) {
        states.updateStateMachine(update -> update.stateMachineArn(machine).definition(definition));
    }

    private String arn(String order) {
        return machine.replace(":stateMachine:", ":execution:") + ":" + order;
    }
}
