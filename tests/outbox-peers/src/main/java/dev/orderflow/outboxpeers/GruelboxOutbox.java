package dev.orderflow.outboxpeers;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.slf4j.event.Level;
import org.springframework.jdbc.core.simple.JdbcClient;

/// [transaction-outbox](https://github.com/gruelbox/transaction-outbox): a call of a method is
/// stored, and made after the commit, in a transaction that locks its row. This version knows no
/// order.
final class GruelboxOutbox implements PeerOutbox {

    private static final Pattern ID = Pattern.compile("\"event:([^\"]*)\"");

    /// What is called later.
    public static class SinkService {

        private final PeerSink sink;

        SinkService(PeerSink sink) {
            this.sink = sink;
        }

        /// For the proxy.
        protected SinkService() {
            this(_ -> List.of());
        }

        /// @param id with a prefix, by which it is found in the stored call
        public void publish(String key, String id, String payload) {
            sink.publishOne(new PeerEvent(key, id.substring("event:".length()), payload));
        }
    }

    @Override
    public void createTables(DataSource database) {
        outbox(transactions(database), _ -> List.of(), Duration.ofMinutes(1), (_, _) -> {});
    }

    private static TransactionManager transactions(DataSource database) {
        return TransactionManager.fromDataSource(database);
    }

    private static TransactionOutbox outbox(
            TransactionManager transactions,
            PeerSink sink,
            Duration attemptFrequency,
            Submitter submitter) {
        return TransactionOutbox.builder()
                .transactionManager(transactions)
                .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
                .instantiator(Instantiator.using(_ -> new SinkService(sink)))
                .submitter(submitter)
                .attemptFrequency(attemptFrequency)
                // It does not tell a failure of the target from one of the event.
                .blockAfterAttempts(3)
                .flushBatchSize(1_000)
                .logLevelTemporaryFailure(Level.DEBUG)
                .serializeMdc(false)
                .build();
    }

    @Override
    public PeerInstance start(DataSource database, PeerSink sink, PeerTuning tuning) {
        boolean isFast = tuning == PeerTuning.THROUGHPUT;
        var threads = Executors.newFixedThreadPool(PeerSink.MAX_CALLS);
        var transactions = transactions(database);
        var outbox =
                outbox(
                        transactions,
                        sink,
                        isFast ? Duration.ofSeconds(10) : Duration.ofSeconds(1),
                        Submitter.withExecutor(threads));
        var flusher =
                Thread.ofPlatform()
                        .daemon()
                        .name("flush")
                        .start(() -> flush(outbox, isFast ? 100 : 20));
        return new PeerInstance() {
            @Override
            public void store(PeerWork work, PeerEvent event) {
                transactions.inTransaction(
                        transaction -> {
                            try {
                                work.run(transaction.connection());
                            } catch (SQLException failed) {
                                throw new IllegalStateException(failed);
                            }
                            schedule(outbox, event);
                        });
            }

            @Override
            public void close() {
                flusher.interrupt();
                threads.shutdownNow();
            }
        };
    }

    /// What an application must do itself.
    private static void flush(TransactionOutbox outbox, long pauseMillis) {
        try {
            while (!Thread.interrupted()) {
                boolean hasMore = false;
                try {
                    hasMore = outbox.flush();
                } catch (RuntimeException _) {
                    // Tried again.
                }
                if (!hasMore) {
                    Thread.sleep(pauseMillis);
                }
            }
        } catch (InterruptedException _) {
            // Stopped.
        }
    }

    private static void schedule(TransactionOutbox outbox, PeerEvent event) {
        outbox.schedule(SinkService.class)
                .publish(event.key(), "event:" + event.id(), event.payload());
    }

    @Override
    public PeerStore openStore(DataSource database) {
        var borrowed = new BorrowedConnections(database);
        var transactions = transactions(new UncommittedConnections(borrowed));
        // The next attempt must be in the future.
        var outbox = outbox(transactions, _ -> List.of(), Duration.ofSeconds(1), (_, _) -> {});
        return (transaction, event) ->
                borrowed.use(
                        transaction,
                        () -> transactions.inTransaction(_ -> schedule(outbox, event)));
    }

    @Override
    public List<String> findParked(DataSource database) {
        return JdbcClient.create(database)
                .sql("SELECT invocation FROM txno_outbox WHERE blocked::text IN ('t', 'true', '1')")
                .query(String.class)
                .list()
                .stream()
                .map(
                        call -> {
                            var id = ID.matcher(call);
                            return id.find() ? id.group(1) : call;
                        })
                .toList();
    }

    @Override
    public List<String> tables() {
        return List.of("txno_outbox");
    }
}
