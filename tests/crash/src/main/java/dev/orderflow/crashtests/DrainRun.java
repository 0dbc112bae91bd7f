package dev.orderflow.crashtests;

import dev.orderflow.localrun.Part;
import dev.orderflow.localrun.ProgressTicker;
import dev.orderflow.topology.ApprovalLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Stops each service with SIGTERM while orders come in, one after another, and starts it again:
/// what a deployment does, with nothing else going wrong.
public final class DrainRun {

    /// What a container gets before it is killed; the services themselves take 25 s at most for
    /// each phase of their stop.
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    /// A load balancer stops sending before the task is told to stop, so that no request is still
    /// on its way to a connection that closes.
    private static final Duration ON_THE_WAY = Duration.ofMillis(300);

    /// A JVM that was told to end by SIGTERM.
    private static final int TERMINATED = 128 + 15;

    /// How a run is made.
    ///
    /// @param seed what is ordered
    /// @param orders the most that are placed
    /// @param services who is stopped, in turn
    /// @param ordersPerSecond at most
    public record Settings(long seed, int orders, List<Part> services, double ordersPerSecond) {

        public Settings {
            services = List.copyOf(services);
        }

        /// Every service that works on orders.
        public static Settings everyService(long seed) {
            return new Settings(
                    seed,
                    2_000,
                    Part.services().stream()
                            .filter(part -> part != Part.OPERATIONS_CONSOLE)
                            .toList(),
                    2);
        }
    }

    private final Settings settings;
    private final ProgressTicker progress;

    private DrainRun(Settings settings, ProgressTicker progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /// Runs it; takes minutes.
    public static Report run(Settings settings, Consumer<String> progress) {
        try (var ticker = new ProgressTicker(progress, () -> "")) {
            return new DrainRun(settings, ticker).run();
        }
    }

    private Report run() {
        var chaos = new Chaos();
        var counts = new EnumMap<Part, Integer>(Part.class);
        settings.services().forEach(part -> counts.put(part, 1));
        // order-service is asked by customers all the time: its twin takes them meanwhile.
        counts.computeIfPresent(Part.ORDER_SERVICE, (_, _) -> 2);
        var fleetSettings =
                new Fleet.Settings(counts, 4, ApprovalLimits.parse(ApprovalLimits.STANDARD), 1);
        var plan =
                Plan.of(
                                settings.seed(),
                                settings.orders(),
                                Plan.Amount.NOTHING,
                                settings.services())
                        .whereTheGatewayAnswers();
        try (var fleet = Fleet.start(fleetSettings, chaos, progress)) {
            var outside = new Outside(fleet.http(), fleet.internalApiKey());
            var began = System.nanoTime();
            try (var load = new Load(fleet, outside, 40);
                    var repairs = new Repairs(fleet)) {
                load.stock(20);
                var enough = new AtomicBoolean();
                var customers = Thread.ofVirtual().start(() -> order(plan.orders(), load, enough));
                var drained = new ArrayList<Report.Invariant>();
                for (var part : settings.services()) {
                    drained.add(drain(fleet, part));
                }
                enough.set(true);
                join(customers);
                new Settling(load, repairs, progress).await();
                var invariants =
                        new ArrayList<>(new Invariants(fleet, outside, load).check(repairs));
                invariants.addAll(drained);
                invariants.add(nothingBroke(chaos, load, repairs));
                load.close();
                return Report.of(
                        fleet,
                        chaos,
                        load,
                        repairs,
                        0,
                        invariants,
                        Duration.ofNanos(System.nanoTime() - began));
            }
        }
    }

    private void order(List<Plan.Order> wishes, Load load, AtomicBoolean enough) {
        for (int i = 0; i < wishes.size() && !enough.get(); i++) {
            load.place(i, wishes.get(i));
            Outside.pause(Duration.ofNanos((long) (1e9 / settings.ordersPerSecond())));
        }
    }

    private Report.Invariant drain(Fleet fleet, Part part) {
        var process = fleet.processes(part).getFirst();
        Outside.pause(Duration.ofSeconds(4));
        var began = System.nanoTime();
        progress.during(() -> "stopping " + process.name() + " and starting it again");
        fleet.takeOut(process);
        Outside.pause(ON_THE_WAY);
        var code = process.stop(STOP_TIMEOUT);
        var took = Duration.ofNanos(System.nanoTime() - began);
        progress.say("%s stopped after %.1f s".formatted(process.name(), took.toMillis() / 1000.0));
        process.start();
        process.awaitReady();
        var violations = new ArrayList<String>();
        if (code.isEmpty()) {
            violations.add(process.name() + " had to be killed after " + STOP_TIMEOUT);
        } else if (code.getAsInt() != TERMINATED) {
            violations.add(process.name() + " ended with " + code.getAsInt());
        }
        return new Report.Invariant(part.label() + " stops when told to, in time", 1, violations);
    }

    /// A stop that is asked for is no failure: no call that was let in stays without its answer,
    /// and nobody has to repair anything afterwards.
    private static Report.Invariant nothingBroke(Chaos chaos, Load load, Repairs repairs) {
        var violations = new ArrayList<String>();
        chaos.broken()
                .forEach((call, times) -> violations.add(call + " got no answer, " + times + "×"));
        if (repairs.messages() + repairs.executions() > 0) {
            violations.add(
                    "redriven: %d messages %s, %d executions"
                            .formatted(
                                    repairs.messages(), repairs.reasons(), repairs.executions()));
        }
        return new Report.Invariant(
                "requests in flight were answered and nothing had to be repaired",
                load.asked(),
                violations);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", stopped);
        }
    }
}
