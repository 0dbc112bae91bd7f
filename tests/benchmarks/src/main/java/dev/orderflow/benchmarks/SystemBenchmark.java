package dev.orderflow.benchmarks;

import dev.orderflow.benchmarks.BenchCommand.BenchmarkSettings;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.ProgressTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The whole system on this machine: orders from `POST /orders` to SHIPPED, and a backlog that
/// accumulates while no listener runs.
final class SystemBenchmark {

    /// At this rate the system is not busy, so that latencies are those of an order and not those
    /// of a queue.
    private static final int QUIET_RATE = 5;

    /// The states that a shipped order goes through, each with the hop that leads to it.
    private static final Map<String, String> HOPS =
            new LinkedHashMap<>(
                    Map.of(
                            "CONFIRMED",
                                    "accepted → confirmed (relay, workflow, stock, authorisation)",
                            "DISPATCHING", "confirmed → dispatching (shipping, permit)",
                            "SHIPPED", "dispatching → shipped (carrier, capture, events)"));

    private static final List<String> STATES = List.of("CONFIRMED", "DISPATCHING", "SHIPPED");

    private final BenchmarkSettings settings;
    private final ProgressTicker progress;
    private final MeasuredSystem system;
    private final Map<Integer, Throughput> throughputs = new LinkedHashMap<>();
    private final Map<String, Samples> quietP50 = new LinkedHashMap<>();
    private final Map<String, Samples> quietP99 = new LinkedHashMap<>();
    private final Map<String, Samples> hopP50 = new LinkedHashMap<>();
    private final Samples backlogAccepted = new Samples();
    private final Samples backlogDrained = new Samples();
    private final Samples backlogMemory = new Samples();

    /// What is measured with a number of clients.
    private static final class Throughput {
        final Samples accepted = new Samples();
        final Samples shipped = new Samples();
        final Map<String, Samples> millisPerOrder = new LinkedHashMap<>();
    }

    private SystemBenchmark(
            BenchmarkSettings settings, ProgressTicker progress, MeasuredSystem system) {
        this.settings = settings;
        this.progress = progress;
        this.system = system;
    }

    /// @throws BenchmarkFailedException when something does not start or an order is not shipped
    static BenchmarkReport run(BenchmarkSettings settings, ProgressTicker progress) {
        try (var system = MeasuredSystem.start(settings.properties(), progress)) {
            system.startServices();
            var benchmark = new SystemBenchmark(settings, progress, system);
            benchmark.warmUp();
            for (int round = 1; round <= settings.rounds(); round++) {
                benchmark.measureQuiet(round);
                for (int clients : settings.clients()) {
                    benchmark.measureThroughput(round, clients);
                }
                benchmark.measureBacklog(round);
            }
            return benchmark.report();
        }
    }

    /// Ships orders until the rate is flat.
    private void warmUp() {
        system.shipFirstOrders();
        var rates = new ArrayList<Double>();
        long end = System.nanoTime() + settings.longestWarmUp().toNanos();
        while (System.nanoTime() < end) {
            rates.add(ship(8, settings.orders(), new Throughput()));
            progress.print("warming up: %.1f orders/s shipped".formatted(rates.getLast()));
            if (rates.size() >= 3
                    && Samples.isFlat(rates.subList(rates.size() - 3, rates.size()))) {
                return;
            }
        }
    }

    private double shipped() {
        return system.queryOrders("SELECT count(*) FROM orders WHERE state = 'SHIPPED'");
    }

    private void awaitShipped(double count) {
        MeasuredSystem.await("orders to be shipped", () -> shipped() >= count);
    }

    private void measureThroughput(int round, int clients) {
        var throughput = throughputs.computeIfAbsent(clients, _ -> new Throughput());
        ship(clients, settings.orders(), throughput);
        progress.print(
                "round %d of %d, %d clients: %.1f orders/s shipped"
                        .formatted(round, settings.rounds(), clients, throughput.shipped.latest()));
    }

    /// Places orders as fast as they are accepted and waits until all are shipped.
    ///
    /// @return shipped orders per second
    private double ship(int clients, int orders, Throughput throughput) {
        double before = shipped();
        var timesBefore = system.processorTimes();
        long startedAt = System.nanoTime();
        var accepted = system.load().run(clients, orders);
        awaitShipped(before + accepted.orders());
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        system.processorTimes()
                .forEach(
                        (name, time) ->
                                throughput
                                        .millisPerOrder
                                        .computeIfAbsent(name, _ -> new Samples())
                                        .add(
                                                (double)
                                                                time.minus(
                                                                                timesBefore
                                                                                        .getOrDefault(
                                                                                                name,
                                                                                                Duration
                                                                                                        .ZERO))
                                                                        .toMillis()
                                                        / accepted.orders()));
        throughput.accepted.add(accepted.perSecond());
        throughput.shipped.add(accepted.orders() / seconds);
        return throughput.shipped.latest();
    }

    /// Latencies of orders that do not wait for each other, from the order's time line.
    private void measureQuiet(int round) {
        double before = shipped();
        var since = "'%s'::timestamptz".formatted(system.now());
        int orders = (int) Math.max(10, QUIET_RATE * settings.length().toSeconds());
        system.load().runAtRate(QUIET_RATE, orders);
        awaitShipped(before + orders);
        for (var state : STATES) {
            quietP50.computeIfAbsent(state, _ -> new Samples()).add(latency(state, since, 0.5));
            quietP99.computeIfAbsent(state, _ -> new Samples()).add(latency(state, since, 0.99));
            hopP50.computeIfAbsent(state, _ -> new Samples()).add(hop(state, since));
        }
        progress.print(
                "round %d of %d, %d orders/s: confirmed p50 %.0f ms, shipped p50 %.0f ms"
                        .formatted(
                                round,
                                settings.rounds(),
                                QUIET_RATE,
                                quiet(quietP50, "CONFIRMED").latest(),
                                quiet(quietP50, "SHIPPED").latest()));
    }

    private static Samples quiet(Map<String, Samples> all, String state) {
        return Objects.requireNonNull(all.get(state), "not measured");
    }

    private double latency(String state, String since, double percentile) {
        return system.queryOrders(
                """
                SELECT percentile_cont(%s) WITHIN GROUP (ORDER BY extract(epoch FROM t.recorded_at - o.placed_at) * 1000)
                FROM orders o JOIN order_timeline t ON t.order_id = o.id AND t.state = '%s' AND t.effect = 'MOVED'
                WHERE o.placed_at >= %s
                """
                        .formatted(percentile, state, since));
    }

    /// The median time from the state before.
    private double hop(String state, String since) {
        return system.queryOrders(
                """
                SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FROM (
                    SELECT t.state, extract(epoch FROM t.recorded_at
                               - coalesce(lag(t.recorded_at) OVER (PARTITION BY o.id ORDER BY t.id), o.placed_at)) * 1000 AS ms
                    FROM orders o JOIN order_timeline t ON t.order_id = o.id AND t.effect = 'MOVED'
                    WHERE o.placed_at >= %s) AS hops
                WHERE state = '%s'
                """
                        .formatted(since, state));
    }

    /// Orders that are accepted while no listener of any service runs, and published afterwards.
    private void measureBacklog(int round) {
        double before = shipped();
        forAllQueues("stop");
        var accepted = system.load().run(8, settings.backlog());
        backlogAccepted.add(accepted.perSecond());
        MeasuredSystem.await(
                "the outbox to be empty",
                () -> system.queryOrders("SELECT count(*) FROM outbox") == 0);
        backlogMemory.add(
                ProcessMemory.of(system.service(Component.ORDER_SERVICE).pid())
                        .residentMebibytes());
        long startedAt = System.nanoTime();
        forAllQueues("start");
        awaitShipped(before + accepted.orders());
        backlogDrained.add(accepted.orders() / ((System.nanoTime() - startedAt) / 1e9));
        progress.print(
                "round %d of %d, backlog of %d: accepted %.0f/s, shipped %.1f/s"
                        .formatted(
                                round,
                                settings.rounds(),
                                settings.backlog(),
                                backlogAccepted.latest(),
                                backlogDrained.latest()));
    }

    private void forAllQueues(String command) {
        for (var service : Component.services()) {
            if (service == Component.OPERATIONS_CONSOLE) {
                continue;
            }
            for (var queue : system.control(service, "/queues").split(" ")) {
                if (!queue.isBlank()) {
                    system.control(service, "/" + command + "?" + queue);
                }
            }
        }
    }

    private BenchmarkReport report() {
        var page =
                BenchmarkReport.startPage(
                        "The whole system", List.of("PostgreSQL " + system.postgres().version()));
        page.append(
                """
                %d rounds; median (least–greatest). Everything runs on this machine: seven services, each in a process with %s,
                Postgres, local-cloud with the sandboxes, and the clients. Orders have two lines.

                """
                        .formatted(
                                settings.rounds(), String.join(" ", MeasuredService.JVM_OPTIONS)));
        page.append("## Throughput\n\n")
                .append(
                        "%d orders as fast as they are accepted, until all are SHIPPED.\n\n"
                                .formatted(settings.orders()));
        var rows = new ArrayList<List<String>>();
        throughputs.forEach(
                (clients, it) ->
                        rows.add(
                                List.of(
                                        clients.toString(),
                                        it.accepted.format("%.0f"),
                                        it.shipped.format("%.1f"))));
        page.append(
                BenchmarkReport.table(
                        List.of("clients", "accepted orders/s", "shipped orders/s"), rows));
        page.append("\nMilliseconds of processor time per shipped order:\n\n");
        var header = new ArrayList<>(List.of(""));
        throughputs.keySet().forEach(clients -> header.add(clients + " clients"));
        var costs = new ArrayList<List<String>>();
        for (var name : throughputs.values().iterator().next().millisPerOrder.keySet()) {
            var row = new ArrayList<>(List.of(name));
            throughputs
                    .values()
                    .forEach(
                            it ->
                                    row.add(
                                            Objects.requireNonNull(it.millisPerOrder.get(name))
                                                    .format("%.1f")));
            costs.add(row);
        }
        page.append(BenchmarkReport.table(header, costs));
        page.append(
                "\n## Latency at %d orders/s\n\nFrom the acceptance, as the order's time line records it.\n\n"
                        .formatted(QUIET_RATE));
        page.append(
                BenchmarkReport.table(
                        List.of("state", "p50 ms", "p99 ms", "hop", "hop p50 ms"),
                        STATES.stream()
                                .map(
                                        state ->
                                                List.of(
                                                        state,
                                                        quiet(quietP50, state).format("%.0f"),
                                                        quiet(quietP99, state).format("%.0f"),
                                                        Objects.requireNonNull(HOPS.get(state)),
                                                        quiet(hopP50, state).format("%.0f")))
                                .toList()));
        page.append(
                "\n## Backlog\n\n%d orders are accepted by 8 clients while no listener runs; then all listeners start.\n\n"
                        .formatted(settings.backlog()));
        page.append(
                BenchmarkReport.table(
                        List.of(
                                "accepted orders/s",
                                "resident memory of order-service MiB",
                                "shipped orders/s"),
                        List.of(
                                List.of(
                                        backlogAccepted.format("%.0f"),
                                        backlogMemory.format("%.0f"),
                                        backlogDrained.format("%.1f")))));
        var bars = new ArrayList<BarChart.Bar>();
        throughputs.forEach(
                (clients, it) -> bars.add(new BarChart.Bar(clients + " clients", it.shipped)));
        bars.add(new BarChart.Bar("from a backlog", backlogDrained));
        return new BenchmarkReport(
                "system",
                page.toString(),
                Map.of(
                        "system.svg",
                        BarChart.svg(
                                "The whole system",
                                "shipped orders per second",
                                List.of(new BarChart.BarGroup("shipped", bars)))));
    }
}
