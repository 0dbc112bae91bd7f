package dev.orderflow.benchmarks;

import dev.orderflow.benchmarks.BenchCommand.BenchmarkSettings;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.ProgressTicker;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Each kind of listener beside a loop of the AWS SDK alone that calls the same handler.
///
/// The messages are real: a listener is stopped, orders are placed, and their messages accumulate
/// in its queue. Then either the listener or the loop handles them. The other listeners have
/// nothing to do meanwhile, except for what the messages cause.
final class ConsumersBenchmark {

    private enum Kind {
        FULFILMENT_REQUESTS(
                "fulfilment-requests",
                Component.ORDER_SERVICE,
                "starts a workflow at Step Functions"),
        ORDER_PROGRESS("order-progress", Component.ORDER_SERVICE, "updates the order"),
        SHIPPING_REQUESTS(
                "shipping-requests",
                Component.SHIPPING_SERVICE,
                "calls payment-service, order-service and the carrier"),
        STOCK_DEDUCTIONS("stock-deductions", Component.INVENTORY_SERVICE, "updates the stock"),
        NOTIFICATIONS(
                "notifications",
                Component.NOTIFICATION_SERVICE,
                "calls order-service, SES and SNS"),
        ANALYTICS("analytics", Component.ANALYTICS_SERVICE, "stores facts of a batch");

        private final String queue;
        private final Component service;
        private final String work;

        Kind(String queue, Component service, String work) {
            this.queue = queue;
            this.service = service;
            this.work = work;
        }
    }

    private static final class KindMeasurement {
        final Samples listener = new Samples();
        final Samples loop = new Samples();
        final Samples statements = new Samples();
    }

    private final BenchmarkSettings settings;
    private final ProgressTicker progress;
    private final MeasuredSystem system;
    private final SqsClient sqs;
    private final Map<Kind, KindMeasurement> results = new EnumMap<>(Kind.class);

    private ConsumersBenchmark(
            BenchmarkSettings settings,
            ProgressTicker progress,
            MeasuredSystem system,
            SqsClient sqs) {
        this.settings = settings;
        this.progress = progress;
        this.system = system;
        this.sqs = sqs;
        for (var kind : Kind.values()) {
            results.put(kind, new KindMeasurement());
        }
    }

    /// @throws BenchmarkFailedException when something does not start or messages are not handled
    static BenchmarkReport run(BenchmarkSettings settings, ProgressTicker progress) {
        try (var system = MeasuredSystem.start(settings.properties(), progress);
                var sqs = system.sqs()) {
            system.startServices();
            system.shipFirstOrders();
            var benchmark = new ConsumersBenchmark(settings, progress, system, sqs);
            for (var kind : Kind.values()) {
                benchmark.countStatements(kind);
                // So that the code of the loop is compiled as well.
                benchmark.handle(kind, true);
            }
            for (int round = 1; round <= settings.rounds(); round++) {
                for (var kind : Kind.values()) {
                    benchmark.measure(round, kind);
                }
            }
            return benchmark.report();
        }
    }

    private KindMeasurement result(Kind kind) {
        return Objects.requireNonNull(results.get(kind));
    }

    private void measure(int round, Kind kind) {
        var result = result(kind);
        result.listener.add(handle(kind, false));
        result.loop.add(handle(kind, true));
        progress.print(
                "round %d of %d, %s: %.0f messages/s, bare loop %.0f"
                        .formatted(
                                round,
                                settings.rounds(),
                                kind.queue,
                                result.listener.latest(),
                                result.loop.latest()));
    }

    /// Fills the queue, then handles its messages.
    ///
    /// @return messages per second
    private double handle(Kind kind, boolean isLoop) {
        int messages = fill(kind);
        long startedAt = System.nanoTime();
        system.control(kind.service, (isLoop ? "/loop?" : "/start?") + kind.queue);
        awaitEmpty(kind);
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        if (isLoop) {
            system.control(kind.service, "/end?" + kind.queue);
            system.control(kind.service, "/start?" + kind.queue);
        }
        awaitQuiet();
        return messages / seconds;
    }

    /// Stops the listener, places orders, and waits until their messages are in the queue.
    private int fill(Kind kind) {
        system.control(kind.service, "/stop?" + kind.queue);
        int orders = (int) system.load().run(8, settings.orders()).orders();
        int[] last = {-1, 0};
        MeasuredSystem.await(
                "messages in " + kind.queue,
                () -> {
                    int now = messages(kind);
                    boolean isStill = now == last[0] && now >= orders;
                    last[1] = isStill ? last[1] + 1 : 0;
                    last[0] = now;
                    // For about a second nothing was added.
                    return last[1] >= 50;
                });
        return last[0];
    }

    private int messages(Kind kind) {
        return MeasuredSystem.messages(sqs, kind.queue);
    }

    private void awaitEmpty(Kind kind) {
        MeasuredSystem.await(kind.queue + " to be empty", () -> messages(kind) == 0);
    }

    /// Waits until all orders are shipped and all queues are empty.
    private void awaitQuiet() {
        system.awaitFinalOrders();
        for (var kind : Kind.values()) {
            awaitEmpty(kind);
        }
    }

    /// Counts what a service executes while it handles the messages of a queue, with the log of the
    /// server. What its schedulers execute meanwhile is counted, too.
    private void countStatements(Kind kind) {
        int messages = fill(kind);
        var postgres = system.postgres();
        postgres.execute("postgres", "ALTER SYSTEM SET log_statement = 'all'");
        postgres.query("postgres", "SELECT pg_reload_conf()");
        long before = StatementCapture.count(system.postgresLog(), system.databaseOf(kind.service));
        system.control(kind.service, "/start?" + kind.queue);
        awaitEmpty(kind);
        long after = StatementCapture.count(system.postgresLog(), system.databaseOf(kind.service));
        postgres.execute("postgres", "ALTER SYSTEM RESET log_statement");
        postgres.query("postgres", "SELECT pg_reload_conf()");
        awaitQuiet();
        result(kind).statements.add((double) (after - before) / messages);
        progress.print(
                "%s: %.1f statements per message"
                        .formatted(kind.queue, result(kind).statements.latest()));
    }

    private BenchmarkReport report() {
        var page =
                BenchmarkReport.startPage(
                        "Listeners", List.of("PostgreSQL " + system.postgres().version()));
        page.append(
                """
                %d rounds with the messages of %d orders; median (least–greatest). Everything runs on this machine. The bare loop receives
                ten messages a call with the AWS SDK, handles 20 at a time with the same handler, and deletes ten a call. Statements include
                BEGIN and COMMIT, and those of the service's schedulers meanwhile.

                """
                        .formatted(settings.rounds(), settings.orders()));
        var rows = new ArrayList<List<String>>();
        var groups = new ArrayList<BarChart.BarGroup>();
        results.forEach(
                (kind, it) -> {
                    rows.add(
                            List.of(
                                    kind.queue,
                                    kind.work,
                                    it.listener.format("%.0f"),
                                    it.loop.format("%.0f"),
                                    it.listener.dividedBy(it.loop).format("%.2f"),
                                    it.statements.formatMedian("%.1f")));
                    groups.add(
                            new BarChart.BarGroup(
                                    kind.queue,
                                    List.of(
                                            new BarChart.Bar("listener", it.listener),
                                            new BarChart.Bar("bare loop", it.loop))));
                });
        page.append(
                BenchmarkReport.table(
                        List.of(
                                "queue",
                                "a message",
                                "messages/s",
                                "bare loop messages/s",
                                "ratio",
                                "statements/message"),
                        rows));
        return new BenchmarkReport(
                "consumers",
                page.toString(),
                Map.of("consumers.svg", BarChart.svg("Listeners", "messages per second", groups)));
    }
}
