package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.operations.OperationsProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks the services' internal APIs, and Step Functions for workflows that were started.
@Component
class HttpEffectQueries implements EffectQueries {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final RestClient orders;
    private final RestClient inventory;
    private final RestClient shipping;
    private final RestClient notifications;
    private final SfnClient stepFunctions;
    private final String stateMachineArn;

    HttpEffectQueries(
            InternalRestClientFactory clients,
            OperationsProperties services,
            SfnClient operationsStepFunctions) {
        this.orders = clients.create(services.orderUrl(), PATIENCE);
        this.inventory = clients.create(services.inventoryUrl(), PATIENCE);
        this.shipping = clients.create(services.shippingUrl(), PATIENCE);
        this.notifications = clients.create(services.notificationUrl(), PATIENCE);
        this.stepFunctions = operationsStepFunctions;
        this.stateMachineArn = services.stateMachineArn();
    }

    @Override
    public EffectState of(ConsumerQueue consumer, RedactedContents contents) {
        if (contents.orderId().isEmpty()) {
            return EffectState.UNKNOWN;
        }
        var order = contents.orderId().get();
        try {
            return switch (consumer) {
                case FULFILMENT_REQUESTS -> known(isStarted(order));
                case ORDER_PROGRESS ->
                        known(
                                get(orders, "/internal/orders/{id}", order)
                                        .path("timeline")
                                        .valueStream()
                                        .anyMatch(has("type", contents.type())));
                case APPROVAL_REQUESTS -> known(isAsked(order));
                case WORKFLOW_FAILURES ->
                        known(
                                get(orders, "/internal/orders/{id}", order)
                                        .path("needsAttention")
                                        .booleanValue(false));
                case INVENTORY_SETTLEMENTS ->
                        known(
                                batch(inventory, "reservations", "reservations", order)
                                        .anyMatch(has("status", "HELD").negate()));
                case SHIPPING_REQUESTS ->
                        known(
                                batch(shipping, "shipments", "shipments", order)
                                        .findAny()
                                        .isPresent());
                case SHIPPING_CANCELLATIONS ->
                        known(
                                batch(shipping, "shipments", "shipments", order)
                                        .anyMatch(has("status", "WAITING").negate()));
                case NOTIFICATIONS ->
                        known(
                                batch(notifications, "notifications", "emails", order)
                                        .filter(has("state", "CLAIMED").negate())
                                        .anyMatch(has("eventType", contents.type())));
                // The console has no way to analytics-service.
                case ANALYTICS -> EffectState.UNKNOWN;
            };
        } catch (RestClientException | JacksonException | SdkException noAnswer) {
            return EffectState.UNKNOWN;
        }
    }

    private static EffectState known(boolean there) {
        return there ? EffectState.DONE : EffectState.NOT_YET;
    }

    /// A workflow is named by its order's id.
    private boolean isStarted(UUID order) {
        try {
            stepFunctions.describeExecution(
                    describe ->
                            describe.executionArn(
                                    stateMachineArn.replace(":stateMachine:", ":execution:")
                                            + ":"
                                            + order));
            return true;
        } catch (ExecutionDoesNotExistException notYet) {
            return false;
        }
    }

    private boolean isAsked(UUID order) {
        try {
            get(orders, "/internal/approvals/{id}", order);
            return true;
        } catch (HttpClientErrorException.NotFound notYet) {
            return false;
        }
    }

    private static JsonNode get(RestClient service, String path, UUID order) {
        return read(service.get().uri(path, order).retrieve().body(String.class));
    }

    private static Stream<JsonNode> batch(
            RestClient service, String resource, String name, UUID order) {
        return read(service.post()
                        .uri("/internal/" + resource + "/status-batch")
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(Map.of("orderIds", List.of(order)))
                        .retrieve()
                        .body(String.class))
                .path(name)
                .valueStream();
    }

    private static JsonNode read(@Nullable String body) {
        return JsonMapper.shared().readTree(body == null ? "" : body);
    }

    private static Predicate<JsonNode> has(String field, String value) {
        return node -> node.path(field).asString("").equals(value);
    }
}
