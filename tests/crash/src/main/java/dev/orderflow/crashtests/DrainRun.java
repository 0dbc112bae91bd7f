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

/// Stops one service after another with SIGTERM under load and starts it again, as a deployment
/// does, without any fault.
public final class DrainRun {

    /// The stop time-out of a container. The services limit each phase of their shutdown to 25 s.
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    /// A load balancer stops routing before the task receives SIGTERM, so that no request reaches a
    /// closing connection.
    private static final Duration ROUTING_DELAY = Duration.ofMillis(300);

    /// The exit code of a JVM that was terminated by SIGTERM.
    private static final int TERMINATED = 128 + 15;

    /// Settings of a run.
    ///
    /// @param seed determines the orders
    /// @param orders the maximum number of orders
    /// @param services the services to restart, in this order
    /// @param ordersPerSecond the maximum rate
    public record DrainRunSettings(
            long seed, int orders, List<Component> services, double ordersPerSecond) {

        public DrainRunSettings {
            services = List.copyOf(services);
        }

        /// All services that process orders.
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

    /// Executes the run, which takes minutes.
    public static CrashReport run(DrainRunSettings settings, Consumer<String> progress) {
        try (var ticker = new ProgressTicker(progress, () -> "")) {
            return new DrainRun(settings, ticker).run();
        }
    }

    private CrashReport run() {
        var faultInjector = new FaultInjector();
        var counts = new EnumMap<Component, Integer>(Component.class);
        settings.services().forEach(component -> counts.put(component, 1));
        // Customers call order-service all the time; its second process serves them meanwhile.
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
                        .withRespondingGateway();
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
                                new Invariants(serviceProcesses, probe, load, faultInjector)
                                        .check(repairs));
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
        SystemProbe.pause(ROUTING_DELAY);
        var code = process.stop(STOP_TIMEOUT);
        var took = Duration.ofNanos(System.nanoTime() - began);
        progress.print(
                "%s stopped after %.1f s".formatted(process.name(), took.toMillis() / 1000.0));
        process.start();
        process.awaitReady();
        var violations = new ArrayList<String>();
        if (code.isEmpty()) {
            violations.add(process.name() + " was killed after " + STOP_TIMEOUT);
        } else if (code.getAsInt() != TERMINATED) {
            violations.add(process.name() + " exited with code " + code.getAsInt());
        }
        return new CrashReport.CheckedInvariant(
                component.label() + " stops within the time-out after SIGTERM", 1, violations);
    }

    /// An orderly stop is no failure: every accepted call gets a response, and nothing has to be
    /// redriven.
    private static CrashReport.CheckedInvariant nothingBroke(
            FaultInjector faultInjector, OrderLoad load, RedriveOperator repairs) {
        var violations = new ArrayList<String>();
        faultInjector
                .brokenCalls()
                .forEach(
                        (call, times) -> violations.add(call + " got no response, " + times + "×"));
        if (repairs.messages() + repairs.executions() > 0) {
            violations.add(
                    "redriven: %d messages %s, %d executions"
                            .formatted(
                                    repairs.messages(), repairs.reasons(), repairs.executions()));
        }
        return new CrashReport.CheckedInvariant(
                "requests in flight got a response and nothing was redriven",
                load.requestedOrders(),
                violations);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", interrupted);
        }
    }
}
