package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.Execution.BranchAbandonedException;
import dev.orderflow.localcloud.stepfunctions.Execution.BranchGroup;
import dev.orderflow.localcloud.stepfunctions.Execution.ExecutionBranch;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/// Where a Parallel or Map state waits for its branches: for all of them, or for the first that
/// fails. Guarded by the execution's lock.
final class BranchJoin {

    final BranchGroup group;
    private final Condition changed;
    int expected;
    private int finished;

    /// The last event of the branch that ended last, 0 before any did.
    long lastId;

    private @Nullable BranchFailure failed;

    BranchJoin(Execution x, BranchGroup group) {
        this.group = group;
        this.changed = x.condition();
    }

    /// @param how a `StateFailedException`, a full history, or an error of the interpreter itself
    record BranchFailure(ExecutionBranch branch, RuntimeException error) {

        /// Whether the failure ends the execution whatever `Catch` says.
        boolean isUncatchable() {
            return !(error instanceof StateFailedException f) || f.isFinal();
        }
    }

    /// Runs a branch that is all of its thread's work.
    void run(ExecutionBranch strand, Runnable work) {
        if (attempt(strand, work)) {
            finished();
        }
    }

    /// @return whether the work was done
    boolean attempt(ExecutionBranch strand, Runnable work) {
        try {
            work.run();
            return true;
        } catch (BranchAbandonedException e) {
            throw e;
        } catch (RuntimeException e) {
            if (failed == null) {
                failed = new BranchFailure(strand, e);
                changed.signalAll();
            }
            return false;
        }
    }

    void finished() {
        finished++;
        changed.signalAll();
    }

    /// Waits with the baton let go; when a branch fails, the others are abandoned.
    ///
    /// @return the failure, null when every branch was done
    @Nullable BranchFailure await(Execution x, ExecutionBranch parent) {
        try {
            while (failed == null && finished < expected) {
                changed.await();
            }
        } catch (InterruptedException e) {
            throw new BranchAbandonedException();
        }
        x.requireNotAbandoned(parent);
        if (failed != null) {
            group.abandon();
        } else {
            group.close();
        }
        return failed;
    }
}
