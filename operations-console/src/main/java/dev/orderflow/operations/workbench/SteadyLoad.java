package dev.orderflow.operations.workbench;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.operations.services.ServiceUnavailableException;
import dev.orderflow.operations.workbench.WorkbenchOrders.WorkbenchOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/// Places orders at a steady rate for a limited time. One load runs at a time; it ends by itself,
/// when it is stopped, and with the console.
@Component
@ConditionalOnWorkbench
class SteadyLoad implements DisposableBean {

    static final int MAX_PER_SECOND = 10;
    static final int MAX_SECONDS = 600;

    /// order-service limits the writes of one customer to ten a second.
    private static final int CUSTOMERS = 5;

    /// More calls at the same time would hide that order-service is slow.
    private static final int MAX_CALLS = 20;

    private final WorkbenchOrders orders;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("steady-load").factory());
    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable LoadRun latest;

    SteadyLoad(WorkbenchOrders orders) {
        this.orders = orders;
    }

    /// What to place.
    ///
    /// @param mixed whether one of ten orders is declined and one loses the answer of the gateway;
    ///     otherwise all pay
    record LoadRequest(int perSecond, int seconds, String sku, boolean mixed) {

        LoadRequest {
            if (perSecond < 1 || perSecond > MAX_PER_SECOND) {
                throw new InvalidValueException("perSecond", "must be 1 to " + MAX_PER_SECOND);
            }
            if (seconds < 1 || seconds > MAX_SECONDS) {
                throw new InvalidValueException("seconds", "must be 1 to " + MAX_SECONDS);
            }
        }

        int orders() {
            return perSecond * seconds;
        }
    }

    /// One load.
    private final class LoadRun {

        private final LoadRequest request;
        private final Instant end;
        private final Semaphore calls = new Semaphore(MAX_CALLS);
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger placed = new AtomicInteger();
        private final AtomicInteger refused = new AtomicInteger();
        private final AtomicInteger skipped = new AtomicInteger();
        private final AtomicReference<@Nullable String> problem = new AtomicReference<>();
        private @Nullable ScheduledFuture<?> ticks;

        LoadRun(LoadRequest request) {
            this.request = request;
            this.end = Instant.now().plus(Duration.ofSeconds(request.seconds()));
        }

        void begin() {
            ticks =
                    clock.scheduleAtFixedRate(
                            this::placeNext,
                            0,
                            1_000_000 / request.perSecond(),
                            TimeUnit.MICROSECONDS);
        }

        boolean isRunning() {
            return ticks != null && !ticks.isDone();
        }

        void stop() {
            if (ticks != null) {
                ticks.cancel(false);
            }
        }

        /// Ticks that were late come at once, so both the number and the time are limits.
        private void placeNext() {
            int number = begun.getAndIncrement();
            if (number >= request.orders() || Instant.now().isAfter(end)) {
                stop();
                return;
            }
            if (!calls.tryAcquire()) {
                skipped.incrementAndGet();
                return;
            }
            senders.execute(() -> place(number));
        }

        private void place(int number) {
            try {
                orders.place(
                        new WorkbenchOrder(
                                new CustomerRef("load-" + number % CUSTOMERS),
                                request.sku(),
                                1,
                                card(number),
                                "GB"));
                placed.incrementAndGet();
            } catch (ServiceUnavailableException | TokenUnavailableException failure) {
                refused.incrementAndGet();
                problem.set(failure.getMessage());
            } finally {
                calls.release();
            }
        }

        private String card(int number) {
            if (!request.mixed()) {
                return "pm_card_visa";
            }
            return switch (number % 10) {
                case 3 -> "pm_card_chargeDeclined";
                case 7 -> "pm_card_answerLost";
                default -> "pm_card_visa";
            };
        }

        WorkbenchPage.LoadReport report() {
            return new WorkbenchPage.LoadReport(
                    isRunning(),
                    request.perSecond(),
                    request.orders(),
                    end,
                    placed.get(),
                    refused.get(),
                    skipped.get(),
                    Optional.ofNullable(problem.get()));
        }
    }

    /// Begins a load.
    ///
    /// @throws Problem 409 when one is running
    synchronized void start(LoadRequest request) {
        if (latest != null && latest.isRunning()) {
            throw Problem.of(HttpStatus.CONFLICT, "load-running", "A load is running")
                    .detail("Stop it, or wait for its end.");
        }
        var run = new LoadRun(request);
        latest = run;
        run.begin();
    }

    /// Ends the load that runs, if any.
    synchronized void stop() {
        if (latest != null) {
            latest.stop();
        }
    }

    /// The load that runs or ran last.
    synchronized Optional<WorkbenchPage.LoadReport> report() {
        return Optional.ofNullable(latest).map(LoadRun::report);
    }

    @Override
    public void destroy() {
        stop();
        clock.shutdownNow();
        senders.shutdownNow();
    }
}
