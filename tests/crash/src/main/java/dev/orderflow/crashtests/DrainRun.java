package dev.orderflow.crashtests;

import dev.orderflow.localrun.Component;
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
    public record DrainRunSettings(
            long seed, int orders, List<Component> services, double ordersPerSecond) {

        public DrainRunSettings {
            services = List.copyOf(services);
        }

        /// Every service that works on orders.
        public static DrainRunSettings everyService(long seed) {
            return new DrainRunSettings(
                    seed,
                    2_000,
                    Component.services().stream()
                            .filter(component -> component != Component.OPERATIONS_CONSOLE)
                            .toList(),
                    2);
        }
    }

    private final DrainRunSettings settings;
    private final ProgressTicker progress;

    private DrainRun(DrainRunSettings settings, ProgressTicker progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /// Runs it; takes minutes.
    public static CrashReport run(DrainRunSettings settings, Consumer<String> progress) {
        try (var ticker = new ProgressTicker(progress, () -> "")) {
            return new DrainRun(settings, ticker).run();
        }
    }

    private CrashReport run() {
        var faultInjector = new FaultInjector();
        var counts = new EnumMap<Component, Integer>(Component.class);
        settings.services().forEach(component -> counts.put(component, 1));
        // order-service is asked by customers all the time: its twin takes them meanwhile.
        counts.computeIfPresent(Component.ORDER_SERVICE, (_, _) -> 2);
        var processesSettings =
                new ServiceProcesses.ServiceProcessesSettings(
                        counts, 4, ApprovalLimits.parse(ApprovalLimits.STANDARD), 1);
        var plan =
                CrashPlan.of(
                                settings.seed(),
                                settings.orders(),
                                CrashPlan.FaultCounts.NOTHING,
                                settings.services())
                        .whereTheGatewayAnswers();
        try (var serviceProcesses =
                ServiceProcesses.start(processesSettings, faultInjector, progress)) {
            var probe = new SystemProbe(serviceProcesses.http(), serviceProcesses.internalApiKey());
            var began = System.nanoTime();
            try (var load = new OrderLoad(serviceProcesses, probe, 40);
                    var repairs = new RedriveOperator(serviceProcesses)) {
                load.createArticles(20);
                var enough = new AtomicBoolean();
                var customers = Thread.ofVirtual().start(() -> order(plan.orders(), load, enough));
                var drained = new ArrayList<CrashReport.CheckedInvariant>();
                for (var component : settings.services()) {
                    drained.add(drain(serviceProcesses, component));
                }
                enough.set(true);
                join(customers);
                new QuiescenceWaiter(load, repairs, progress).await();
                var invariants =
                        new ArrayList<>(
                                new Invariants(serviceProcesses, probe, load).check(repairs));
                invariants.addAll(drained);
                invariants.add(nothingBroke(faultInjector, load, repairs));
                load.close();
                return CrashReport.of(
                        serviceProcesses,
                        faultInjector,
                        load,
                        repairs,
                        0,
                        invariants,
                        Duration.ofNanos(System.nanoTime() - began));
            }
        }
    }

    private void order(
            List<CrashPlan.PlannedOrder> plannedOrders, OrderLoad load, AtomicBoolean enough) {
        for (int i = 0; i < plannedOrders.size() && !enough.get(); i++) {
            load.place(i, plannedOrders.get(i));
            SystemProbe.pause(Duration.ofNanos((long) (1e9 / settings.ordersPerSecond())));
        }
    }

    private CrashReport.CheckedInvariant drain(
            ServiceProcesses serviceProcesses, Component component) {
        var process = serviceProcesses.processes(component).getFirst();
        SystemProbe.pause(Duration.ofSeconds(4));
        var began = System.nanoTime();
        progress.setActivity(() -> "stopping " + process.name() + " and starting it again");
        serviceProcesses.stopRouting(process);
        SystemProbe.pause(ON_THE_WAY);
        var code = process.stop(STOP_TIMEOUT);
        var took = Duration.ofNanos(System.nanoTime() - began);
        progress.print(
                "%s stopped after %.1f s".formatted(process.name(), took.toMillis() / 1000.0));
        process.start();
        process.awaitReady();
        var violations = new ArrayList<String>();
        if (code.isEmpty()) {
            violations.add(process.name() + " had to be killed after " + STOP_TIMEOUT);
        } else if (code.getAsInt() != TERMINATED) {
            violations.add(process.name() + " ended with " + code.getAsInt());
        }
        return new CrashReport.CheckedInvariant(
                component.label() + " stops when told to, in time", 1, violations);
    }

    /// A stop that is asked for is no failure: no call that was let in stays without its answer,
    /// and nobody has to repair anything afterwards.
    private static CrashReport.CheckedInvariant nothingBroke(
            FaultInjector faultInjector, OrderLoad load, RedriveOperator repairs) {
        var violations = new ArrayList<String>();
        faultInjector
                .brokenCalls()
                .forEach((call, times) -> violations.add(call + " got no answer, " + times + "×"));
        if (repairs.messages() + repairs.executions() > 0) {
            violations.add(
                    "redriven: %d messages %s, %d executions"
                            .formatted(
                                    repairs.messages(), repairs.reasons(), repairs.executions()));
        }
        return new CrashReport.CheckedInvariant(
                "requests in flight were answered and nothing had to be repaired",
                load.requestedOrders(),
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
