package dev.orderflow.operations.deadletters;

import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.operations.ConsoleApi;
import dev.orderflow.operations.ServiceStubs;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import tools.jackson.databind.JsonNode;

/// Empty queues with their dead-letter queues, and the API of the console.
final class DeadLetterFixture {

    static final String SHIPPING = "shipping-requests";
    static final String ANALYTICS = "analytics";
    static final String UNDELIVERED = "undelivered-events";

    /// A value that the console must never show.
    static final String SECRET = "tok-secret-Ada-Lovelace";

    static final List<String> QUEUES =
            List.of(
                    "fulfilment-requests",
                    "order-progress",
                    "approval-requests",
                    "workflow-failures",
                    "stock-deductions",
                    SHIPPING,
                    "shipping-cancellations",
                    "notifications",
                    ANALYTICS);

    private static final SqsClient SQS = SqsFixture.client();
    private static final Map<String, String> URLS = createQueues();

    final ConsoleApi api;

    /// Removes all messages, running redrives and records of services.
    DeadLetterFixture(int port, JdbcClient jdbc) {
        api = new ConsoleApi(port);
        ServiceStubs.reset();
        jdbc.sql(
                        "UPDATE redrive SET state = 'DONE', ended_at = now() WHERE state IN ('RUNNING', 'PAUSED')")
                .update();
        URLS.values().forEach(url -> SQS.purgeQueue(purge -> purge.queueUrl(url)));
    }

    /// Stores a redrive of the dead letters of shipping that another instance runs.
    ///
    /// @return its id
    static UUID storeRunningRedrive(JdbcClient jdbc) {
        var id = UUID.randomUUID();
        jdbc.sql(
                        """
                        INSERT INTO redrive (id, target, action, requested_by, requested_by_name,
                                             reason, selection, lease_expires_at)
                        VALUES (:id, 'shipping-requests-dlq', 'REDRIVE', 'x', 'x', 'x', 'all',
                                'infinity')
                        """)
                .param("id", id)
                .update();
        return id;
    }

    private static Map<String, String> createQueues() {
        QUEUES.forEach(SqsFixture::createQueue);
        SQS.createQueue(queue -> queue.queueName(UNDELIVERED));
        return Stream.concat(
                        QUEUES.stream().flatMap(queue -> Stream.of(queue, queue + "-dlq")),
                        Stream.of(UNDELIVERED))
                .collect(
                        Collectors.toMap(
                                queue -> queue,
                                queue -> SQS.getQueueUrl(get -> get.queueName(queue)).queueUrl()));
    }

    static String url(String queue) {
        return URLS.get(queue);
    }

    /// Sends a message to a queue.
    static void put(String queue, String body, Map<String, String> attributes) {
        var all = new LinkedHashMap<String, MessageAttributeValue>();
        attributes.forEach(
                (name, value) ->
                        all.put(
                                name,
                                MessageAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue(value)
                                        .build()));
        SQS.sendMessage(send -> send.queueUrl(url(queue)).messageBody(body).messageAttributes(all));
    }

    /// Sends a message to the dead-letter queue of a queue.
    static void putDeadLetter(String queue, String body, Map<String, String> attributes) {
        put(queue + "-dlq", body, attributes);
    }

    /// Dead-letters the shipment request of a new confirmed order without a reason.
    ///
    /// @return the order
    static UUID putDeadShipmentRequest() {
        var order = ServiceStubs.putOrder("CONFIRMED").id;
        putDeadLetter(SHIPPING, shipmentRequest(order), Map.of());
        return order;
    }

    /// Receives the messages of a queue, which stay in flight.
    static List<Message> receive(String queue) {
        return receive(queue, Duration.ofMinutes(1));
    }

    /// Receives ten messages of a queue at most, which stay in flight for a while.
    static List<Message> receive(String queue, Duration visibility) {
        return SQS.receiveMessage(
                        receive ->
                                receive.queueUrl(url(queue))
                                        .maxNumberOfMessages(10)
                                        .messageAttributeNames("All")
                                        .visibilityTimeout((int) visibility.toSeconds()))
                .messages();
    }

    static void delete(String queue, Message message) {
        SQS.deleteMessage(
                delete -> delete.queueUrl(url(queue)).receiptHandle(message.receiptHandle()));
    }

    static String shipmentRequest(UUID order) {
        return "{\"command\":\"ArrangeShipment\",\"schemaVersion\":1,\"orderId\":\"%s\",\"taskToken\":\"%s\"}"
                .formatted(order, SECRET);
    }

    static String orderShipped(UUID order) {
        return "{\"detail-type\":\"OrderShipped\",\"detail\":{\"orderId\":\"%s\",\"schemaVersion\":1}}"
                .formatted(order);
    }

    /// A valid request for all messages of a queue.
    static Map<String, Object> all() {
        return with(request(), "all", true);
    }

    /// A valid request without a selection.
    static Map<String, Object> request() {
        return Map.of("reason", "the cause is fixed", "perSecond", 100);
    }

    static Map<String, Object> with(Map<String, Object> request, String field, Object value) {
        var more = new LinkedHashMap<>(request);
        more.put(field, value);
        return more;
    }

    JsonNode show(String queue) {
        return api.get("/dead-letters/" + queue);
    }

    /// Starts a redrive.
    JsonNode start(String queue, Map<String, Object> request) {
        return api.post(202, "/dead-letters/" + queue + "/redrive", request);
    }

    /// Starts a redrive and waits for its end.
    JsonNode redrive(String queue, Map<String, Object> request) {
        return api.awaitEnd(start(queue, request));
    }

    static void awaitDepth(String queue, int depth) {
        await().until(() -> SqsFixture.depth(queue) == depth);
    }
}
