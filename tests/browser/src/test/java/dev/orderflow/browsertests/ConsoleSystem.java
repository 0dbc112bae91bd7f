package dev.orderflow.browsertests;

import static org.awaitility.Awaitility.await;

import dev.orderflow.commandline.operations.DevelopmentTokenClient;
import dev.orderflow.contracts.fixture.LongTimeoutExtension;
import dev.orderflow.contracts.fixture.Repetition;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.LocalRun;
import dev.orderflow.localrun.LocalRun.LocalRunSettings;
import dev.orderflow.localrun.SystemClient;
import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/// The running system whose pages the tests open: one for this JVM, started by the first test that
/// needs it. Tests use orders and dead-letter queues of their own, and remove what they make.
final class ConsoleSystem {

    /// An article below the approval limit.
    static final String MUG = "MUG-BLUE";

    /// An article above the approval limit.
    static final String TABLE = "TABLE-OAK";

    private static final String CUSTOMER = "ada";

    private final LocalRun system;
    private final SystemClient client;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final DevelopmentTokenClient tokens;
    private final SqsClient sqs;
    private final CloudWatchClient cloudWatch;

    private static final class ConsoleSystemHolder {
        static final ConsoleSystem SYSTEM = new ConsoleSystem();
    }

    static ConsoleSystem shared() {
        return ConsoleSystemHolder.SYSTEM;
    }

    private ConsoleSystem() {
        var usual = LocalRunSettings.forTests();
        system =
                LocalRun.start(
                        new LocalRunSettings(
                                usual.ports(),
                                usual.data(),
                                usual.clockFactor(),
                                usual.approvalLimits(),
                                usual.progress(),
                                List.of(
                                        "--orderflow.operations.dead-letters.scan-interval=500ms",
                                        "--orderflow.operations.dead-letters.canary-timeout=2s")));
        Runtime.getRuntime().addShutdownHook(new Thread(system::close));
        client = new SystemClient(system);
        tokens = new DevelopmentTokenClient(() -> system.url(Component.DEVELOPMENT_ISSUER), http);
        sqs = system.client(SqsClient.builder());
        cloudWatch = system.client(CloudWatchClient.builder());
    }

    /// The address of the first page.
    URI pages() {
        return system.url(Component.OPERATIONS_CONSOLE_PAGES);
    }

    /// The address of the issuer, which is another site for the browser's policies.
    URI issuer() {
        return system.url(Component.DEVELOPMENT_ISSUER);
    }

    /// Places an order and returns its id.
    String order(String sku) {
        return client.placeOrder(CUSTOMER, UUID.randomUUID().toString(), sku, 1, "pm_card_visa")
                .path("orderId")
                .asString();
    }

    void awaitOrderState(String order, String state) {
        await("order " + order + " to be " + state)
                .until(() -> client.order(CUSTOMER, order).path("state").asString(), state::equals);
    }

    /// Places an order above the approval limit and waits until it can be decided on.
    String orderThatWaitsForApproval() {
        var order = order(TABLE);
        awaitPendingApproval(order);
        return order;
    }

    void awaitPendingApproval(String order) {
        await("order " + order + " to wait for an approval")
                .until(() -> internal("GET", "/internal/approvals").contains(order));
    }

    private String internal(String method, String path) {
        return send(Component.ORDER_SERVICE_INTERNAL, method, path, DevelopmentOperator.ADAM, "");
    }

    /// Sends a request with the token of an operator, as the command line does.
    ///
    /// @throws IllegalStateException when the response is not successful
    String send(
            Component component,
            String method,
            String path,
            DevelopmentOperator operator,
            String body) {
        var response =
                Repetition.untilAvailable(
                        () ->
                                send(
                                        HttpRequest.newBuilder(system.url(component).resolve(path))
                                                .timeout(LongTimeoutExtension.TIMEOUT)
                                                .header("Content-Type", "application/json")
                                                .header(
                                                        "Authorization",
                                                        "Bearer "
                                                                + tokens.operatorToken(
                                                                        operator.user()))
                                                .method(
                                                        method,
                                                        HttpRequest.BodyPublishers.ofString(body))
                                                .build()));
        if (response.statusCode() / 100 != 2) {
            throw new IllegalStateException(
                    path + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /// Has the gateway refuse the next capture, as it refuses an invalid request.
    void refuseNextCapture() {
        send(
                Component.SANDBOX_GATEWAY,
                "PUT",
                "/sandbox/faults",
                DevelopmentOperator.ADAM,
                "{\"mode\":\"refused\",\"code\":\"amount_too_large\",\"on\":\"capture\",\"times\":1}");
    }

    /// Sets the state of an alarm, which lasts until its next evaluation: what must pass before it
    /// is raised by itself takes minutes.
    void raise(String alarm) {
        cloudWatch.setAlarmState(
                set -> set.alarmName(alarm).stateValue(StateValue.ALARM).stateReason("by a test"));
    }

    /// Sends a message to a queue.
    ///
    /// @param attributes those of the message
    void sendMessage(String queue, String body, Map<String, String> attributes) {
        var all =
                attributes.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey,
                                        attribute ->
                                                MessageAttributeValue.builder()
                                                        .dataType("String")
                                                        .stringValue(attribute.getValue())
                                                        .build()));
        sqs.sendMessage(send -> send.queueUrl(url(queue)).messageBody(body).messageAttributes(all));
    }

    /// Sends events of an order to a dead-letter queue, as if their consumer had rejected them.
    void deadLetter(String queue, String order, int count, String fingerprint, String reason) {
        for (int i = 0; i < count; i++) {
            sendMessage(
                    queue,
                    orderShipped(order),
                    Map.of("fingerprint", fingerprint, "reason", reason));
        }
    }

    /// Sends an event of an order in a version that does not exist to a dead-letter queue.
    void deadLetterOfUnknownVersion(String queue, String order, String fingerprint, String reason) {
        sendMessage(
                queue,
                orderShipped(order).replace("\"schemaVersion\":1", "\"schemaVersion\":2"),
                Map.of("fingerprint", fingerprint, "reason", reason));
    }

    /// Deletes all messages of a queue, which SQS allows once in 60 s: each test class has a queue
    /// of its own.
    void purge(String queue) {
        sqs.purgeQueue(purge -> purge.queueUrl(url(queue)));
    }

    private String url(String queue) {
        return sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
    }

    /// The same event each time, which its consumer counts once.
    private static String orderShipped(String order) {
        return """
               {"version":"0","id":"%s","detail-type":"OrderShipped","source":"orderflow.workflow",
                "account":"000000000000","time":"2026-11-02T09:15:31Z","region":"us-east-1","resources":[],
                "detail":{"eventId":"%s/OrderShipped","schemaVersion":1,"occurredAt":"2026-11-02T09:15:31Z",
                 "orderId":"%s","orderVersion":3,"customerRef":"ada",
                 "lines":[{"sku":"MUG-BLUE","quantity":1}],
                 "total":{"amount":"12.50","currency":"EUR"}}}
               """
                .formatted(UUID.randomUUID(), order, order);
    }

    /// Opens a work item of an order, which a person must resolve.
    void openWorkItem(String order, String reason) {
        execute(
                Component.ORDER_SERVICE,
                "INSERT INTO work_item (id, order_id, kind, reason)"
                        + " VALUES (gen_random_uuid(), ?::uuid, 'OUT_OF_ORDER', ?)",
                order,
                reason);
    }

    /// Parks an event that no rule matches.
    void park(String order, String reason) {
        execute(
                Component.ORDER_SERVICE,
                """
                INSERT INTO outbox_parked (id, target, shard, event_key, event_id, event_type, payload,
                                           content_type, occurred_at, stored_at, attempts, reason)
                SELECT coalesce(max(id), 0) + 1000000, 'events', 0, ?, ? || '/OrderTried', 'OrderTried',
                       '{}', 'application/json', now(), now(), 12, ?
                FROM outbox_parked
                """,
                order,
                order,
                reason);
    }

    /// Executes a statement in the database of a service as its owner.
    void execute(Component service, String sql, String... parameters) {
        try (var connection = system.connect(service);
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            statement.execute();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
