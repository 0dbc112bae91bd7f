package dev.orderflow.crashtests;

import dev.orderflow.localrun.ProgressTicker;
import java.time.Duration;

/// Waits until all orders are final and all queues are empty, and meanwhile redrives as an operator
/// would.
final class QuiescenceWaiter {

    /// Without progress for this time the wait ends, and the invariants show what is wrong.
    private static final Duration NO_PROGRESS = Duration.ofMinutes(3);

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);

    private final OrderLoad load;
    private final RedriveOperator repairs;
    private final ProgressTicker progress;

    QuiescenceWaiter(OrderLoad load, RedriveOperator repairs, ProgressTicker progress) {
        this.load = load;
        this.repairs = repairs;
        this.progress = progress;
    }

    /// Returns when everything is processed, or without progress.
    void await() {
        long lastProgress = System.nanoTime();
        var seen = "";
        int quiet = 0;
        while (quiet < 3 && System.nanoTime() - lastProgress < NO_PROGRESS.toNanos()) {
            int open = 0;
            for (var order : load.acceptedOrders()) {
                if (!load.checkFinal(order)) {
                    open++;
                }
            }
            int repaired = repairs.redriveAll();
            int waiting = repairs.waitingMessages();
            int running = repairs.runningExecutions();
            boolean done =
                    open == 0 && waiting == 0 && running == 0 && repaired == 0 && !load.isBusy();
            quiet = done ? quiet + 1 : 0;
            var state =
                    "%d orders open, %d messages waiting, %d workflows running, %d redriven"
                            .formatted(
                                    open,
                                    waiting,
                                    running,
                                    repairs.messages() + repairs.executions());
            if (!state.equals(seen)) {
                lastProgress = System.nanoTime();
                seen = state;
                progress.print(state);
                progress.setActivity(() -> "still " + state);
            }
            SystemProbe.pause(POLL_INTERVAL);
        }
        load.collectMail();
    }
}
