package dev.orderflow.crashtests;

import dev.orderflow.localrun.Component;
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
    public record CrashRunSettings(
            long seed,
            int orders,
            int faults,
            int kills,
            int databaseCrashes,
            double clockFactor,
            double ordersPerSecond,
            boolean twins,
            Duration longest) {

        public CrashRunSettings {
            if (orders < 1) {
                throw new IllegalArgumentException("orders must be at least 1 but was " + orders);
            }
        }

        private CrashPlan.FaultCounts amount() {
            var fitting = CrashPlan.FaultCounts.of(orders);
            return new CrashPlan.FaultCounts(
                    faults < 0 ? fitting.faults() : faults,
                    kills < 0 ? fitting.kills() : kills,
                    databaseCrashes < 0 ? fitting.databaseCrashes() : databaseCrashes);
        }

        private ServiceProcesses.ServiceProcessesSettings processesSettings() {
            var services = new EnumMap<Component, Integer>(Component.class);
            for (var component : Component.services()) {
                boolean twice =
                        twins
                                && (component == Component.ORDER_SERVICE
                                        || component == Component.PAYMENT_SERVICE);
                services.put(component, twice ? 2 : 1);
            }
            return new ServiceProcesses.ServiceProcessesSettings(
                    services, clockFactor, ApprovalLimits.parse(ApprovalLimits.STANDARD), 2);
        }
    }

    private final CrashRunSettings settings;
    private final ProgressTicker progress;
    private final FaultInjector faultInjector = new FaultInjector();

    private CrashRun(CrashRunSettings settings, ProgressTicker progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /// Runs it; takes minutes.
    ///
    /// @param progress hears every few seconds how far it is
    public static CrashReport run(CrashRunSettings settings, Consumer<String> progress) {
        try (var ticker = new ProgressTicker(progress, () -> "")) {
            return new CrashRun(settings, ticker).run();
        }
    }

    private CrashReport run() {
        var services = List.copyOf(Component.services());
        var plan = CrashPlan.of(settings.seed(), settings.orders(), settings.amount(), services);
        try (var serviceProcesses =
                ServiceProcesses.start(settings.processesSettings(), faultInjector, progress)) {
            var probe = new SystemProbe(serviceProcesses.http(), serviceProcesses.internalApiKey());
            var began = System.nanoTime();
            try (var load = new OrderLoad(serviceProcesses, probe, 40);
                    var repairs = new RedriveOperator(serviceProcesses)) {
                progress.setActivity(() -> counts(load));
                load.createArticles(Math.max(2, settings.orders() / 30));
                injectFaults(plan, serviceProcesses, load);
                int notStruck = awaitArmedFaults(load);
                progress.setActivity(serviceProcesses::startStatus);
                serviceProcesses.all().forEach(ServiceProcess::awaitReady);
                progress.print("fault injection finished; draining");
                new QuiescenceWaiter(load, repairs, progress).await();
                progress.print("reading the books of all services");
                progress.setActivity(
                        () ->
                                "checking the invariants of %d orders"
                                        .formatted(load.acceptedOrders().size()));
                var invariants = new Invariants(serviceProcesses, probe, load).check(repairs);
                var took = Duration.ofNanos(System.nanoTime() - began);
                load.close();
                var report =
                        CrashReport.of(
                                serviceProcesses,
                                faultInjector,
                                load,
                                repairs,
                                notStruck,
                                invariants,
                                took);
                serviceProcesses.closeAfterSuccess();
                return report;
            }
        }
    }

    private void injectFaults(CrashPlan plan, ServiceProcesses serviceProcesses, OrderLoad load) {
        var random = new Random(settings.seed());
        var giveUp = System.nanoTime() + settings.longest().toNanos();
        var pace = Duration.ofNanos((long) (1e9 / settings.ordersPerSecond()));
        var lastTold = System.nanoTime();
        for (int i = 0; i < plan.orders().size() && System.nanoTime() < giveUp; i++) {
            int now = i;
            faultInjector.arm(
                    plan.faults().stream()
                            .filter(at -> at.order() == now)
                            .map(CrashPlan.AtOrder::what)
                            .toList());
            for (var kill : plan.kills()) {
                if (kill.order() == now) {
                    killOne(serviceProcesses, kill.what(), random);
                }
            }
            if (plan.databaseCrashes().contains(now)) {
                progress.print("the database server crashes");
                serviceProcesses.crashDatabase();
            }
            load.place(i, plan.orders().get(i));
            SystemProbe.pause(pace);
            if (System.nanoTime() - lastTold > Duration.ofSeconds(5).toNanos()) {
                lastTold = System.nanoTime();
                reportProgress(load);
                load.collectMail();
            }
        }
        reportProgress(load);
    }

    private void killOne(ServiceProcesses serviceProcesses, Component component, Random random) {
        var able =
                serviceProcesses.processes(component).stream()
                        .filter(serviceProcesses::mayKill)
                        .toList();
        if (!able.isEmpty()) {
            able.get(random.nextInt(able.size())).kill();
            faultInjector.recordRandomKill();
        }
    }

    private void reportProgress(OrderLoad load) {
        progress.print(counts(load));
    }

    private String counts(OrderLoad load) {
        return "%d of %d orders asked for, %d accepted, %d final; %d faults, %d kills"
                .formatted(
                        load.requestedOrders(),
                        settings.orders(),
                        load.acceptedOrders().size(),
                        load.finalStates().size(),
                        faultInjector.faults(),
                        faultInjector.kills());
    }

    /// Lets faults that are armed still strike, then makes everything work again.
    ///
    /// @return how many found no call
    private int awaitArmedFaults(OrderLoad load) {
        var until = System.nanoTime() + LATE_FAULTS.toNanos();
        while (System.nanoTime() < until && faultInjector.armedFaults() > 0 && load.isBusy()) {
            SystemProbe.pause(Duration.ofMillis(200));
        }
        return faultInjector.disarm();
    }
}
