package dev.orderflow.analytics.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.analytics.AnalyticsProperties;
import dev.orderflow.analytics.messaging.FactIngestion;
import dev.orderflow.analytics.projection.Facts;
import dev.orderflow.contracts.ClaimCheck;
import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderConfirmed;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.Total;
import dev.orderflow.contracts.fixture.AwsHttpStub;
import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.defaults.text.Sha256;
import dev.orderflow.localpostgres.fixture.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

class FactFunctionTest {

    private static final AnalyticsProperties ANALYTICS =
            new AnalyticsProperties(Instant.parse("2020-01-01T00:00:00Z"), Duration.ofHours(1));

    private static final Instant START = Instant.now().minusSeconds(600);

    private static DataSource database;
    private static JdbcClient jdbc;
    private static HttpStub store;
    private static S3Client s3;

    private final AtomicBoolean databaseIsAway = new AtomicBoolean();
    private String queue = "";
    private String queueUrl = "";
    private LambdaInvoker lambda = new LambdaInvoker("", "");
    private FactFunction function = function("none");

    @BeforeAll
    static void start() {
        var url = TestDatabase.create().url();
        Flyway.configure()
                .dataSource(new DriverManagerDataSource(url))
                .locations("classpath:db/analytics-service")
                .load()
                .migrate();
        database = new DriverManagerDataSource(url);
        jdbc = JdbcClient.create(database);
        store = new HttpStub(_ -> new StubResponse(200, ""));
        s3 =
                AwsHttpStub.client(
                        store,
                        S3Client.builder()
                                .forcePathStyle(true)
                                .httpClientBuilder(UrlConnectionHttpClient.builder()));
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @BeforeEach
    void empty() {
        jdbc.sql("TRUNCATE fact, order_state, orders_by_state, facts_per_minute").update();
        queue = "analytics-" + UUID.randomUUID();
        queueUrl = SqsFixture.createQueue(queue, 3);
        lambda = new LambdaInvoker(queue, queueUrl);
        function = function(queueUrl);
    }

    @Test
    void factsAreProjectedAndDeletedFromTheQueue() {
        var order = UUID.randomUUID();
        send(enveloped(created(order)), enveloped(confirmed(order)));
        assertThat(lambda.invoke(function)).isEmpty();
        assertThat(projections())
                .anyMatch(line -> line.contains("(CONFIRMED,EUR,1,"))
                .anyMatch(line -> line.contains(order + ",2,CONFIRMED"));
        assertThat(SqsFixture.depth(queue)).isZero();
    }

    @Test
    void eachMessageOfAMixedBatchHasItsOwnResult() {
        store.respondWith(_ -> new StubResponse(503, "<Error><Code>SlowDown</Code></Error>"));
        var order = UUID.randomUUID();
        var poison = "no json at all";
        var unknown = enveloped(created(UUID.randomUUID())).replace("OrderCreated", "OrderTold");
        var notYet = claimCheck(created(UUID.randomUUID()), "ours");
        send(
                enveloped(created(order)),
                poison,
                enveloped(created(order)),
                notYet,
                unknown,
                enveloped(confirmed(order)),
                claimCheck(created(UUID.randomUUID()), "theirs"));
        assertThat(lambda.invoke(function)).containsExactly(notYet);
        assertThat(facts()).isEqualTo(2);
        assertThat(SqsFixture.depth(queue)).isEqualTo(1);
        assertThat(SqsFixture.receiveAndDelete(queue + "-dlq"))
                .extracting(dead -> dead.messageAttributes().get("reason").stringValue())
                .anyMatch(reason -> reason.startsWith("malformed message"))
                .contains("unknown message type OrderTold", "claim check names an untrusted bucket")
                .hasSize(3);
    }

    @Test
    void aLargeFactIsRedeemedAndCounted() {
        var order = UUID.randomUUID();
        store.respondWith(_ -> new StubResponse(200, MessageCodec.write(created(order))));
        send(claimCheck(created(order), "ours"), enveloped(confirmed(order)));
        assertThat(lambda.invoke(function)).isEmpty();
        assertThat(facts()).isEqualTo(2);
    }

    @Test
    void anOutageOfTheDatabaseFailsAllMessagesAndDeadLettersNone() {
        var good = enveloped(created(UUID.randomUUID()));
        var other = enveloped(created(UUID.randomUUID()));
        databaseIsAway.set(true);
        send(good, other);
        assertThat(lambda.invoke(function)).containsExactlyInAnyOrder(good, other);
        assertThat(SqsFixture.depth(queue)).isEqualTo(2);
        assertThat(SqsFixture.depth(queue + "-dlq")).isZero();
    }

    @Test
    void aBatchThatWasRecordedButNotDeletedCountsOnce() {
        var order = UUID.randomUUID();
        var event = enveloped(created(order));
        send(event);
        assertThat(lambda.invoke(function)).isEmpty();
        var before = projections();
        send(event);
        assertThat(lambda.invoke(function)).isEmpty();
        assertThat(projections()).isEqualTo(before);
    }

    @Test
    void anEventOfAnotherQueueIsRefused() {
        var event =
                """
                {"Records":[{"messageId":"059f36b4-87a3-44ab-83d2-661975830a7d",
                  "receiptHandle":"AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...","body":"Test message.",
                  "attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1545082649183",
                    "SenderId":"AIDAIENQZJOLO23YVJ4VO","ApproximateFirstReceiveTimestamp":"1545082649185"},
                  "messageAttributes":{},"md5OfBody":"e4e68fb7bd0e697a0ae8f1bb342846b3",
                  "eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:us-east-2:123456789012:my-queue",
                  "awsRegion":"us-east-2"}]}""";
        assertThatThrownBy(() -> LambdaInvoker.answer(function, event))
                .hasMessageContaining("the event is not from the queue");
        assertThat(LambdaInvoker.answer(function, event.replace("my-queue", queue)).toString())
                .isEqualTo("{\"batchItemFailures\":[]}");
        assertThat(LambdaInvoker.answer(function, "{\"Records\":[]}").toString())
                .isEqualTo("{\"batchItemFailures\":[]}");
    }

    /// While one replaces the other, both receive facts, some of them the same.
    @Test
    void functionAndContainerRunningConcurrentlyCountEveryFactOnce() throws Exception {
        var events = new ArrayList<OrderEvent>();
        for (int i = 0; i < 40; i++) {
            var order = UUID.randomUUID();
            events.add(created(order));
            events.add(confirmed(order));
        }
        inContainer(events, 0);
        var expected = projections();
        jdbc.sql("TRUNCATE fact, order_state, orders_by_state, facts_per_minute").update();
        var work = new ArrayList<Callable<Void>>();
        for (int seed = 0; seed < 3; seed++) {
            int mine = seed;
            work.add(
                    () -> {
                        inContainer(events, mine);
                        return null;
                    });
            work.add(
                    () -> {
                        inFunction(events, mine + 10);
                        return null;
                    });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(work)) {
                done.get();
            }
        }
        assertThat(projections()).isEqualTo(expected);
    }

    private void inContainer(List<OrderEvent> events, int seed) {
        var intake =
                new FactIngestion(
                        new Facts(JdbcClient.create(database), new SimpleMeterRegistry()),
                        ANALYTICS);
        var transactions = new TransactionTemplate(new JdbcTransactionManager(database));
        for (var batch : batches(events, seed)) {
            var deliveries =
                    batch.stream()
                            .map(
                                    body ->
                                            new ReceivedMessage(
                                                    body, "m", 1, Instant.now(), "analytics"))
                            .toList();
            transactions.executeWithoutResult(_ -> intake.handle(deliveries));
        }
    }

    private void inFunction(List<OrderEvent> events, int seed) {
        var own = "analytics-" + UUID.randomUUID();
        var url = SqsFixture.createQueue(own, 3);
        var mine = new LambdaInvoker(own, url);
        var myFunction = function(url);
        for (var batch : batches(events, seed)) {
            batch.forEach(body -> SqsFixture.send(own, body));
            assertThat(mine.invoke(myFunction)).isEmpty();
        }
    }

    private static List<List<String>> batches(List<OrderEvent> events, int seed) {
        var mine = new ArrayList<>(events.stream().map(FactFunctionTest::enveloped).toList());
        Collections.shuffle(mine, new Random(seed));
        var batches = new ArrayList<List<String>>();
        for (int i = 0; i < mine.size(); i += 10) {
            batches.add(mine.subList(i, Math.min(mine.size(), i + 10)));
        }
        return batches;
    }

    private FactFunction function(String ofQueue) {
        return new FactFunction(
                new DelegatingDataSource(database) {
                    @Override
                    public java.sql.Connection getConnection() throws SQLException {
                        if (databaseIsAway.get()) {
                            throw new SQLException("the database is away");
                        }
                        return super.getConnection();
                    }

                    @Override
                    public void afterPropertiesSet() {}
                },
                ANALYTICS,
                ofQueue,
                "ours",
                SqsFixture::client,
                () -> s3);
    }

    private void send(String... bodies) {
        for (var body : bodies) {
            SqsFixture.send(queue, body);
        }
    }

    private static long facts() {
        return jdbc.sql("SELECT count(*) FROM fact").query(Long.class).single();
    }

    private static List<String> projections() {
        return jdbc.sql(
                        """
                        SELECT 'order state ' || (order_id, version, state, total_amount, currency, changed_at) AS line
                        FROM order_state
                        UNION ALL
                        SELECT 'by state ' || orders_by_state FROM orders_by_state WHERE orders > 0
                        UNION ALL
                        SELECT 'minute ' || facts_per_minute FROM facts_per_minute
                        ORDER BY line
                        """)
                .query((row, _) -> row.getString("line"))
                .list();
    }

    private static OrderEvent created(UUID order) {
        return new OrderCreated(
                OrderEvent.idOf(order, OrderCreated.class),
                1,
                START,
                order,
                1,
                "cust-1842",
                List.of(new EventLine("MUG-BLUE", 2)),
                new Total(new BigDecimal("25.00"), "EUR"),
                null);
    }

    private static OrderEvent confirmed(UUID order) {
        return new OrderConfirmed(
                OrderEvent.idOf(order, OrderConfirmed.class),
                1,
                START.plusSeconds(70),
                order,
                2,
                "cust-1842",
                new Total(new BigDecimal("25.00"), "EUR"),
                null);
    }

    private static String enveloped(OrderEvent event) {
        return enveloped(event.type(), MessageCodec.write(event));
    }

    private static String claimCheck(OrderEvent event, String bucket) {
        var detail = MessageCodec.write(event).getBytes(StandardCharsets.UTF_8);
        var location =
                new ClaimCheck.PayloadLocation(
                        bucket,
                        "events/" + event.eventId() + ".json",
                        detail.length,
                        Sha256.hex(detail));
        return enveloped(event.type(), MessageCodec.write(ClaimCheck.of(event, location)));
    }

    private static String enveloped(String type, String detail) {
        return """
               {"version":"0","id":"%s","detail-type":"%s","source":"orderflow.workflow","account":"000000000000",
                "time":"2026-11-02T09:15:31Z","region":"us-east-1","resources":[],"detail":%s}"""
                .formatted(UUID.randomUUID(), type, detail);
    }
}
