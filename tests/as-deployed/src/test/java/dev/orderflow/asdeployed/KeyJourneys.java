package dev.orderflow.asdeployed;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;

/// The key of the internal API, the key of personal data, and the end of personal data.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class KeyJourneys extends AuthorizationJourneys {

    private static final String FIRST_KEY = "ORDERFLOW_INTERNALAPI_KEYS_0";
    private static final String NEXT_KEY = "ORDERFLOW_INTERNALAPI_KEYS_1";

    /// The services that the workflow calls.
    private static final List<String> CALLED_WITH_THE_KEY =
            List.of("order-service", "inventory-service", "payment-service");

    private static final List<String> CALLING_WITH_THE_KEY =
            List.of(
                    "inventory-service",
                    "shipping-service",
                    "notification-service",
                    "operations-console");

    /// Deleting the key makes all personal data unreadable, so the deletion can be cancelled for
    /// days.
    @Test
    @Order(1)
    void anOperatorKeepsTheKeyOfPersonalDataFromBeingDeleted() {
        var key =
                system.task("order-service")
                        .environment()
                        .get("ORDERFLOW_ORDER_PERSONALDATA_KMSKEYID");
        try (var kms = administrator(KmsClient.builder());
                var operator = operator(KmsClient.builder())) {
            kms.scheduleKeyDeletion(it -> it.keyId(key));
            assertThat(operator.describeKey(it -> it.keyId(key)).keyMetadata().keyState())
                    .isEqualTo(KeyState.PENDING_DELETION);
            operator.cancelKeyDeletion(it -> it.keyId(key));
            operator.enableKey(it -> it.keyId(key));
            assertThat(operator.describeKey(it -> it.keyId(key)).keyMetadata().enabled()).isTrue();
        }
    }

    /// The steps of deploy/README.md, "Change keys and secrets". Meanwhile orders are placed, and
    /// each of them ships and is notified: no caller sends a rejected key for longer than it
    /// retries. Each step replaces only the tasks that it affects: the services that are called, or
    /// those that call.
    @Test
    @Order(2)
    void theKeyOfTheInternalApiIsRotatedWhileOrdersRun() throws SQLException {
        var before = system.internalApiKey();
        addKeyOfAFormerMasterKey();
        system.putSecret(NEXT_KEY, "the-new-key-of-the-internal-api-0001");
        var orders = new ArrayList<>(replaceTasks(CALLED_WITH_THE_KEY));
        var key = system.secret(NEXT_KEY);
        system.putSecret(FIRST_KEY, key);
        system.putSecret(NEXT_KEY, before);
        try (var events = administrator(EventBridgeClient.builder())) {
            updateConnection(events, key);
            orders.addAll(replaceTasks(CALLING_WITH_THE_KEY));
            system.putSecret(NEXT_KEY, "another-new-key-of-the-internal-api-0002");
            orders.addAll(replaceTasks(CALLED_WITH_THE_KEY));
            orders.forEach(order -> api.awaitState(order, "SHIPPED"));
            awaitEmpty("notifications");
            // The new task has no data key in memory, so it asks KMS for that of an older order.
            api.internal("order-service", "/internal/orders/" + orders.getFirst() + "/contact");
            assertThat(stateOfConnection(events)).isEqualTo(ConnectionState.ACTIVE);
        }
        assertThat(
                        api.status(
                                "GET",
                                system.internal("inventory-service"),
                                "/internal/stock",
                                Map.of("X-Api-Key", before)))
                .as("the old key is rejected")
                .isEqualTo(403);
        api.awaitTrue(
                "data of the former master key is encrypted again",
                () -> isUsed("kms:Encrypt", ""));
    }

    /// Places orders before, during and after the replacement. During it, the old and the new task
    /// of each service run.
    private static List<String> replaceTasks(List<String> services) {
        var orders = new ConcurrentLinkedQueue<String>();
        Runnable placeOrder = () -> orders.add(api.order(api.article("12.50", 1), 1, Api.VISA));
        placeOrder.run();
        system.replaceTasks(services, placeOrder);
        placeOrder.run();
        return List.copyOf(orders);
    }

    /// Adds a data key that was encrypted with a former master key, whose policy allows
    /// order-service to decrypt with it.
    private static void addKeyOfAFormerMasterKey() throws SQLException {
        try (var kms = administrator(KmsClient.builder());
                var database = system.database("order-service");
                var insert =
                        database.prepareStatement(
                                "INSERT INTO data_key (id, wrapped_key, master_key_id) VALUES (?, ?, ?)")) {
            var former = kms.createKey().keyMetadata().arn();
            system.allow(former, "order-service", "kms:Decrypt");
            var id = UUID.randomUUID();
            var made =
                    kms.generateDataKey(
                            it ->
                                    it.keyId(former)
                                            .keySpec(DataKeySpec.AES_256)
                                            .encryptionContext(
                                                    Map.of(
                                                            "service", "order-service",
                                                            "purpose", "personal-data",
                                                            "data-key", id.toString())));
            insert.setObject(1, id);
            insert.setBytes(2, made.ciphertextBlob().asByteArray());
            insert.setString(3, former);
            insert.executeUpdate();
        }
    }

    /// Last, because it erases the customer of all journeys.
    @Test
    @Order(3)
    void aCustomersPersonalDataIsShownAndErased() {
        var path = "/internal/operations/customers/" + api.customer();
        api.internal("operations-console", path + "/personal-data");
        api.internal("POST", "operations-console", path + "/erasure", "{\"reason\":\"asked for\"}");
    }
}
