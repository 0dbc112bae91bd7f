package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.time.CloudClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One execution of a state machine.
///
/// Its lock serialises its branches: a branch holds the lock while it computes and releases it only
/// to wait or to call a service ([#callUnlocked]). So one branch runs at any moment, and the
/// history is one sequence.
final class Execution {

    /// The status as `DescribeExecution` reports it.
    enum ExecutionStatus {
        RUNNING,
        SUCCEEDED,
        FAILED,
        TIMED_OUT,
        ABORTED;

        boolean canBeRedriven() {
            return this == FAILED || this == TIMED_OUT || this == ABORTED;
        }
    }

    /// How long AWS allows a failed execution to be redriven.
    static final Duration REDRIVABLE_FOR = Duration.ofDays(14);

    /// The work of this thread is obsolete: the execution ended, or a sibling branch failed.
    static final class BranchAbandonedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BranchAbandonedException() {
            super("abandoned", null, false, false);
        }
    }

    /// The position of a branch, from which a redrive continues.
    static final class BranchPosition {
        String state;
        JsonNode input;
        long enteredId;
        Map<String, JsonNode> variables;

        /// Branches or iterations of the current state, by index.
        Map<Integer, ChildBranch> children = new HashMap<>();

        BranchPosition(String state, JsonNode input, Map<String, JsonNode> variables) {
            this.state = state;
            this.input = input;
            this.variables = variables;
        }
    }

    /// A branch or iteration: its output when it is complete, otherwise its position.
    record ChildBranch(@Nullable JsonNode output, ExecutionBranch branch) {}

    /// A sequence of states: the execution itself, a branch, or an iteration.
    static final class ExecutionBranch {
        final AslState.StateGraph flow;
        final @Nullable ObjectNode mapItem;
        final BranchGroup group;
        BranchPosition position;
        long last;
        @Nullable AslState open;

        ExecutionBranch(
                AslState.StateGraph flow,
                BranchPosition position,
                long last,
                @Nullable ObjectNode mapItem,
                BranchGroup group) {
            this.flow = flow;
            this.position = position;
            this.last = last;
            this.mapItem = mapItem;
            this.group = group;
        }

        /// Copies the position for a new run. A new object, so that a thread of the earlier run
        /// that still waits finds itself abandoned.
        ExecutionBranch copyInto(BranchGroup other) {
            var branch = new ExecutionBranch(flow, position, last, mapItem, other);
            branch.open = open;
            return branch;
        }
    }

    /// Threads that are abandoned together: a run of the execution, or the branches of one state.
    static final class BranchGroup {
        private final @Nullable BranchGroup parent;
        private final Set<BranchGroup> inner = new HashSet<>();
        private final Set<Thread> threads = new HashSet<>();
        private CompletableFuture<Void> lastStart = CompletableFuture.completedFuture(null);
        private boolean abandoned;

        BranchGroup(@Nullable BranchGroup parent) {
            this.parent = parent;
            if (parent != null) {
                parent.inner.add(this);
            }
        }

        boolean isAbandoned() {
            return abandoned || parent != null && parent.isAbandoned();
        }

        /// Abandons the work: each thread notices at its next step, a waiting thread at once.
        void abandon() {
            abandoned = true;
            for (Thread thread : threads) {
                if (thread != Thread.currentThread()) {
                    thread.interrupt();
                }
            }
            List.copyOf(inner).forEach(BranchGroup::abandon);
            close();
        }

        /// The work is complete.
        void close() {
            if (parent != null) {
                parent.inner.remove(this);
            }
        }
    }

    final String arn;
    final String name;

    /// The version that runs, and the alias that started it.
    final QualifiedStateMachine qualified;

    final StateMachine machine;
    final StateMachineDefinition definition;
    final String input;
    final JsonNode parsedInput;
    final Instant startedAt;
    final ExecutionHistory history;
    final @Nullable String traceHeader;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Consumer<Execution>> whenEnded = new ArrayList<>();

    private ExecutionStatus status = ExecutionStatus.RUNNING;
    private @Nullable Instant stoppedAt;
    private @Nullable Instant redrivenAt;
    private int redriveCount;
    private @Nullable String output;
    private @Nullable String error;
    private @Nullable String cause;
    private ExecutionBranch root;

    Execution(
            String arn,
            String name,
            QualifiedStateMachine qualified,
            String input,
            JsonNode parsedInput,
            Instant startedAt,
            ExecutionHistory history,
            @Nullable String traceHeader) {
        this.arn = arn;
        this.name = name;
        this.qualified = qualified;
        this.machine = qualified.machine();
        this.definition = machine.definition();
        this.input = input;
        this.parsedInput = parsedInput;
        this.startedAt = startedAt;
        this.history = history;
        this.traceHeader = traceHeader;
        this.root = start(parsedInput);
    }

    /// The start of the workflow. A successful execution returns to it, because it is never
    /// redriven and its position need not be kept.
    private ExecutionBranch start(JsonNode from) {
        return new ExecutionBranch(
                definition.flow(),
                new BranchPosition(definition.flow().startAt(), from, new HashMap<>()),
                0,
                null,
                new BranchGroup(null));
    }

    /// A consistent snapshot of the public state of the execution.
    record ExecutionView(
            ExecutionStatus status,
            @Nullable Instant stoppedAt,
            @Nullable Instant redrivenAt,
            int redriveCount,
            @Nullable String output,
            @Nullable String error,
            @Nullable String cause) {

        /// Returns why the execution cannot be redriven, null if it can.
        @Nullable String redriveObstacle(Instant now) {
            if (!status.canBeRedriven()) {
                return "Execution is %s and cannot be redriven".formatted(status);
            }
            if (stoppedAt != null && stoppedAt.plus(REDRIVABLE_FOR).isBefore(now)) {
                return "Execution is past the redrivable period and cannot be redriven";
            }
            return null;
        }
    }

    ExecutionView view() {
        return withLock(
                () ->
                        new ExecutionView(
                                status, stoppedAt, redrivenAt, redriveCount, output, error, cause));
    }

    <T> T withLock(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    void withLock(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a duration of cloud time and releases the lock meanwhile.
    ///
    /// @throws BranchAbandonedException if the branch is abandoned
    void sleep(CloudClock clock, Duration cloudTime) {
        Instant until = clock.instant().plus(cloudTime);
        Condition never = condition();
        try {
            while (true) {
                Duration left = Duration.between(clock.instant(), until);
                if (left.isZero() || left.isNegative()) {
                    return;
                }
                boolean unused =
                        never.await(clock.toWallTime(left).toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException _) {
            throw new BranchAbandonedException();
        }
    }

    /// Appends an event to a branch; requires the lock.
    ///
    /// @return the id of the event
    long addEvent(
            ExecutionBranch branch,
            String type,
            @Nullable String detailsField,
            ObjectNode details) {
        branch.last = history.add(branch.last, type, detailsField, details).id();
        return branch.last;
    }

    /// A condition whose wait releases the lock.
    Condition condition() {
        return lock.newCondition();
    }

    boolean isRunning() {
        return status == ExecutionStatus.RUNNING;
    }

    int redriveCount() {
        return redriveCount;
    }

    @Nullable Instant redrivenAt() {
        return redrivenAt;
    }

    /// @throws BranchAbandonedException if the branch is abandoned
    void requireNotAbandoned(ExecutionBranch branch) {
        if (status != ExecutionStatus.RUNNING || branch.group.isAbandoned()) {
            throw new BranchAbandonedException();
        }
    }

    /// Makes a slow call without holding the lock.
    <T> T callUnlocked(ExecutionBranch branch, Supplier<T> call) {
        lock.unlock();
        T result;
        try {
            result = call.get();
        } finally {
            lock.lock();
        }
        requireNotAbandoned(branch);
        return result;
    }

    /// Starts a thread of this execution, which begins with the lock held. The threads of a group
    /// begin in the order in which they are started, whichever of them the scheduler prefers.
    void start(BranchGroup group, Runnable work) {
        var before = group.lastStart;
        var started = new CompletableFuture<Void>();
        group.lastStart = started;
        Thread thread =
                Thread.ofVirtual()
                        .name("execution-" + name)
                        .unstarted(
                                () -> {
                                    before.join();
                                    withLock(
                                            () -> {
                                                started.complete(null);
                                                runIn(group, work);
                                            });
                                });
        group.threads.add(thread);
        thread.start();
    }

    /// A thread may acquire the lock only after the execution ended or a sibling failed.
    private void runIn(BranchGroup group, Runnable work) {
        try {
            if (status == ExecutionStatus.RUNNING && !group.isAbandoned()) {
                work.run();
            }
        } catch (BranchAbandonedException _) {
            // The result is obsolete.
        } finally {
            group.threads.remove(Thread.currentThread());
        }
    }

    /// Calls `listener` when the execution has ended; at once if it already has.
    void onEnd(Consumer<Execution> listener) {
        boolean already =
                withLock(
                        () -> {
                            if (status == ExecutionStatus.RUNNING) {
                                whenEnded.add(listener);
                                return false;
                            }
                            return true;
                        });
        if (already) {
            listener.accept(this);
        }
    }

    /// Ends the execution once; requires the lock.
    List<Consumer<Execution>> end(
            ExecutionStatus how,
            Instant at,
            @Nullable String endOutput,
            @Nullable String endError,
            @Nullable String endCause) {
        status = how;
        stoppedAt = at;
        output = endOutput;
        error = endError;
        cause = endCause;
        root.group.abandon();
        if (how == ExecutionStatus.SUCCEEDED) {
            root = start(parsedInput);
        }
        var listeners = List.copyOf(whenEnded);
        whenEnded.clear();
        return listeners;
    }

    /// The sequence of states of the execution itself.
    ExecutionBranch root() {
        return root;
    }

    /// Continues a failed execution; requires the lock.
    void redrive(Instant at) {
        root = root.copyInto(new BranchGroup(null));
        status = ExecutionStatus.RUNNING;
        redriveCount++;
        redrivenAt = at;
        stoppedAt = null;
        output = null;
        error = null;
        cause = null;
    }
}
