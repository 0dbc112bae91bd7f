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
/// Its lock is the baton of its branches: a branch holds it while it computes and lets go of it
/// only to wait or to call out ([#callUnlocked]). So at any moment one branch runs, and the history
/// is one sequence.
final class Execution {

    /// As `DescribeExecution` names it.
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

    /// AWS keeps an execution that failed redrivable for so long.
    static final Duration REDRIVABLE_FOR = Duration.ofDays(14);

    /// This thread's work is no longer wanted: the execution ended, or a sibling branch failed.
    static final class BranchAbandonedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BranchAbandonedException() {
            super("abandoned", null, false, false);
        }
    }

    /// Where a branch is, which is where a redrive takes it up again.
    static final class BranchPosition {
        String state;
        JsonNode input;
        long enteredId;
        Map<String, JsonNode> variables;

        /// What the branches or iterations of this state did, by index.
        Map<Integer, ChildBranch> children = new HashMap<>();

        BranchPosition(String state, JsonNode input, Map<String, JsonNode> variables) {
            this.state = state;
            this.input = input;
            this.variables = variables;
        }
    }

    /// A branch or iteration: its output once it is done, and its position until then.
    record ChildBranch(@Nullable JsonNode output, ExecutionBranch branch) {}

    /// A line of states that follow each other: the execution itself, a branch, an iteration.
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

        /// The same place in the workflow, for another run of it. A new object, so that a thread
        /// of the earlier run that still waits for an answer finds itself unwanted.
        ExecutionBranch copyInto(BranchGroup other) {
            var strand = new ExecutionBranch(flow, position, last, mapItem, other);
            strand.open = open;
            return strand;
        }
    }

    /// Threads that stand and fall together: a run of the execution, or the branches of one state.
    static final class BranchGroup {
        private final @Nullable BranchGroup parent;
        private final Set<BranchGroup> inner = new HashSet<>();
        private final Set<Thread> threads = new HashSet<>();
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

        /// Its work is no longer wanted: each thread sees so at its next step, a waiting one at
        /// once.
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

        /// Its work is done.
        void close() {
            if (parent != null) {
                parent.inner.remove(this);
            }
        }
    }

    final String arn;
    final String name;

    /// The version it runs, and the alias it was started by.
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

    /// The beginning of the workflow. One that has succeeded is put back there, for it is never
    /// redriven and what it passed through need not be kept.
    private ExecutionBranch start(JsonNode from) {
        return new ExecutionBranch(
                definition.flow(),
                new BranchPosition(definition.flow().startAt(), from, new HashMap<>()),
                0,
                null,
                new BranchGroup(null));
    }

    /// Everything about the execution that callers may see, at one moment.
    record ExecutionView(
            ExecutionStatus status,
            @Nullable Instant stoppedAt,
            @Nullable Instant redrivenAt,
            int redriveCount,
            @Nullable String output,
            @Nullable String error,
            @Nullable String cause) {}

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

    /// Waits for so long of the cloud's time, with the baton let go.
    ///
    /// @throws Abandoned when the wait is no longer wanted
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
        } catch (InterruptedException e) {
            throw new BranchAbandonedException();
        }
    }

    /// A condition to wait on with the baton let go.
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

    /// @throws Abandoned when this strand should not go on
    void requireNotAbandoned(ExecutionBranch strand) {
        if (status != ExecutionStatus.RUNNING || strand.group.isAbandoned()) {
            throw new BranchAbandonedException();
        }
    }

    /// Runs a call that may take long with the baton let go.
    <T> T callUnlocked(ExecutionBranch strand, Supplier<T> call) {
        lock.unlock();
        T result;
        try {
            result = call.get();
        } finally {
            lock.lock();
        }
        requireNotAbandoned(strand);
        return result;
    }

    /// Starts a thread of this execution, which begins with the baton in hand.
    void start(BranchGroup group, Runnable work) {
        Thread thread =
                Thread.ofVirtual()
                        .name("execution-" + name)
                        .unstarted(() -> withLock(() -> runIn(group, work)));
        group.threads.add(thread);
        thread.start();
    }

    private static void runIn(BranchGroup group, Runnable work) {
        try {
            work.run();
        } catch (BranchAbandonedException _) {
            // Its result is not wanted any more.
        } finally {
            group.threads.remove(Thread.currentThread());
        }
    }

    /// Has `listener` called once the execution has ended, at once when it has already.
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

    /// Ends the execution; with the baton in hand, and once.
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

    /// The line of states that the execution itself is.
    ExecutionBranch root() {
        return root;
    }

    /// Takes the execution up again after it failed; with the baton in hand.
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
