package dev.orderflow.crashtests;

import dev.orderflow.crashtests.CrashReport.CheckedInvariant;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.ProgressTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// Restarts one service after another under load, as a deployment does: SIGTERM, then a new process
/// of it. No fault is injected meanwhile.
///
/// An orderly stop is no failure: each accepted call gets a response and nothing is redriven.
final class RollingRestart {

    /// The services that process orders. operations-console serves only operators.
    private static final List<Component> RESTARTED =
            Component.services().stream()
                    .filter(component -> component != Component.OPERATIONS_CONSOLE)
                    .toList();

    /// The stop time-out of a container. The services limit each phase of their shutdown to 25 s.
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    /// A load balancer stops routing before the task receives SIGTERM, so that no request reaches a
    /// closing connection.
    private static final Duration ROUTING_DELAY = Duration.ofMillis(300);

    /// How long orders are placed before each restart, so that some are in progress.
    private static final Duration LOAD_BEFORE_RESTART = Duration.ofSeconds(4);

    /// The exit code of a JVM that was terminated by SIGTERM.
    private static final int TERMINATED = 128 + 15;

    private static final int MAX_ORDERS = 2_000;

    private static final Duration TIME_BETWEEN_ORDERS = Duration.ofSeconds(1);

    private final ServiceProcesses serviceProcesses;
    private final OrderLoad load;
    private final RedriveOperator repairs;
    private final FaultInjector faultInjector;
    private final ProgressTicker progress;

    RollingRestart(
            ServiceProcesses serviceProcesses,
            OrderLoad load,
            RedriveOperator repairs,
            FaultInjector faultInjector,
            ProgressTicker progress) {
        this.serviceProcesses = serviceProcesses;
        this.load = load;
        this.repairs = repairs;
        this.faultInjector = faultInjector;
        this.progress = progress;
    }

    /// Restarts each service once and waits until all orders are final.
    ///
    /// @param seed determines the orders
    /// @return what must hold for an orderly stop
    List<CheckedInvariant> execute(long seed) {
        var orders =
                CrashPlan.of(seed, MAX_ORDERS, CrashPlan.FaultCounts.NOTHING, RESTARTED)
                        .withRespondingGateway()
                        .orders();
        var restarted = new AtomicBoolean();
        var customers = Thread.ofVirtual().start(() -> placeUntil(restarted, orders));
        var invariants = new ArrayList<CheckedInvariant>();
        for (var component : RESTARTED) {
            invariants.add(restart(component));
            load.collectMail();
        }
        restarted.set(true);
        join(customers);
        new QuiescenceWaiter(load, repairs, progress).await();
        invariants.add(nothingBroke());
        invariants.add(someShipped());
        return List.copyOf(invariants);
    }

    private void placeUntil(AtomicBoolean restarted, List<CrashPlan.PlannedOrder> orders) {
        for (int i = 0; i < orders.size() && !restarted.get(); i++) {
            load.place(orders.get(i));
            SystemProbe.pause(TIME_BETWEEN_ORDERS);
        }
    }

    private CheckedInvariant restart(Component component) {
        var process = serviceProcesses.processes(component).getFirst();
        SystemProbe.pause(LOAD_BEFORE_RESTART);
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
        return new CheckedInvariant(
                component.label() + " stops within the time-out after SIGTERM", 1, violations);
    }

    private CheckedInvariant nothingBroke() {
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
        return new CheckedInvariant(
                "requests in flight got a response and nothing was redriven",
                load.requestedOrders(),
                violations);
    }

    private CheckedInvariant someShipped() {
        int shipped = Collections.frequency(load.finalStates().values(), "SHIPPED");
        return new CheckedInvariant(
                "orders are shipped meanwhile",
                shipped,
                shipped > 0
                        ? List.of()
                        : List.of("none of %d is".formatted(load.requestedOrders())));
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
