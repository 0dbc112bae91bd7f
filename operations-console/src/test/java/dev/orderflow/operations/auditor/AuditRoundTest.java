package dev.orderflow.operations.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.auditor.AuditSnapshot.ArticleBalance;
import dev.orderflow.operations.auditor.AuditSnapshot.OrderRecord;
import dev.orderflow.operations.auditor.AuditSnapshot.OrderRecords;
import dev.orderflow.operations.auditor.AuditSnapshot.UnknownOrder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.support.TransactionOperations;

/// What a round of the auditor reads when a part of it fails, and what it costs: it is proportional
/// to what changed, and its statements do not depend on the number of orders and articles.
@OperationsConsoleFixture
class AuditRoundTest {

    private static final AuditorProperties PROPERTIES =
            new AuditorProperties(
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(2),
                    Duration.ofHours(1),
                    Duration.ofSeconds(20),
                    100);

    private final DataSource database;
    private final AtomicInteger statements = new AtomicInteger();
    private final RecordedServices services = new RecordedServices();

    @Autowired
    AuditRoundTest(DataSource database) {
        this.database = database;
    }

    @BeforeEach
    @AfterEach
    void removeRecords() {
        JdbcClient.create(database)
                .sql(
                        """
                        WITH rechecks AS (DELETE FROM audit_recheck), violations AS (DELETE FROM violation)
                        UPDATE audit_cursor SET orders_cursor = '', gateway_cursor = ''
                        """)
                .update();
    }

    @Test
    void aRoundTakesTheSameNumberOfStatementsAndCallsForManyOrdersAndArticles() {
        var few = costsOfRounds(2);
        assertThat(few).doesNotContain(0);
        assertThat(costsOfRounds(90)).isEqualTo(few);
    }

    /// The statements of a round that reads changes, then the statements and the calls for orders
    /// of one that rechecks them.
    private List<Integer> costsOfRounds(int number) {
        removeRecords();
        services.orders = IntStream.range(0, number).mapToObj(_ -> order()).toList();
        services.articles =
                IntStream.range(0, number).mapToObj(i -> article("ART-" + i, 5)).toList();
        var auditor = auditor();
        statements.set(0);
        auditor.runOnce();
        int statementsOfChanges = statements.get();
        assertThat(countRechecks()).isEqualTo(number);

        JdbcClient.create(database).sql("UPDATE audit_recheck SET due_at = now()").update();
        services.orderCalls.clear();
        statements.set(0);
        auditor.runOnce();
        assertThat(services.orderCalls.stream().mapToInt(List::size).sum()).isEqualTo(number);
        assertThat(countRechecks()).isZero();
        return List.of(statementsOfChanges, statements.get(), services.orderCalls.size());
    }

    private int countRechecks() {
        return JdbcClient.create(database)
                .sql("SELECT count(*) FROM audit_recheck")
                .query(Integer.class)
                .single();
    }

    @Test
    void rechecksOfManyPagesAreDoneInOneRound() {
        new AuditCursor(JdbcClient.create(database))
                .scheduleRechecks(
                        Stream.generate(UUID::randomUUID).limit(250).toList(), Duration.ZERO);
        auditor().runOnce();
        assertThat(services.orderCalls).extracting(List::size).containsExactly(100, 100, 50);
        assertThat(countRechecks()).isZero();
    }

    @Test
    void theFirstRoundReadsAllArticlesAndLaterOnesWhatChangedAndWhatIsViolated() {
        services.articles = List.of(article("GOOD", 5), article("BAD", 6));
        var auditor = auditor();
        auditor.runOnce();
        auditor.runOnce();
        assertThat(services.stockCalls).containsExactly("all articles", "since read 1 and [BAD]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"order changes", "orders", "gateway changes", "stock"})
    void aDefectInOnePartOfARoundDoesNotPreventTheOthers(String part) {
        services.defect = part;
        auditor().runOnce();
        assertThat(services.reads)
                .containsExactly("order changes", "orders", "gateway changes", "stock");
    }

    private Auditor auditor() {
        var counting = JdbcClient.create(new AuditDataSource());
        return new Auditor(
                services,
                new ViolationLog(counting, PROPERTIES),
                new AuditCursor(counting),
                new AuditMeters(new SimpleMeterRegistry()),
                TransactionOperations.withoutTransaction(),
                PROPERTIES);
    }

    private static OrderRecord order() {
        return new OrderRecord(
                UUID.randomUUID(), "PENDING", new SignedAmount(new BigDecimal("1.00"), "EUR"));
    }

    private static ArticleBalance article(String sku, long ledgerOnHand) {
        return new ArticleBalance(sku, 5, 0, ledgerOnHand, 0, 0);
    }

    /// Services whose records a test sets.
    private static final class RecordedServices implements ServiceClients {

        List<OrderRecord> orders = List.of();
        List<ArticleBalance> articles = List.of();
        final List<List<UUID>> orderCalls = new ArrayList<>();
        final List<String> stockCalls = new ArrayList<>();

        /// What was read, and what cannot be read because of a defect; empty for nothing.
        final List<String> reads = new ArrayList<>();

        String defect = "";

        private void read(String what) {
            reads.add(what);
            if (what.equals(defect)) {
                throw new IllegalStateException("a defect");
            }
        }

        @Override
        public OrderChangesPage changes(String after, int most) {
            read("order changes");
            return new OrderChangesPage(after.isEmpty() ? orders : List.of(), "end");
        }

        @Override
        public List<OrderRecord> findOrders(List<UUID> ids) {
            read("orders");
            orderCalls.add(ids);
            return orders.stream().filter(order -> ids.contains(order.id())).toList();
        }

        @Override
        public Optional<GatewayChangesPage> gatewayChanges(String after, int most) {
            read("gateway changes");
            return Optional.of(new GatewayChangesPage(List.of(), "end", true));
        }

        @Override
        public List<OrderRecords> recordsOf(List<OrderRecord> orders) {
            return orders.stream()
                    .map(
                            order ->
                                    new OrderRecords(
                                            order,
                                            Optional.empty(),
                                            List.of(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            List.of()))
                    .toList();
        }

        @Override
        public List<UnknownOrder> chargesOf(List<UUID> ids) {
            return ids.stream().map(id -> new UnknownOrder(id, List.of())).toList();
        }

        @Override
        public ArticleBalances articleBalances() {
            read("stock");
            stockCalls.add("all articles");
            return new ArticleBalances(articles, "read " + stockCalls.size());
        }

        @Override
        public ArticleBalances changedArticleBalances(String since, List<String> more) {
            stockCalls.add("since " + since + " and " + more);
            return new ArticleBalances(List.of(), "read " + stockCalls.size());
        }
    }

    private final class AuditDataSource extends DelegatingDataSource {

        AuditDataSource() {
            super(database);
        }

        @Override
        public Connection getConnection() throws SQLException {
            var connection = super.getConnection();
            return (Connection)
                    Proxy.newProxyInstance(
                            AuditRoundTest.class.getClassLoader(),
                            new Class<?>[] {Connection.class},
                            (_, method, arguments) -> {
                                if (method.getName().equals("prepareStatement")) {
                                    statements.incrementAndGet();
                                }
                                try {
                                    return method.invoke(connection, arguments);
                                } catch (InvocationTargetException failed) {
                                    throw failed.getCause();
                                }
                            });
        }
    }
}
