package dev.orderflow.operations.deadletters;

import static dev.orderflow.operations.deadletters.DeadLetterFixture.SHIPPING;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.all;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadLetter;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.shipmentRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.QueryPlans;
import dev.orderflow.defaults.fixture.RefusedWrites;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.operations.OperationsConsoleFixture;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The index of dead letters follows the queues.
@OperationsConsoleFixture
class DeadLetterIndexTest {

    private final DeadLetterFixture deadLetters;
    private final JdbcClient jdbc;
    private final DataSource database;
    private final DeadLetterIndex index;
    private final DeadLetterQueues queues;
    private final DeadLetterScanner scanner;
    private final UUID order = UUID.randomUUID();

    @Autowired
    DeadLetterIndexTest(
            @LocalServerPort int port,
            JdbcClient jdbc,
            DataSource database,
            DeadLetterIndex index,
            DeadLetterQueues queues,
            DeadLetterScanner scanner) {
        this.deadLetters = new DeadLetterFixture(port, jdbc);
        this.jdbc = jdbc;
        this.database = database;
        jdbc.sql("DELETE FROM dead_letter").update();
        this.index = index;
        this.queues = queues;
        this.scanner = scanner;
    }

    @Test
    void aDeadLetterIsFoundByItsOrderAfterAScanWhichLeavesItVisible() {
        putDeadLetter(
                SHIPPING,
                shipmentRequest(order),
                Map.of("reason", "no stock, ask jane@example.com", "fingerprint", "abcd"));
        scanner.scanAll();
        assertThat(index.findByOrder(order))
                .singleElement()
                .satisfies(
                        letter -> {
                            assertThat(letter.queue()).isEqualTo(SHIPPING + "-dlq");
                            assertThat(letter.type()).isEqualTo("ArrangeShipment");
                            assertThat(letter.fingerprint()).isEqualTo("abcd");
                            assertThat(letter.reason()).isEqualTo("no stock, ask (withheld)");
                            assertThat(letter.targetQueue()).contains(SHIPPING);
                        });
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
        assertThat(DeadLetterFixture.receive(SHIPPING + "-dlq")).hasSize(1);
        assertThat(scanner.isEverythingScanned()).isTrue();
    }

    @Test
    void aMessageThatLeftItsQueueLeavesTheIndexWithTheNextScan() {
        putDeadLetter(SHIPPING, shipmentRequest(order), Map.of());
        scanner.scanAll();
        DeadLetterFixture.receive(SHIPPING + "-dlq")
                .forEach(message -> DeadLetterFixture.delete(SHIPPING + "-dlq", message));
        scanner.scanAll();
        assertThat(index.findByOrder(order)).isEmpty();
    }

    @Test
    void aMessageThatIsInFlightElsewhereStaysInTheIndex() {
        putDeadLetter(SHIPPING, shipmentRequest(order), Map.of());
        scanner.scanAll();
        assertThat(DeadLetterFixture.receive(SHIPPING + "-dlq")).hasSize(1);
        scanner.scanAll();
        assertThat(index.findByOrder(order)).hasSize(1);
    }

    /// It holds no message, and may stay paused for days.
    @Test
    void aQueueIsScannedWhileARedriveIsPausedAndNotWhileItRuns() {
        putDeadLetter(SHIPPING, shipmentRequest(order), Map.of());
        var redrive = DeadLetterFixture.storeRunningRedrive(jdbc);
        scanner.scanAll();
        assertThat(index.findByOrder(order)).isEmpty();
        jdbc.sql("UPDATE redrive SET state = 'PAUSED' WHERE id = :id")
                .param("id", redrive)
                .update();
        scanner.scanAll();
        assertThat(index.findByOrder(order)).hasSize(1);
    }

    @Test
    void anIndexWhoseNextScanIsOverdueIsNotComplete() {
        scanner.scanAll();
        assertThat(scanner.isEverythingScanned()).isTrue();
        jdbc.sql(
                        """
                        UPDATE dead_letter_scan SET next_due_at = now() - interval '1 second'
                         WHERE queue = 'shipping-requests-dlq'
                        """)
                .update();
        assertThat(scanner.isEverythingScanned()).isFalse();
        assertThat(scanned(SHIPPING + "-dlq").problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("redrive"));
        scanner.scanAll();
        assertThat(scanner.isEverythingScanned()).isTrue();
    }

    private DeadLetterIndex.ScanState scanned(String queue) {
        return index.scans().stream()
                .filter(scan -> scan.queue().equals(queue))
                .findFirst()
                .orElseThrow();
    }

    /// A page of a B-tree has room for less than 3 kB.
    @Test
    void aSourceThatIsNoMessageIdIsLeftOut() {
        var random = new StringBuilder();
        for (int i = 0; i < 250; i++) {
            random.append(UUID.randomUUID());
        }
        putDeadLetter(
                SHIPPING,
                shipmentRequest(order),
                Map.of("source-message-id", random.toString(), "reason", random.toString()));
        scanner.scanAll();
        assertThat(scanned(SHIPPING + "-dlq").problem()).isEmpty();
        assertThat(index.findByOrder(order)).hasSize(1);
        assertThat(index.isBack(random.toString())).isFalse();
    }

    @Test
    void aMessageThatIsReceivedTwiceAtOnceIsStoredOnce() {
        putDeadLetter(SHIPPING, shipmentRequest(order), Map.of());
        List<DeadLetter> letters;
        try (var received = queues.receive(SHIPPING + "-dlq")) {
            letters = received.messages();
        }
        index.store(
                SHIPPING + "-dlq",
                List.of(letters.getFirst(), letters.getFirst()),
                _ -> Optional.empty(),
                Instant.now());
        assertThat(index.findByOrder(order)).hasSize(1);
    }

    @Test
    void aScanWhoseMessagesCannotBeStoredSaysSo() {
        putDeadLetter(SHIPPING, shipmentRequest(order), Map.of());
        try (var _ = RefusedWrites.of(jdbc, "54000", "INSERT", "dead_letter", "true")) {
            scanner.scanAll();
            assertThat(scanned(SHIPPING + "-dlq").problem())
                    .contains("database call failed with SQLSTATE 54000");
        }
        scanner.scanAll();
        assertThat(scanned(SHIPPING + "-dlq").problem()).isEmpty();
    }

    @Test
    void aDiscardedMessageLeavesTheIndexAtOnce() {
        putDeadLetter(SHIPPING, shipmentRequest(order), Map.of());
        scanner.scanAll();
        deadLetters.api.awaitEnd(
                deadLetters.api.post(202, "/dead-letters/" + SHIPPING + "/discard", all()));
        assertThat(index.findByOrder(order)).isEmpty();
    }

    @Test
    void deadLettersOfAllQueuesAreSearchedByWhatTheyAre() {
        putDeadLetter(
                SHIPPING,
                shipmentRequest(order),
                Map.of("reason", "Carrier 100% down", "fingerprint", "abcd"));
        putDeadLetter(
                DeadLetterFixture.ANALYTICS,
                DeadLetterFixture.orderShipped(UUID.randomUUID()),
                Map.of("reason", "carrier unknown", "fingerprint", "ef01"));
        scanner.scanAll();
        assertThat(find("")).isEqualTo(2);
        assertThat(find("orderId=" + order)).isEqualTo(1);
        assertThat(find("queue=" + SHIPPING)).isEqualTo(1);
        assertThat(find("queue=analytics-dlq")).isEqualTo(1);
        assertThat(find("type=OrderShipped")).isEqualTo(1);
        assertThat(find("fingerprint=abcd")).isEqualTo(1);
        assertThat(find("reason=CARRIER")).isEqualTo(2);
        assertThat(find("reason=carrier%20100%25")).isEqualTo(1);
        assertThat(find("reason=%25")).isZero();
        assertThat(find("sentAfter=2020-01-01T00:00:00Z")).isEqualTo(2);
        assertThat(find("sentBefore=2020-01-01T00:00:00Z")).isZero();
        var first = deadLetters.api.get("/dead-letters/messages?limit=1");
        var second =
                deadLetters.api.get(
                        "/dead-letters/messages?limit=1&cursor=" + first.path("next").asString());
        assertThat(second.has("next")).isFalse();
        assertThat(second.at("/messages/0/messageId"))
                .isNotEqualTo(first.at("/messages/0/messageId"));
        assertThat(first.toString()).doesNotContain(DeadLetterFixture.SECRET);
    }

    @ParameterizedTest
    @CsvSource({
        "orderId=1-1-1-1-1,orderId",
        "queue=none,queue",
        "type=a b,type",
        "fingerprint=xyz,fingerprint",
        "sentBefore=now,sentBefore",
        "sentAfter=-999999999-01-01T00:00:00Z,sentAfter",
        "cursor=AAAA,cursor",
        "limit=0,limit"
    })
    void aBadFilterIsRefusedWithItsName(String query, String field) {
        var answer =
                deadLetters.api.send(
                        "GET", "/dead-letters/messages?" + query.replace(" ", "%20"), "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains(field);
    }

    /// Groups are counted in one pass over all dead letters, and those of one fingerprint by its
    /// index.
    @Test
    void manyDeadLettersAreSearchedByIndexesAndGroupedInOnePass() {
        jdbc.sql(
                        """
                        INSERT INTO dead_letter (queue, message_id, order_id, type, fingerprint, reason, reported_by,
                                                 sent_at, seen_at)
                        SELECT 'notifications-dlq', 'many-' || n, gen_random_uuid(), 'OrderShipped' || n % 7,
                               lpad(to_hex(n % 1000), 12, '0'), 'reason ' || n % 1000, 'CONSUMER',
                               now() - n * interval '1 second', now()
                          FROM generate_series(1, 20000) AS n
                        """)
                .update();
        jdbc.sql("ANALYZE dead_letter").update();
        try {
            for (var filter :
                    List.of(
                            filter(Optional.of(order), Optional.empty(), Optional.empty()),
                            filter(Optional.empty(), Optional.of("00000000002a"), Optional.empty()),
                            filter(Optional.empty(), Optional.empty(), Optional.of("reason 42")),
                            filter(Optional.empty(), Optional.empty(), Optional.empty()))) {
                assertThat(
                                QueryPlans.findPlans(
                                        database,
                                        source ->
                                                new DeadLetterIndex(JdbcClient.create(source))
                                                        .search(filter, Optional.empty(), 51)))
                        .singleElement()
                        .satisfies(plan -> assertThat(plan).doesNotContain("Seq Scan"));
            }
            var all =
                    groupPlans(
                            groups ->
                                    groups.find(
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            200));
            assertThat(all)
                    .singleElement()
                    .satisfies(
                            plan ->
                                    assertThat(plan)
                                            .contains("HashAggregate")
                                            .containsOnlyOnce(" on dead_letter "));
            assertThat(groupPlans(groups -> groups.find("00000000002a")))
                    .singleElement()
                    .satisfies(plan -> assertThat(plan).contains("dead_letter_by_fingerprint"));
        } finally {
            jdbc.sql("DELETE FROM dead_letter").update();
        }
    }

    private List<String> groupPlans(Consumer<DeadLetterGroups> work) {
        return QueryPlans.findPlans(
                database, source -> work.accept(new DeadLetterGroups(JdbcClient.create(source))));
    }

    private static DeadLetterFilter filter(
            Optional<UUID> orderId, Optional<String> fingerprint, Optional<String> reason) {
        return new DeadLetterFilter(
                orderId,
                Optional.empty(),
                Optional.empty(),
                fingerprint,
                reason,
                Optional.empty(),
                Optional.empty());
    }

    private int find(String query) {
        return deadLetters.api.get("/dead-letters/messages?" + query).path("messages").size();
    }

    @Test
    void moreMessagesThanOneViewShowsAreIndexed() {
        for (int i = 0; i < 620; i++) {
            putDeadLetter(SHIPPING, shipmentRequest(order), Map.of());
        }
        scanner.scanAll();
        assertThat(index.findByOrder(order)).hasSize(DeadLetterIndex.MAX_PER_ORDER);
        var filter = filter(Optional.of(order), Optional.empty(), Optional.empty());
        assertThat(index.search(filter, Optional.empty(), 1_000)).hasSize(620);
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(620);
    }
}
