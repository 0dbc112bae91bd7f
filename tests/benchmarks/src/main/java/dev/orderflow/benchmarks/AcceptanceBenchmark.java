package dev.orderflow.benchmarks;

import dev.orderflow.benchmarks.BenchCommand.BenchmarkSettings;
import dev.orderflow.localrun.ProgressTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// `POST /orders` beside pgbench: with the plain transaction of seven round trips, and with the
/// statements that the service executes.
final class AcceptanceBenchmark {

    /// What is measured, in the sequence of a round.
    private enum Contestant {
        PLAIN("pgbench, plain transaction"),
        OWN("pgbench, the service's statement"),
        SERVICE("POST /orders"),
        SERVICE_WITH_RELAY("POST /orders, relay on");

        private final String label;

        Contestant(String label) {
            this.label = label;
        }
    }

    /// One contestant with one number of clients.
    private static final class Measurement {
        final Samples perSecond = new Samples();
        final Samples p50 = new Samples();
        final Samples p99 = new Samples();
        final Samples serviceMillis = new Samples();
        final Samples postgresMillis = new Samples();
        final Samples clientMillis = new Samples();
        final Samples eventsPerCall = new Samples();
    }

    private final BenchmarkSettings settings;
    private final ProgressTicker progress;
    private final OrderServiceSetup setup;
    private final Map<Integer, Map<Contestant, Measurement>> results = new LinkedHashMap<>();

    private AcceptanceBenchmark(
            BenchmarkSettings settings, ProgressTicker progress, OrderServiceSetup setup) {
        this.settings = settings;
        this.progress = progress;
        this.setup = setup;
    }

    /// @throws BenchmarkFailedException when something does not start or an order is not accepted
    static BenchmarkReport run(BenchmarkSettings settings, ProgressTicker progress) {
        var pgbench = PgBench.version();
        try (var setup =
                OrderServiceSetup.start(settings.profile(), settings.properties(), progress)) {
            var benchmark = new AcceptanceBenchmark(settings, progress, setup);
            benchmark.warmUp(false);
            benchmark.warmUp(true);
            var scripts = setup.captureScripts();
            for (int round = 1; round <= settings.rounds(); round++) {
                for (int clients : settings.clients()) {
                    benchmark.measure(round, clients, scripts);
                }
            }
            return benchmark.report(
                    List.of("PostgreSQL " + setup.postgresVersion(), pgbench),
                    scripts.own().text());
        }
    }

    /// Places orders until the rate of three windows in turn differs by less than 5%.
    private void warmUp(boolean isRelayOn) {
        var window = Duration.ofSeconds(5);
        var rates = new ArrayList<Double>();
        for (long seconds = 0;
                seconds < settings.longestWarmUp().toSeconds();
                seconds += window.toSeconds()) {
            var result = setup.load(isRelayOn).run(32, window);
            setup.reset(isRelayOn);
            rates.add(result.perSecond());
            progress.print(
                    "warming up%s: %.0f orders/s"
                            .formatted(isRelayOn ? ", relay on" : "", result.perSecond()));
            if (rates.size() >= 6
                    && Samples.isFlat(rates.subList(rates.size() - 3, rates.size()))) {
                return;
            }
        }
    }

    private void measure(int round, int clients, OrderServiceSetup.CapturedScripts scripts) {
        for (var contestant : Contestant.values()) {
            boolean isRelayOn = contestant == Contestant.SERVICE_WITH_RELAY;
            setup.reset(isRelayOn);
            var measurement =
                    results.computeIfAbsent(clients, _ -> new EnumMap<>(Contestant.class))
                            .computeIfAbsent(contestant, _ -> new Measurement());
            switch (contestant) {
                case PLAIN -> pgbench(measurement, scripts.plain(), clients);
                case OWN -> pgbench(measurement, scripts.own(), clients);
                case SERVICE, SERVICE_WITH_RELAY -> service(measurement, isRelayOn, clients);
            }
            progress.print(
                    "round %d of %d, %d clients, %s: %.0f per second"
                            .formatted(
                                    round,
                                    settings.rounds(),
                                    clients,
                                    contestant.label,
                                    measurement.perSecond.latest()));
        }
    }

    private void pgbench(Measurement measurement, PgBench.PgBenchScript script, int clients) {
        var postgresBefore = setup.postgresTime();
        var result = setup.pgbench().run(script, setup.database(false), clients, settings.length());
        double orders = result.perSecond() * settings.length().toSeconds();
        measurement.perSecond.add(result.perSecond());
        measurement.postgresMillis.add(
                setup.postgresTime().minus(postgresBefore).toMillis() / orders);
        measurement.clientMillis.add(result.processorTime().toMillis() / orders);
    }

    private void service(Measurement measurement, boolean isRelayOn, int clients) {
        var load = setup.load(isRelayOn);
        var postgresBefore = setup.postgresTime();
        var serviceBefore = setup.serviceTime(isRelayOn);
        var clientBefore = ProcessorTime.ofThis();
        long calls = setup.aws().busCalls();
        long events = setup.aws().events();
        var result = load.run(clients, settings.length());
        double orders = result.orders();
        measurement.perSecond.add(result.perSecond());
        measurement.p50.add(result.p50());
        measurement.p99.add(result.p99());
        measurement.postgresMillis.add(
                setup.postgresTime().minus(postgresBefore).toMillis() / orders);
        measurement.serviceMillis.add(
                setup.serviceTime(isRelayOn).minus(serviceBefore).toMillis() / orders);
        measurement.clientMillis.add(
                ProcessorTime.ofThis().minus(clientBefore).toMillis() / orders);
        if (isRelayOn) {
            measurement.eventsPerCall.add(
                    (double) (setup.aws().events() - events)
                            / Math.max(1, setup.aws().busCalls() - calls));
        }
    }

    private BenchmarkReport report(List<String> versions, String statements) {
        var page = BenchmarkReport.startPage("Acceptance of orders", versions);
        page.append(
                """
                %d rounds of %d s; median (least–greatest). Ratios are of the same round. Times of processors per order; the
                clients' is that of pgbench, or of the process with the HTTP clients and, with the relay on, the stub of EventBridge.

                """
                        .formatted(settings.rounds(), settings.length().toSeconds()));
        results.forEach(
                (clients, measurements) ->
                        page.append("## %d clients\n\n".formatted(clients))
                                .append(table(measurements))
                                .append('\n'));
        page.append("## The service's statement\n\n```sql\n").append(statements).append("```\n");
        return new BenchmarkReport("acceptance", page.toString(), Map.of("acceptance.svg", plot()));
    }

    private static String table(Map<Contestant, Measurement> measurements) {
        var plain = of(Contestant.PLAIN, measurements);
        var own = of(Contestant.OWN, measurements);
        var rows = new ArrayList<List<String>>();
        measurements.forEach(
                (contestant, it) -> {
                    rows.add(
                            List.of(
                                    contestant.label,
                                    it.perSecond.format("%.0f"),
                                    ratio(it, plain),
                                    ratio(it, own),
                                    it.serviceMillis.formatMedian("%.2f"),
                                    it.postgresMillis.formatMedian("%.2f"),
                                    it.clientMillis.formatMedian("%.2f"),
                                    it.p50.formatMedian("%.1f"),
                                    it.p99.formatMedian("%.1f"),
                                    it.eventsPerCall.formatMedian("%.1f")));
                });
        var table =
                BenchmarkReport.table(
                        List.of(
                                "",
                                "orders/s",
                                "× plain",
                                "× own statement",
                                "JVM ms",
                                "Postgres ms",
                                "clients ms",
                                "p50 ms",
                                "p99 ms",
                                "events/call"),
                        rows);
        return table
                + "\nRelay on: %s of relay off.\n"
                        .formatted(
                                of(Contestant.SERVICE_WITH_RELAY, measurements)
                                        .perSecond
                                        .dividedBy(of(Contestant.SERVICE, measurements).perSecond)
                                        .format("%.2f"));
    }

    private static Measurement of(
            Contestant contestant, Map<Contestant, Measurement> measurements) {
        return Objects.requireNonNull(measurements.get(contestant), "not measured");
    }

    private static String ratio(Measurement one, Measurement other) {
        return one.perSecond.dividedBy(other.perSecond).format("%.2f");
    }

    private String plot() {
        var groups = new ArrayList<BarChart.BarGroup>();
        results.forEach(
                (clients, measurements) -> {
                    var bars = new ArrayList<BarChart.Bar>();
                    measurements.forEach(
                            (contestant, it) ->
                                    bars.add(new BarChart.Bar(contestant.label, it.perSecond)));
                    groups.add(new BarChart.BarGroup(clients + " clients", bars));
                });
        return BarChart.svg("Acceptance of orders", "accepted orders per second", groups);
    }
}
