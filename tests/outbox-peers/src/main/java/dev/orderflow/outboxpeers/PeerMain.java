package dev.orderflow.outboxpeers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.outboxpeers.PeerOutbox.PeerInstance;
import dev.orderflow.outboxpeers.PeerOutbox.PeerTuning;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// An application with one of the outboxes, which obeys the commands on its standard input, one a
/// line, answers each with one line, and ends with its input.
///
/// | command | effect | answer |
/// |---|---|---|
/// | `describe` | | name and version |
/// | `tables` | creates the tables of the application and of the outbox | their names |
/// | `start`, `stop` | of an instance | |
/// | `backlog N M` | stores N events, M in each transaction, and wakes no relay | |
/// | `live SECONDS PRODUCERS` | stores events as fast as it can | how many |
/// | `live SECONDS PRODUCERS N` | the same, and waits while more than N are not published | how many |
/// | `rate N SECONDS` | stores N events a second and waits for them | number, p50 and p99 in ns |
/// | `count` | | events and calls so far, events out of sequence, repeats |
public final class PeerMain {

    private static final int KEYS = 1_000;
    private static final int PRODUCERS_OF_RATE = 4;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

    private static final String PAYLOAD =
            "{\"order\":\"%s\",\"text\":\"" + "a line of an order, ".repeat(22) + "\"}";

    private final PeerLibrary library;
    private final PeerOutbox outbox;
    private final HikariDataSource database;
    private final MeasuredSink sink;
    private final String keyPrefix = UUID.randomUUID().toString().substring(0, 8);
    private final AtomicLong numbers = new AtomicLong();
    private @Nullable PeerInstance instance;

    private PeerMain(PeerLibrary library, HikariDataSource database, MeasuredSink sink) {
        this.library = library;
        this.outbox = library.create();
        this.database = database;
        this.sink = sink;
    }

    /// @param arguments a [PeerLibrary], the JDBC URL, user and password of the database, and
    ///     optionally the URL of EventBridge
    public static void main(String[] arguments) throws Exception {
        // Answers go to the real standard output, and everything else to the log.
        var answers = System.out;
        System.setOut(System.err);
        var config = new HikariConfig();
        config.setJdbcUrl(arguments[1]);
        config.setUsername(arguments[2]);
        config.setPassword(arguments[3]);
        config.setMaximumPoolSize(40);
        try (var database = new HikariDataSource(config);
                var sink =
                        new MeasuredSink(arguments.length > 4 ? URI.create(arguments[4]) : null)) {
            new PeerMain(PeerLibrary.valueOf(arguments[0]), database, sink).obey(answers);
        }
        // Some libraries leave threads behind.
        System.exit(0);
    }

    private void obey(PrintStream answers) throws IOException {
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = commands.readLine(); line != null; line = commands.readLine()) {
            try {
                answers.println("ok " + execute(line.split(" ")));
            } catch (Exception failed) {
                failed.printStackTrace();
                answers.println("failed " + failed);
            }
            answers.flush();
        }
        if (instance != null) {
            instance.close();
        }
    }

    private String execute(String[] command) throws Exception {
        return switch (command[0]) {
            case "describe" -> library.describe();
            case "tables" -> createTables();
            case "start" -> {
                instance = outbox.start(database, sink, PeerTuning.THROUGHPUT);
                yield "";
            }
            case "stop" -> {
                running().close();
                instance = null;
                yield "";
            }
            case "backlog" ->
                    storeBacklog(Integer.parseInt(command[1]), Integer.parseInt(command[2]));
            case "live" ->
                    live(
                            Integer.parseInt(command[1]),
                            Integer.parseInt(command[2]),
                            command.length > 3 ? Long.parseLong(command[3]) : Long.MAX_VALUE);
            case "rate" -> rate(Integer.parseInt(command[1]), Integer.parseInt(command[2]));
            case "count" ->
                    "%d %d %d %d"
                            .formatted(
                                    sink.sent(),
                                    sink.calls(),
                                    sink.outOfSequence(),
                                    sink.repeats());
            default -> throw new IllegalArgumentException("no command: " + command[0]);
        };
    }

    private PeerInstance running() {
        if (instance == null) {
            throw new IllegalStateException("no instance is started");
        }
        return instance;
    }

    private String createTables() throws SQLException {
        JdbcClient.create(database)
                .sql(
                        "CREATE TABLE IF NOT EXISTS purchase (id uuid PRIMARY KEY, article text NOT NULL)")
                .update();
        outbox.createTables(database);
        return outbox.tables().stream().collect(Collectors.joining(" "));
    }

    private static void insertPurchase(Connection transaction) throws SQLException {
        try (var insert = transaction.prepareStatement("INSERT INTO purchase VALUES (?, ?)")) {
            insert.setObject(1, UUID.randomUUID());
            insert.setString(2, "a mug for measurements");
            insert.executeUpdate();
        }
    }

    private PeerEvent nextEvent(int key) {
        var name = keyPrefix + "-" + key;
        return new PeerEvent(name, name + "/" + numbers.incrementAndGet(), PAYLOAD.formatted(name));
    }

    private String storeBacklog(int events, int eventsPerTransaction) throws SQLException {
        try (var store = outbox.openStore(database);
                var transaction = database.getConnection()) {
            transaction.setAutoCommit(false);
            for (int stored = 0; stored < events; stored++) {
                store.store(transaction, nextEvent(stored % KEYS));
                if (stored % eventsPerTransaction == eventsPerTransaction - 1) {
                    transaction.commit();
                }
            }
            transaction.commit();
            transaction.setAutoCommit(true);
        }
        return "";
    }

    private String live(int seconds, int producers, long mostWaiting) throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        long stored =
                onProducers(
                        producers,
                        producer -> {
                            long count = 0;
                            while (System.nanoTime() < end) {
                                if (numbers.get() - sink.sent() > mostWaiting) {
                                    LockSupport.parkNanos(POLL_INTERVAL.toNanos());
                                    continue;
                                }
                                // A key has one producer, so that its sequence is known.
                                int key =
                                        (int)
                                                ((count * producers + producer)
                                                        % (KEYS / producers * producers));
                                running().store(PeerMain::insertPurchase, nextEvent(key));
                                count++;
                            }
                            return count;
                        });
        return Long.toString(stored);
    }

    private String rate(int perSecond, int seconds) throws Exception {
        sink.takeLatencies();
        long startedAt = System.nanoTime();
        long interval = 1_000_000_000L * PRODUCERS_OF_RATE / perSecond;
        long each = (long) perSecond * seconds / PRODUCERS_OF_RATE;
        long before = sink.sent();
        long stored =
                onProducers(
                        PRODUCERS_OF_RATE,
                        producer -> {
                            for (long number = 0; number < each; number++) {
                                long due =
                                        startedAt
                                                + number * interval
                                                + producer * interval / PRODUCERS_OF_RATE;
                                while (due - System.nanoTime() > 0) {
                                    LockSupport.parkNanos(due - System.nanoTime());
                                }
                                var event =
                                        nextEvent(
                                                (int)
                                                        ((number * PRODUCERS_OF_RATE + producer)
                                                                % KEYS));
                                sink.expect(event.id());
                                running().store(PeerMain::insertPurchase, event);
                                sink.onCommitted(event.id());
                            }
                            return each;
                        });
        while (sink.sent() - before < stored) {
            Thread.sleep(POLL_INTERVAL);
        }
        var latencies = sink.takeLatencies();
        return "%d %d %d"
                .formatted(
                        stored,
                        latencies[latencies.length / 2],
                        latencies[(int) (latencies.length * 0.99)]);
    }

    private interface EventProducer {
        long produce(int number) throws Exception;
    }

    private static long onProducers(int producers, EventProducer work)
            throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(producers)) {
            List<Future<Long>> running = new ArrayList<>();
            for (int number = 0; number < producers; number++) {
                int producer = number;
                running.add(threads.submit(() -> work.produce(producer)));
            }
            long sum = 0;
            for (var each : running) {
                sum += each.get();
            }
            return sum;
        }
    }
}
