package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.history.OrderHistory;
import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.operations.OperationsProperties;
import dev.orderflow.operations.services.ServiceApi;
import dev.orderflow.operations.services.ServiceApiFactory;
import dev.orderflow.operations.services.ServiceResponse;
import dev.orderflow.operations.services.ServiceUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;

/// Queries the services' internal APIs, and Step Functions for started workflows.
@Component
class HttpEffectQueries implements EffectQueries {

    private static final String ORDER = "/internal/orders/{id}";
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(3);

    private final ServiceApi orders;
    private final ServiceApi inventory;
    private final ServiceApi shipping;
    private final ServiceApi notifications;
    private final SfnClient stepFunctions;
    private final OperationsProperties properties;

    HttpEffectQueries(
            ServiceApiFactory services,
            OperationsProperties properties,
            SfnClient operationsStepFunctions) {
        this.orders = services.orderService(READ_TIMEOUT);
        this.inventory = services.inventoryService(READ_TIMEOUT);
        this.shipping = services.shippingService(READ_TIMEOUT);
        this.notifications = services.notificationService(READ_TIMEOUT);
        this.stepFunctions = operationsStepFunctions;
        this.properties = properties;
    }

    @Override
    public EffectState of(ConsumerQueue consumer, RedactedContents contents) {
        if (contents.orderId().isEmpty()) {
            return EffectState.UNKNOWN;
        }
        var order = contents.orderId().get();
        try {
            return switch (consumer) {
                case FULFILMENT_REQUESTS -> stateOf(isStarted(order));
                case ORDER_PROGRESS ->
                        stateOf(
                                orders.get(ORDER, order)
                                        .objects("timeline")
                                        .anyMatch(has("type", contents.type())));
                case APPROVAL_REQUESTS -> stateOf(isApprovalRequested(order));
                case WORKFLOW_FAILURES -> stateOf(orders.get(ORDER, order).flag("needsAttention"));
                case STOCK_DEDUCTIONS ->
                        stateOf(
                                states(inventory, "reservations", "reservations", order)
                                        .anyMatch(has("state", "RESERVED").negate()));
                case SHIPPING_REQUESTS ->
                        stateOf(
                                states(shipping, "shipments", "shipments", order)
                                        .findAny()
                                        .isPresent());
                case SHIPPING_CANCELLATIONS ->
                        stateOf(
                                states(shipping, "shipments", "shipments", order)
                                        .anyMatch(has("state", "WAITING").negate()));
                case NOTIFICATIONS ->
                        stateOf(
                                states(notifications, "notifications", "emails", order)
                                        .filter(has("state", "CLAIMED").negate())
                                        .anyMatch(has("eventType", contents.type())));
                // The console does not ask analytics-service.
                case ANALYTICS -> EffectState.UNKNOWN;
            };
        } catch (ServiceUnavailableException | SdkException _) {
            return EffectState.UNKNOWN;
        }
    }

    /// Each consumer records in the history of the order that it has handled a redriven message.
    @Override
    public EffectState ofMessage(
            ConsumerQueue consumer, RedactedContents contents, String messageId) {
        if (contents.orderId().isEmpty()) {
            return EffectState.UNKNOWN;
        }
        try {
            return switch (consumer) {
                case FULFILMENT_REQUESTS, ORDER_PROGRESS, APPROVAL_REQUESTS, WORKFLOW_FAILURES ->
                        stateOf(isHandled(orders, "orders", contents, messageId));
                case STOCK_DEDUCTIONS ->
                        stateOf(isHandled(inventory, "reservations", contents, messageId));
                case SHIPPING_REQUESTS, SHIPPING_CANCELLATIONS ->
                        stateOf(isHandled(shipping, "shipments", contents, messageId));
                case NOTIFICATIONS ->
                        stateOf(isHandled(notifications, "notifications", contents, messageId));
                // The console does not ask analytics-service.
                case ANALYTICS -> EffectState.UNKNOWN;
            };
        } catch (ServiceUnavailableException _) {
            return EffectState.UNKNOWN;
        }
    }

    private static boolean isHandled(
            ServiceApi service, String resource, RedactedContents contents, String messageId) {
        return service
                .get(
                        "/internal/" + resource + "/{orderId}/history",
                        contents.orderId().orElseThrow())
                .toValue(OrderHistory.class)
                .entries()
                .stream()
                .anyMatch(
                        entry ->
                                entry.type().equals(OrderIncidentType.MESSAGE_REDRIVEN.name())
                                        && messageId.equals(entry.ids().get("messageId")));
    }

    private static EffectState stateOf(boolean exists) {
        return exists ? EffectState.DONE : EffectState.MISSING;
    }

    /// The name of an execution is the id of its order.
    private boolean isStarted(UUID order) {
        try {
            stepFunctions.describeExecution(
                    describe -> describe.executionArn(properties.executionArn(order.toString())));
            return true;
        } catch (ExecutionDoesNotExistException _) {
            return false;
        }
    }

    private boolean isApprovalRequested(UUID order) {
        return orders.find("approval-not-found", "/internal/approvals/{id}", order).isPresent();
    }

    private static Stream<ServiceResponse> states(
            ServiceApi service, String resource, String field, UUID order) {
        return service.post(
                        "/internal/" + resource + "/state-batch",
                        Map.of("orderIds", List.of(order)))
                .objects(field);
    }

    private static Predicate<ServiceResponse> has(String field, String value) {
        return entry -> entry.text(field).equals(value);
    }
}
