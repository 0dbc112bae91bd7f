package dev.orderflow.crashtests;

import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.ProgressTicker;
import dev.orderflow.topology.ApprovalLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// One run from the first order to the last check.
public final class CrashRun {

    /// The stock of the rare article that the orders during the restarts may use up.
    private static final int RARE_FOR_RESTARTS = 20;

    /// The seed of the orders during the restarts, relative to that of the run.
    private static final int RESTART_SEED = 1;

    /// How long the remaining faults are kept armed after the last order.
    private static final Duration LATE_FAULTS = Duration.ofSeconds(20);

    /// Settings of a run.
    ///
    /// @param seed determines the orders and the faults
    /// @param orders the number of orders
    /// @param faults calls to refuse, delay, repeat or lose; -1 for the default number
    /// @param kills processes to kill; -1 for the default number
    /// @param databaseCrashes crashes of the database server; -1 for the default number
    /// @param clockFactor how much faster than the wall clock the clock of local-cloud runs. Above
    ///     about 6, the workflow's time-out of 20 s per call is too short for a busy machine.
    /// @param ordersPerSecond the maximum rate
    /// @param restarts whether each service is restarted under load before the first fault
    /// @param twins whether order-service and payment-service have two processes
    /// @param longest no orders are placed after this time
    public record CrashRunSettings(
            long seed,
            int orders,
            int faults,
            int kills,
            int databaseCrashes,
            double clockFactor,
            double ordersPerSecond,
            boolean restarts,
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
            Component.services().forEach(component -> services.put(component, 1));
            if (twins || restarts) {
                // Customers call it all the time; one process serves them while the other restarts.
                services.put(Component.ORDER_SERVICE, 2);
            }
            if (twins) {
                services.put(Component.PAYMENT_SERVICE, 2);
            }
            return new ServiceProcesses.ServiceProcessesSettings(
                    services, clockFactor, ApprovalLimits.parse(ApprovalLimits.STANDARD), 2);
        }
    }

    private final CrashRunSettings settings;
    private final ProgressTicker progress;
    private final FaultInjector faultInjector = new FaultInjector();

    private int ordersDuringRestarts;

    private CrashRun(CrashRunSettings settings, ProgressTicker progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /// Executes the run, which takes minutes.
    ///
    /// @param progress receives a line every few seconds
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
                load.createArticles(
                        Math.max(2, settings.orders() / 30)
                                + (settings.restarts() ? RARE_FOR_RESTARTS : 0));
                var invariants = new ArrayList<CrashReport.CheckedInvariant>();
                if (settings.restarts()) {
                    invariants.addAll(
                            new RollingRestart(
                                            serviceProcesses,
                                            load,
                                            repairs,
                                            faultInjector,
                                            progress)
                                    .execute(settings.seed() + RESTART_SEED));
                    ordersDuringRestarts = load.requestedOrders();
                }
                progress.setActivity(() -> counts(load));
                injectFaults(plan, serviceProcesses, load);
                int notInjected = awaitArmedFaults(load);
                progress.setActivity(serviceProcesses::startStatus);
                serviceProcesses.all().forEach(ServiceProcess::awaitReady);
                progress.print("fault injection finished; draining");
                new QuiescenceWaiter(load, repairs, progress).await();
                progress.print("reading the state of all services");
                progress.setActivity(
                        () ->
                                "checking the invariants of %d orders"
                                        .formatted(load.acceptedOrders().size()));
                invariants.addAll(
                        new Invariants(serviceProcesses, probe, load, faultInjector)
                                .check(repairs));
                var took = Duration.ofNanos(System.nanoTime() - began);
                load.close();
                var report =
                        CrashReport.of(
                                serviceProcesses,
                                faultInjector,
                                load,
                                repairs,
                                ordersDuringRestarts,
                                notInjected,
                                invariants,
                                took);
                serviceProcesses.keepLogs();
                return report;
            }
        }
    }

    private void injectFaults(CrashPlan plan, ServiceProcesses serviceProcesses, OrderLoad load) {
        var random = new Random(settings.seed());
        var giveUp = System.nanoTime() + settings.longest().toNanos();
        var pace = Duration.ofNanos((long) (1e9 / settings.ordersPerSecond()));
        var lastReported = System.nanoTime();
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
            load.place(plan.orders().get(i));
            SystemProbe.pause(pace);
            if (System.nanoTime() - lastReported > Duration.ofSeconds(5).toNanos()) {
                lastReported = System.nanoTime();
                reportProgress(load);
                load.collectMail();
            }
        }
        reportProgress(load);
    }

    private void killOne(ServiceProcesses serviceProcesses, Component component, Random random) {
        var killable =
                serviceProcesses.processes(component).stream()
                        .filter(serviceProcesses::mayKill)
                        .toList();
        if (!killable.isEmpty()) {
            killable.get(random.nextInt(killable.size())).kill();
            faultInjector.recordRandomKill();
        }
    }

    private void reportProgress(OrderLoad load) {
        progress.print(counts(load));
    }

    private String counts(OrderLoad load) {
        return "%d of %d orders requested, %d accepted, %d final; %d faults, %d kills"
                .formatted(
                        load.requestedOrders() - ordersDuringRestarts,
                        settings.orders(),
                        load.acceptedOrders().size(),
                        load.finalStates().size(),
                        faultInjector.faults(),
                        faultInjector.kills());
    }

    /// Waits for the remaining faults, then disarms those that found no call.
    ///
    /// @return how many were disarmed
    private int awaitArmedFaults(OrderLoad load) {
        var until = System.nanoTime() + LATE_FAULTS.toNanos();
        while (System.nanoTime() < until && faultInjector.armedFaults() > 0 && load.isBusy()) {
            SystemProbe.pause(Duration.ofMillis(200));
        }
        return faultInjector.disarm();
    }
}
