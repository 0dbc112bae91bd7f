package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.Execution.BranchAbandonedException;
import dev.orderflow.localcloud.stepfunctions.Execution.BranchGroup;
import dev.orderflow.localcloud.stepfunctions.Execution.ExecutionBranch;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/// Waits for the branches of a Parallel or Map state: for all, or for the first failure. Guarded by
/// the lock of the execution.
final class BranchJoin {

    final BranchGroup group;
    private final Condition changed;
    int expected;
    private int finished;

    /// Id of the last event of the branch that ended last, 0 before any ended.
    long lastId;

    private @Nullable BranchFailure failed;

    BranchJoin(Execution execution, BranchGroup group) {
        this.group = group;
        this.changed = execution.condition();
    }

    /// @param error a `StateFailedException`, a full history, or an error of the interpreter
    record BranchFailure(ExecutionBranch branch, RuntimeException error) {

        /// Whether the failure ends the execution regardless of `Catch`.
        boolean isUncatchable() {
            return !(error instanceof StateFailedException f) || f.isFinal();
        }
    }

    /// Runs a branch as the only work of its thread.
    void run(ExecutionBranch branch, Runnable work) {
        if (attempt(branch, work)) {
            countFinished();
        }
    }

    /// @return whether the work succeeded
    boolean attempt(ExecutionBranch branch, Runnable work) {
        try {
            work.run();
            return true;
        } catch (BranchAbandonedException e) {
            throw e;
        } catch (RuntimeException e) {
            if (failed == null) {
                failed = new BranchFailure(branch, e);
                // Abandoned before the lock is released: otherwise a sibling could continue.
                group.abandon();
                changed.signalAll();
            }
            return false;
        }
    }

    void countFinished() {
        finished++;
        changed.signalAll();
    }

    /// Waits and releases the lock meanwhile; if a branch fails, the others are abandoned.
    ///
    /// @return the failure, null if every branch succeeded
    @Nullable BranchFailure await(Execution execution, ExecutionBranch parent) {
        try {
            while (failed == null && finished < expected) {
                changed.await();
            }
        } catch (InterruptedException _) {
            throw new BranchAbandonedException();
        }
        execution.requireNotAbandoned(parent);
        if (failed != null) {
            group.abandon();
        } else {
            group.close();
        }
        return failed;
    }
}
