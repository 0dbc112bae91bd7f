package dev.orderflow.operations.redrive;

import dev.orderflow.defaults.problem.FailureDescription;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

/// Finds the results of redriven items, and compares them with what was predicted.
@Service
public class RedriveResultService {

    private static final Logger log = LoggerFactory.getLogger(RedriveResultService.class);

    private static final int ITEMS_PER_CHECK = 20;

    /// Also an item of which nothing can be known ends.
    private static final Duration MAX_WAIT = Duration.ofDays(7);

    /// Longer than the check of all items of one call, each of which may wait for a time-out.
    private static final Duration CHECK_LEASE = Duration.ofMinutes(2);

    private final RedriveItems items;
    private final ObjectProvider<RedriveWorker> workers;

    RedriveResultService(RedriveItems items, ObjectProvider<RedriveWorker> workers) {
        this.items = items;
        this.workers = workers;
    }

    /// Compares the result of a redrive with its plan, as far as it is known.
    public RedriveGrade grade(Redrive redrive) {
        return RedriveGrade.of(redrive.planId(), items.countResults(redrive));
    }

    /// How many items of a redrive came back.
    public int countCameBack(Redrive redrive) {
        return items.countResult(redrive.id(), ItemResult.CAME_BACK);
    }

    /// Checks the items whose next check is due. Of all instances one checks an item at a time.
    ///
    /// @return whether there may be more that are due
    boolean checkDue() {
        var due = items.takeDue(ITEMS_PER_CHECK, CHECK_LEASE);
        for (var item : due) {
            try {
                items.storeResult(item, findResult(item));
            } catch (RuntimeException failure) {
                log.info(
                        "result of {} in redrive {} not known, it is checked again: {}",
                        item.id(),
                        item.redriveId(),
                        FailureDescription.of(failure));
            }
        }
        return due.size() == ITEMS_PER_CHECK;
    }

    private ItemResult findResult(RedrivenItem item) {
        var result =
                workers.stream()
                        .filter(worker -> worker.handles(item.target()))
                        .findFirst()
                        .map(worker -> worker.findResult(item))
                        .orElse(ItemResult.WAITING);
        return result == ItemResult.WAITING
                        && item.redrivenAt().isBefore(Instant.now().minus(MAX_WAIT))
                ? ItemResult.NOT_PROCESSED
                : result;
    }
}
