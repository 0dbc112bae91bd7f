package dev.orderflow.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.SqsFixture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/// The service twice, on one database and one queue, with many callers at once.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoInstancesTest extends InventoryServiceFixture {

    @Autowired private Environment environment;

    private ConfigurableApplicationContext second;
    private int secondPort;

    @BeforeEach
    void startTheSecondInstance() {
        if (second != null) {
            return;
        }
        var arguments = new ArrayList<String>();
        arguments.add("--spring.profiles.active=local");
        arguments.add("--server.port=0");
        arguments.add("--management.server.port=0");
        arguments.add("--orderflow.inventory.expiry.interval=1h");
        arguments.add("--spring.cloud.aws.sqs.listener.poll-timeout=1s");
        for (var name :
                List.of(
                        "spring.datasource.url",
                        "spring.datasource.username",
                        "spring.datasource.password",
                        "spring.datasource.hikari.connection-init-sql",
                        "spring.cloud.aws.endpoint",
                        "spring.cloud.aws.region.static",
                        "spring.cloud.aws.credentials.access-key",
                        "spring.cloud.aws.credentials.secret-key",
                        "orderflow.internal-api.keys[0]",
                        "orderflow.operators.tokens.issuer",
                        "orderflow.operators.tokens.audiences[0]",
                        "orderflow.inventory.order-service.url")) {
            arguments.add("--" + name + "=" + environment.getProperty(name));
        }
        second = InventoryServiceApplication.application().run(arguments.toArray(String[]::new));
        secondPort =
                Integer.parseInt(second.getEnvironment().getRequiredProperty("local.server.port"));
    }

    @AfterAll
    void stopTheSecondInstance() {
        second.close();
    }

    private int portOf(int number) {
        return number % 2 == 0 ? port : secondPort;
    }

    @Test
    void concurrentOrdersCannotOversell() throws Exception {
        var sku = createArticle(7);
        var responses = callConcurrently(60, i -> reserve(portOf(i), UUID.randomUUID(), sku, 1));
        assertThat(responses).filteredOn(response -> response.status() == 201).hasSize(7);
        assertThat(responses)
                .filteredOn(response -> response.status() != 201)
                .allSatisfy(response -> assertThat(response.problem()).isEqualTo("out-of-stock"));
        assertThat(available(sku)).isZero();
        assertThat(stock(sku).path("reserved").longValue()).isEqualTo(7);
    }

    @Test
    void concurrentRequestsOfOneOrderReserveOnce() throws Exception {
        var sku = createArticle(100);
        var order = UUID.randomUUID();
        var responses = callConcurrently(40, i -> reserve(portOf(i), order, sku, 3));
        assertThat(responses).allSatisfy(response -> assertThat(response.status()).isEqualTo(201));
        assertThat(responses.stream().map(ApiResponse::body).distinct()).hasSize(1);
        assertThat(responses)
                .filteredOn(response -> response.header("Idempotency-Replayed").isEmpty())
                .hasSize(1);
        assertThat(available(sku)).isEqualTo(97);
    }

    @Test
    void ordersThatShareArticlesNeverDeadlock() throws Exception {
        var skus = times(6, _ -> createArticle(40));
        var responses =
                callConcurrently(
                        80,
                        i -> {
                            var mine = new ArrayList<>(skus);
                            Collections.shuffle(mine, new Random(i));
                            var order = UUID.randomUUID();
                            return post(
                                    portOf(i),
                                    "/internal/reservations",
                                    order + ":r",
                                    reserveBody(order, mine.subList(0, 2 + i % 5)));
                        });
        assertThat(responses).allSatisfy(response -> assertThat(response.status()).isIn(201, 409));
        assertThat(responses).filteredOn(response -> response.status() == 201).isNotEmpty();
    }

    @Test
    void aConcurrentReservationAndReleaseLeaveNothingReserved() throws Exception {
        var sku = createArticle(40);
        var orders = times(20, _ -> UUID.randomUUID());
        var responses =
                callConcurrently(
                        40,
                        i ->
                                i < 20
                                        ? reserve(portOf(i), orders.get(i), sku, 2)
                                        : release(portOf(i + 1), orders.get(i - 20)));
        assertThat(responses.subList(0, 20))
                .allSatisfy(response -> assertThat(response.status()).isIn(201, 409, 410));
        assertThat(responses.subList(20, 40))
                .allSatisfy(response -> assertThat(response.status()).isEqualTo(200));
        assertThat(orders).allSatisfy(order -> assertThat(state(order)).isEqualTo("RELEASED"));
        assertThat(available(sku)).isEqualTo(40);
    }

    @Test
    void stockEqualsTheLedgerDuringConcurrentChanges() throws Exception {
        var skus = times(3, _ -> createArticle(25));
        var orders = times(40, _ -> UUID.randomUUID());
        var done = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Long> auditor = threads.submit(() -> auditUntil(done));
            try {
                callConcurrently(
                        160,
                        i -> {
                            var order = orders.get(i % 40);
                            var sku = skus.get(i % 40 % 3);
                            return switch (i / 40) {
                                case 0, 1 -> reserve(portOf(i), order, sku, 1 + i % 40 % 4);
                                case 2 ->
                                        i % 2 == 0
                                                ? release(portOf(i / 2), order)
                                                : receive(sku, 1, order.toString());
                                default -> {
                                    if (i % 3 == 0) {
                                        SqsFixture.send(QUEUE, shipped(order, sku, 1 + i % 40 % 4));
                                    }
                                    yield get("/internal/stock/" + sku);
                                }
                            };
                        });
                await().until(() -> SqsFixture.depth(QUEUE) == 0);
            } finally {
                done.set(true);
            }
            assertThat(auditor.get()).isGreaterThan(3);
        }
        while (!SqsFixture.receiveAndDelete(QUEUE + "-dlq").isEmpty()) {
            // Shipments of orders that were released or out of stock are out of order, as intended.
        }
    }

    /// Compares stock and ledger repeatedly.
    ///
    /// @return how often
    private long auditUntil(AtomicBoolean done) {
        long audits = 0;
        while (!done.get()) {
            assertThat(
                            jdbc.sql("SELECT count(*) FROM stock_balance WHERE NOT consistent")
                                    .query((row, _) -> row.getLong(1))
                                    .single())
                    .isZero();
            audits++;
        }
        return audits;
    }

    /// Repeats a call that was refused because a lock was not granted in time, as the workflow
    /// does: on a busy machine one request may wait longer than the lock time-out.
    private static ApiResponse callUntilLocksAreFree(NumberedCall one, int number) {
        var response = one.call(number);
        while (response.status() == 503) {
            response = one.call(number);
        }
        return response;
    }

    private interface NumberedCall {
        ApiResponse call(int number);
    }

    private static List<ApiResponse> callConcurrently(int count, NumberedCall one)
            throws Exception {
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ApiResponse>> running =
                    times(
                            count,
                            i ->
                                    threads.submit(
                                            (Callable<ApiResponse>)
                                                    () -> {
                                                        start.await();
                                                        return callUntilLocksAreFree(one, i);
                                                    }));
            start.countDown();
            var responses = new ArrayList<ApiResponse>();
            for (var future : running) {
                responses.add(future.get());
            }
            assertThat(responses)
                    .allSatisfy(response -> assertThat(response.status()).isLessThan(500));
            return responses;
        }
    }
}
