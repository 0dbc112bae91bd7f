package dev.orderflow.defaults.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.defaults.idempotency.IdempotencyAutoConfiguration.ExpiredResponseCleanup;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.localpostgres.fixture.TestDatabase;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Requests that only insert are executed once for each key, with one statement.
class InsertOnceTest {

    private static final IdempotencyKey KEY = new IdempotencyKey("key-1");
    private static final String MUG = "a mug";
    private static final String PLATE = "a plate";

    private static HikariDataSource database;
    private static JdbcClient jdbc;
    private static TransactionTemplate transactions;

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger committed = new AtomicInteger();

    @BeforeAll
    static void createTables() throws Exception {
        var config = new HikariConfig();
        config.setJdbcUrl(TestDatabase.create().url());
        database = new HikariDataSource(config);
        jdbc = JdbcClient.create(database);
        transactions = new TransactionTemplate(new JdbcTransactionManager(database));
        jdbc.sql(
                        new ClassPathResource("db/defaults-test/V1__tables.sql")
                                .getContentAsString(StandardCharsets.UTF_8))
                .update();
        jdbc.sql(
                        """
                        CREATE TABLE purchase (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, article text);
                        CREATE TABLE purchase_line (article text CONSTRAINT is_sold CHECK (article <> 'unsold'))
                        """)
                .update();
    }

    @AfterAll
    static void closePool() {
        database.close();
    }

    @BeforeEach
    void empty() {
        jdbc.sql("TRUNCATE purchase, purchase_line, idempotency_key").update();
    }

    @Test
    void theSameRequestAgainGetsTheFirstResponseByteForByteAndInsertsNothing() {
        var first = buy(MUG);
        var again = buy(MUG);
        assertThat(first.getStatusCode()).isEqualTo(HttpStatus.CREATED);
        assertThat(first.getHeaders().getLocation()).hasToString("/purchases/1");
        assertThat(isReplayed(first)).isFalse();
        assertThat(again.getStatusCode()).isEqualTo(HttpStatus.CREATED);
        assertThat(again.getBody()).isEqualTo(first.getBody());
        assertThat(again.getHeaders().getLocation()).hasToString("/purchases/1");
        assertThat(isReplayed(again)).isTrue();
        assertThat(purchases()).containsExactly(MUG);
        assertThat(committed).hasValue(1);
    }

    @Test
    void anotherRequestWithTheSameKeyIsRejected() {
        buy(MUG);
        assertThatThrownBy(() -> buy(PLATE)).satisfies(isProblem("idempotency-key-reused"));
        assertThat(purchases()).containsExactly(MUG);
    }

    @Test
    void theSameKeyInAnotherScopeIsAnotherKey() {
        buy(MUG);
        requests().insertOnce("by bob", KEY, body(PLATE), this::purchase);
        assertThat(purchases()).containsExactlyInAnyOrder(MUG, PLATE);
    }

    @Test
    void aRequestWhileTheFirstIsInProgressIsRejectedAtOnce() throws Exception {
        jdbc.sql("CREATE UNIQUE INDEX one_of_each ON purchase (article)").update();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var placing =
                    transactions.execute(
                            transaction -> {
                                // The first request waits for the end of this transaction.
                                jdbc.sql("INSERT INTO purchase (article) VALUES (:article)")
                                        .param("article", MUG)
                                        .update();
                                var started = threads.submit(() -> buy(MUG));
                                await().until(() -> waitingForTransactions() == 1);
                                assertThatThrownBy(() -> buy(MUG))
                                        .satisfies(isProblem("request-in-flight"));
                                // A refusal would say that the first one was not executed.
                                assertThatThrownBy(() -> refuse(MUG))
                                        .satisfies(isProblem("request-in-flight"));
                                transaction.setRollbackOnly();
                                return started;
                            });
            assertThat(isReplayed(placing.get())).isFalse();
        } finally {
            jdbc.sql("DROP INDEX one_of_each").update();
        }
        assertThat(isReplayed(buy(MUG))).isTrue();
        assertThat(purchases()).containsExactly(MUG);
    }

    /// The first request commits after the second one's snapshot was taken, and before it asks for
    /// the lock. Here the first request has no lock from the start.
    @Test
    void aRequestWhoseSnapshotIsOlderThanTheFirstResponseInsertsNothing() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var second =
                    transactions.execute(
                            _ -> {
                                jdbc.sql(
                                                """
                                                INSERT INTO idempotency_key
                                                VALUES ('by ada', 'key-1', :fingerprint, 201, NULL, '{}', now() + interval '1 day')
                                                """)
                                        .param("fingerprint", fingerprint(MUG).bytes())
                                        .update();
                                var started = threads.submit(() -> buy(MUG));
                                await().until(() -> waitingForTransactions() == 1);
                                return started;
                            });
            assertThatThrownBy(second::get).cause().satisfies(isProblem("request-in-flight"));
        }
        assertThat(purchases()).isEmpty();
        assertThat(committed).hasValue(0);
        assertThat(isReplayed(buy(MUG))).isTrue();
    }

    @Test
    void manyAtOnceInsertOnce() throws Exception {
        var bodies = new HashSet<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers =
                    IntStream.range(0, 40)
                            .mapToObj(
                                    _ ->
                                            threads.submit(
                                                    () -> {
                                                        try {
                                                            return text(buy(MUG));
                                                        } catch (Problem failure) {
                                                            assertThat(failure)
                                                                    .satisfies(
                                                                            isProblem(
                                                                                    "request-in-flight"));
                                                            return "";
                                                        }
                                                    }))
                            .toList();
            for (var answer : answers) {
                bodies.add(answer.get());
            }
        }
        bodies.remove("");
        assertThat(bodies).hasSize(1);
        assertThat(purchases()).containsExactly(MUG);
        assertThat(committed).hasValue(1);
    }

    @Test
    void anInsertThatFailsLeavesNothingAndTheKeyUnused() {
        assertThatThrownBy(() -> buy("unsold")).isInstanceOf(DataAccessException.class);
        assertThat(purchases()).isEmpty();
        assertThat(committed).hasValue(0);
        assertThat(isReplayed(buy(MUG))).isFalse();
    }

    @Test
    void aRefusedRequestLeavesTheKeyUnused() {
        assertThatThrownBy(() -> refuse(MUG)).hasMessage("refused");
        assertThat(isReplayed(buy(PLATE))).isFalse();
        assertThat(purchases()).containsExactly(PLATE);
    }

    /// The caller would conclude from a refusal that the first request was not executed.
    @Test
    void aRepeatedRequestThatWouldBeRefusedByNowGetsTheFirstResponse() {
        var first = buy(MUG);
        assertThat(refuse(MUG).getBody()).isEqualTo(first.getBody());
        assertThatThrownBy(() -> refuse(PLATE)).satisfies(isProblem("idempotency-key-reused"));
        assertThat(purchases()).containsExactly(MUG);
    }

    @Test
    void anInvalidBodyIsRefusedUnlessAnEarlierReleaseAcceptedIt() {
        var invalid =
                IdempotentBody.<String>invalid(
                        fingerprint(MUG), new IllegalArgumentException("invalid"));
        assertThatThrownBy(() -> requests().insertOnce("by ada", KEY, invalid, this::purchase))
                .hasMessage("invalid");
        var first = buy(MUG);
        assertThat(requests().insertOnce("by ada", KEY, invalid, this::purchase).getBody())
                .isEqualTo(first.getBody());
    }

    @Test
    void anExpiredKeyCanBeUsedAgain() {
        buy(MUG);
        jdbc.sql("UPDATE idempotency_key SET expires_at = now()").update();
        assertThat(isReplayed(buy(PLATE))).isFalse();
        assertThat(isReplayed(buy(PLATE))).isTrue();
        assertThat(purchases()).containsExactlyInAnyOrder(MUG, PLATE);
    }

    /// A busy service stores more responses in ten minutes than one batch has.
    @Test
    void allExpiredResponsesAreDeletedInBatches() {
        insertResponses("expired", 25, "-1 second");
        insertResponses("current", 3, "1 day");
        new ExpiredResponseCleanup(requests(), 10).deleteExpired();
        assertThat(keysThatStart("expired")).isZero();
        assertThat(keysThatStart("current")).isEqualTo(3);
    }

    /// It expired before, so that a new request with the key was executed.
    @Test
    void aResponseThatReplacesAnExpiredOneIsNotDeleted() throws Exception {
        buy(MUG);
        jdbc.sql("UPDATE idempotency_key SET expires_at = now() - interval '1 second'").update();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var cleanup =
                    transactions.execute(
                            _ -> {
                                buy(PLATE);
                                var started = threads.submit(() -> requests().deleteExpired(10));
                                await().until(() -> waitingForTransactions() == 1);
                                return started;
                            });
            assertThat(cleanup.get()).isZero();
        }
        assertThat(isReplayed(buy(PLATE))).isTrue();
    }

    private static void insertResponses(String prefix, int count, String expiresIn) {
        jdbc.sql(
                        """
                        INSERT INTO idempotency_key
                        SELECT 'by ada', :prefix || n, 'v1:x', 201, NULL, '{}',
                               now() + CAST(:expires_in AS interval)
                          FROM generate_series(1, :count) AS n
                        """)
                .param("prefix", prefix)
                .param("expires_in", expiresIn)
                .param("count", count)
                .update();
    }

    private static int keysThatStart(String prefix) {
        return jdbc.sql("SELECT count(*) FROM idempotency_key WHERE starts_with(key, :prefix)")
                .param("prefix", prefix)
                .query(Integer.class)
                .single();
    }

    private static IdempotentRequests requests() {
        return new IdempotentRequests(
                jdbc, transactions, JsonMapper.shared(), Duration.ofHours(24));
    }

    private ResponseEntity<byte[]> buy(String article) {
        return requests().insertOnce("by ada", KEY, body(article), this::purchase);
    }

    private static ResponseEntity<byte[]> refuse(String article) {
        return requests()
                .insertOnce(
                        "by ada",
                        KEY,
                        body(article),
                        _ -> {
                            throw new IllegalStateException("refused");
                        });
    }

    private InsertsWithResponse purchase(String article) {
        int number = calls.incrementAndGet();
        return new InsertsWithResponse(
                ResponseEntity.created(URI.create("/purchases/" + number))
                        .body(Map.of("number", number)),
                List.of(
                        insert("purchase", article, () -> {}),
                        insert("purchase_line", article, committed::incrementAndGet)));
    }

    private static ConditionalInsert insert(String table, String article, Runnable afterCommit) {
        return new ConditionalInsert(
                "new_" + table,
                "INSERT INTO %s (article) SELECT CAST(:%s_article AS text) FROM %s"
                        .formatted(table, table, ConditionalInsert.CONDITION),
                Map.of(table + "_article", article),
                afterCommit);
    }

    private static IdempotentBody<String> body(String article) {
        return IdempotentBody.valid(fingerprint(article), article);
    }

    private static RequestFingerprint fingerprint(String article) {
        return new RequestFingerprint("v1:" + article);
    }

    private static boolean isReplayed(ResponseEntity<byte[]> response) {
        return response.getHeaders().containsHeader(IdempotentRequests.REPLAYED_HEADER);
    }

    private static String text(ResponseEntity<byte[]> response) {
        return new String(response.getBody(), StandardCharsets.UTF_8);
    }

    private static List<String> purchases() {
        return jdbc.sql("SELECT article FROM purchase").query(String.class).list();
    }

    private static java.util.function.Consumer<Throwable> isProblem(String type) {
        return failure ->
                assertThat(failure)
                        .isInstanceOfSatisfying(
                                Problem.class,
                                problem ->
                                        assertThat(problem.getBody().getType().toString())
                                                .endsWith("/" + type));
    }

    private static int waitingForTransactions() {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM pg_locks
                        WHERE NOT granted AND locktype = 'transactionid'
                        """)
                .query(Integer.class)
                .single();
    }
}
