package dev.orderflow.crashtests;

import dev.orderflow.localrun.Part;
import dev.orderflow.localrun.ProgressTicker;
import dev.orderflow.topology.ApprovalLimits;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// One storm from the first order to the last check.
public final class CrashRun {

    /// After the last order the faults that are still armed get this long to find their call.
    private static final Duration LATE_FAULTS = Duration.ofSeconds(20);

    /// How a run is made.
    ///
    /// @param seed what everything follows from
    /// @param orders how many
    /// @param faults calls that are lost, refused, delayed or repeated; -1 for as many as fit
    /// @param kills of processes; -1 for as many as fit
    /// @param databaseCrashes -1 for as many as fit
    /// @param clockFactor how much faster than the wall clock the cloud's time runs. More than
    ///     about 6 and the workflow's 20 seconds for a call are shorter than a busy machine needs.
    /// @param ordersPerSecond at most
    /// @param twins whether order-service and payment-service run twice
    /// @param longest no more orders are placed after so long
    public record Settings(
            long seed,
            int orders,
            int faults,
            int kills,
            int databaseCrashes,
            double clockFactor,
            double ordersPerSecond,
            boolean twins,
            Duration longest) {

        public Settings {
            if (orders < 1) {
                throw new IllegalArgumentException("orders must be at least 1 but was " + orders);
            }
        }

        private Plan.Amount amount() {
            var fitting = Plan.Amount.of(orders);
            return new Plan.Amount(
                    faults < 0 ? fitting.faults() : faults,
                    kills < 0 ? fitting.kills() : kills,
                    databaseCrashes < 0 ? fitting.databaseCrashes() : databaseCrashes);
        }

        private Fleet.Settings fleet() {
            var services = new EnumMap<Part, Integer>(Part.class);
            for (var part : Part.services()) {
                boolean twice =
                        twins && (part == Part.ORDER_SERVICE || part == Part.PAYMENT_SERVICE);
                services.put(part, twice ? 2 : 1);
            }
            return new Fleet.Settings(
                    services, clockFactor, ApprovalLimits.parse(ApprovalLimits.STANDARD), 2);
        }
    }

    private final Settings settings;
    private final ProgressTicker progress;
    private final Chaos chaos = new Chaos();

    private CrashRun(Settings settings, ProgressTicker progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /// Runs it; takes minutes.
    ///
    /// @param progress hears every few seconds how far it is
    public static Report run(Settings settings, Consumer<String> progress) {
        try (var ticker = new ProgressTicker(progress, () -> "")) {
            return new CrashRun(settings, ticker).run();
        }
    }

    private Report run() {
        var services = List.copyOf(Part.services());
        var plan = Plan.of(settings.seed(), settings.orders(), settings.amount(), services);
        try (var fleet = Fleet.start(settings.fleet(), chaos, progress)) {
            var outside = new Outside(fleet.http(), fleet.internalApiKey());
            var began = System.nanoTime();
            try (var load = new Load(fleet, outside, 40);
                    var repairs = new Repairs(fleet)) {
                progress.during(() -> counts(load));
                load.stock(Math.max(2, settings.orders() / 30));
                storm(plan, fleet, load);
                int notStruck = calm(load);
                progress.during(fleet::whatStarts);
                fleet.all().forEach(Instance::awaitReady);
                progress.say("fault injection finished; draining");
                new Settling(load, repairs, progress).await();
                progress.say("reading the books of all services");
                progress.during(
                        () ->
                                "checking the invariants of %d orders"
                                        .formatted(load.placed().size()));
                var invariants = new Invariants(fleet, outside, load).check(repairs);
                var took = Duration.ofNanos(System.nanoTime() - began);
                load.close();
                var report = Report.of(fleet, chaos, load, repairs, notStruck, invariants, took);
                fleet.retire();
                return report;
            }
        }
    }

    private void storm(Plan plan, Fleet fleet, Load load) {
        var random = new Random(settings.seed());
        var giveUp = System.nanoTime() + settings.longest().toNanos();
        var pace = Duration.ofNanos((long) (1e9 / settings.ordersPerSecond()));
        var lastTold = System.nanoTime();
        for (int i = 0; i < plan.orders().size() && System.nanoTime() < giveUp; i++) {
            int now = i;
            chaos.arm(
                    plan.faults().stream()
                            .filter(at -> at.order() == now)
                            .map(Plan.At::what)
                            .toList());
            for (var kill : plan.kills()) {
                if (kill.order() == now) {
                    killOne(fleet, kill.what(), random);
                }
            }
            if (plan.databaseCrashes().contains(now)) {
                progress.say("the database server crashes");
                fleet.crashDatabase();
            }
            load.place(i, plan.orders().get(i));
            Outside.pause(pace);
            if (System.nanoTime() - lastTold > Duration.ofSeconds(5).toNanos()) {
                lastTold = System.nanoTime();
                tell(load);
                load.collectMail();
            }
        }
        tell(load);
    }

    private void killOne(Fleet fleet, Part part, Random random) {
        var able = fleet.processes(part).stream().filter(fleet::mayKill).toList();
        if (!able.isEmpty()) {
            able.get(random.nextInt(able.size())).kill();
            chaos.killedAtRandom();
        }
    }

    private void tell(Load load) {
        progress.say(counts(load));
    }

    private String counts(Load load) {
        return "%d of %d orders asked for, %d accepted, %d final; %d faults, %d kills"
                .formatted(
                        load.asked(),
                        settings.orders(),
                        load.placed().size(),
                        load.ended().size(),
                        chaos.faults(),
                        chaos.kills());
    }

    /// Lets faults that are armed still strike, then makes everything work again.
    ///
    /// @return how many found no call
    private int calm(Load load) {
        var until = System.nanoTime() + LATE_FAULTS.toNanos();
        while (System.nanoTime() < until && chaos.armed() > 0 && load.busy()) {
            Outside.pause(Duration.ofMillis(200));
        }
        return chaos.disarm();
    }
}
