package dev.orderflow.asdeployed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.TaskFailedEventDetails;

/// The connection of the workflow, and workflows that fail.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class WorkflowJourneys extends AuthorizationJourneys {

    private static final String INVALID_CONNECTION =
            "Events.ConnectionResource.InvalidConnectionState";

    /// The workflow repeats a call that fails because of its connection. The rule that reports such
    /// events is checked by the last tests, because its alarm is evaluated once a minute.
    @Test
    @Order(1)
    void anOrderShipsAfterItsConnectionWasDeauthorizedAndAuthorizedAgain() {
        try (var events = administrator(EventBridgeClient.builder());
                var operator = operator(EventBridgeClient.builder())) {
            events.deauthorizeConnection(it -> it.name(CONNECTION));
            assertThat(stateOfConnection(operator)).isEqualTo(ConnectionState.DEAUTHORIZED);
            var order = api.order(api.article("12.50", 1), 1, Api.VISA);
            api.awaitTrue(
                    "a task fails because of the connection",
                    () -> taskErrors(order).contains(INVALID_CONNECTION));
            updateConnection(events, system.internalApiKey());
            assertThat(stateOfConnection(operator)).isEqualTo(ConnectionState.ACTIVE);
            api.awaitState(order, "SHIPPED");
        }
    }

    /// The errors of failed tasks in the execution of an order; none before the execution starts.
    private static List<String> taskErrors(String order) {
        try (var states = states()) {
            return states
                    .getExecutionHistoryPaginator(it -> it.executionArn(executionOf(order)))
                    .events()
                    .stream()
                    .map(HistoryEvent::taskFailedEventDetails)
                    .filter(Objects::nonNull)
                    .map(TaskFailedEventDetails::error)
                    .toList();
        } catch (ExecutionDoesNotExistException _) {
            return List.of();
        }
    }

    /// The evaluation error of an expression occurs before the payment is authorised.
    @Test
    @Order(2)
    void anOrderWithAnInvalidTotalReservesNoStockAndAuthorizesNothing() {
        var sku = api.article("12.50", 3);
        var order = UUID.randomUUID().toString();
        try (var states = states()) {
            var execution =
                    states.startExecution(
                                    start ->
                                            start.stateMachineArn(WORKFLOW + ":live")
                                                    .name(order)
                                                    .input(
                                                            """
                                                            {"orderId":"%s","lines":[{"sku":"%s","quantity":1}],
                                                             "customerRef":"%s","paymentMethodId":"pm_card_visa",
                                                             "total":{"amount":"many","currency":"EUR"},
                                                             "traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}"""
                                                                    .formatted(
                                                                            order,
                                                                            sku,
                                                                            UUID.randomUUID())))
                            .executionArn();
            api.awaitTrue(
                    "the execution ends",
                    () ->
                            states.describeExecution(it -> it.executionArn(execution)).status()
                                    != ExecutionStatus.RUNNING);
            var entered =
                    states
                            .getExecutionHistoryPaginator(it -> it.executionArn(execution))
                            .events()
                            .stream()
                            .filter(event -> event.stateEnteredEventDetails() != null)
                            .map(event -> event.stateEnteredEventDetails().name())
                            .toList();
            assertThat(entered)
                    .containsExactly("ReserveInventory", "ReleaseInventory", "PublishOutcome");
        }
        var stock = api.internal("inventory-service", "/internal/stock/" + sku);
        assertThat(stock.path("reserved").asInt(0)).as(stock.toString()).isZero();
    }

    /// The event of an execution contains the unqualified ARN of the state machine, whichever alias
    /// started it, and no error, because the state machine is encrypted: order-service reads it
    /// from the execution.
    @Test
    @Order(2)
    void aFailedWorkflowOpensAWorkItemWithItsError() {
        var order = orderThatWaitsForApproval();
        try (var states = states()) {
            states.stopExecution(
                    stop ->
                            stop.executionArn(executionOf(order))
                                    .error("Test.Stopped")
                                    .cause("{\"gatewayCode\":\"stopped_by_a_test\"}"));
        }
        api.awaitTrue(
                "the order needs attention",
                () ->
                        api.internal("order-service", "/internal/orders/" + order)
                                .path("needsAttention")
                                .asBoolean(false));
        assertThat(
                        api.internal("order-service", "/internal/orders/" + order)
                                .path("workItemReason")
                                .asString())
                .startsWith("workflow ABORTED in ")
                .endsWith(": Test.Stopped, gateway: stopped_by_a_test");
        try (var operator = operator(SfnClient.builder())) {
            assertThat(
                            operator.getExecutionHistory(
                                            it ->
                                                    it.executionArn(executionOf(order))
                                                            .reverseOrder(true))
                                    .events()
                                    .getFirst()
                                    .typeAsString())
                    .isEqualTo("ExecutionAborted");
        }
    }

    @Test
    @Order(3)
    void aFailedWorkflowIsRedriven() {
        try (var states = states()) {
            states.startExecution(
                    it -> it.stateMachineArn(WORKFLOW + ":live").name("by-hand").input("{}"));
        }
        api.awaitTrue(
                "it is listed",
                () ->
                        api.internal("operations-console", "/internal/operations/workflows/failed")
                                        .path("executions")
                                        .size()
                                > 0);
        api.finish(
                api.internal(
                        "POST",
                        "operations-console",
                        "/internal/operations/workflows/redrive",
                        """
                        {"all":true,"force":true,"perSecond":100,"reason":"a test"}"""));
    }
}
