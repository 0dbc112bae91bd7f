package dev.orderflow.order.workflow;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.ParsedMessage;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.delivery.SqsMessageHandler;
import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.OrderState;
import dev.orderflow.order.domain.Orders;
import io.awspring.cloud.sqs.annotation.SqsListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Starts the workflow of each new order.
///
/// It also starts the workflow of an order with a requested cancellation: the workflow finds the
/// dispatch permit refused, compensates its earlier steps and reports the cancellation.
@Component
class FulfilmentRequestListener {

    private static final Logger log = LoggerFactory.getLogger(FulfilmentRequestListener.class);

    private final Orders orders;
    private final WorkflowStarter starter;
    private final SqsMessageHandler messageHandler;
    private final OrderIncidents incidents;

    FulfilmentRequestListener(
            Orders orders,
            WorkflowStarter starter,
            SqsMessageHandler messageHandler,
            OrderIncidents incidents) {
        this.incidents = incidents;
        this.orders = orders;
        this.starter = starter;
        this.messageHandler = messageHandler;
    }

    @SqsListener(
            queueNames = "${orderflow.order.queues.fulfilment-requests}",
            acknowledgementMode = "MANUAL")
    void onMessage(Message<String> message) {
        messageHandler.handle(message, this::handle);
    }

    HandlingResult handle(ReceivedMessage message) {
        return switch (MessageCodec.readEvent(message.body())) {
            case ParsedMessage.ValidMessage<OrderEvent>(OrderCreated created, var _) ->
                    orders.find(created.orderId())
                            .map(order -> start(order, created))
                            .orElseGet(() -> new HandlingResult.Reject("there is no such order"));
            case ParsedMessage.ValidMessage<OrderEvent>(var event, var _) ->
                    new HandlingResult.Reject(event.type() + " does not start a workflow");
            case ParsedMessage<OrderEvent> unknown ->
                    new HandlingResult.Reject(unknown.rejectionReason().orElse("unknown"));
        };
    }

    private HandlingResult start(Order order, OrderCreated created) {
        if (order.state() instanceof OrderState.Final) {
            log.info(
                    "order {}: no workflow started, the order is {}",
                    order.id(),
                    order.state().code());
            return HandlingResult.ACKNOWLEDGE;
        }
        return switch (starter.start(order, created)) {
            case WorkflowStarter.WorkflowStartResult.StartRequested(var result) ->
                    toHandlingResult(order, result);
            case WorkflowStarter.WorkflowStartResult.PaymentMethodErased _ -> {
                log.info("order {}: no workflow started, its personal data is erased", order.id());
                yield HandlingResult.ACKNOWLEDGE;
            }
            case WorkflowStarter.WorkflowStartResult.PaymentMethodUnavailable(var reason) ->
                    new HandlingResult.DependencyUnavailable("KMS", reason);
        };
    }

    private HandlingResult toHandlingResult(
            Order order, WorkflowClient.StartWorkflowResult result) {
        return switch (result) {
            case WorkflowClient.StartWorkflowResult.ExecutionStarted _ ->
                    HandlingResult.ACKNOWLEDGE;
            case WorkflowClient.StartWorkflowResult.AlreadyStarted _ -> {
                log.info("order {}: the workflow was started before", order.id());
                incidents.record(
                        order.id(),
                        OrderIncidentType.MESSAGE_DUPLICATE,
                        "",
                        "OrderCreated came again; its workflow had been started before.");
                yield HandlingResult.ACKNOWLEDGE;
            }
            case WorkflowClient.StartWorkflowResult.InputRefused(var reason) ->
                    new HandlingResult.Reject(
                            "Step Functions refused the workflow's input: " + reason);
            case WorkflowClient.StartWorkflowResult.StartUnavailable(var reason) ->
                    new HandlingResult.DependencyUnavailable("Step Functions", reason);
        };
    }
}
