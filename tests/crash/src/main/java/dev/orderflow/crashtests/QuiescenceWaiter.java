package dev.orderflow.crashtests;

import dev.orderflow.localrun.ProgressTicker;
import java.time.Duration;

/// Waits until nothing moves any more, and repairs meanwhile what an operator would.
final class QuiescenceWaiter {

    /// Without any progress for so long it has settled, for good or ill.
    private static final Duration NO_PROGRESS = Duration.ofMinutes(3);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    private final OrderLoad load;
    private final RedriveOperator repairs;
    private final ProgressTicker progress;

    QuiescenceWaiter(OrderLoad load, RedriveOperator repairs, ProgressTicker progress) {
        this.load = load;
        this.repairs = repairs;
        this.progress = progress;
    }

    /// Returns when it has settled, or does not move any more.
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
            SystemProbe.pause(BETWEEN_LOOKS);
        }
        load.collectMail();
    }
}
