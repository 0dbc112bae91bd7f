package dev.orderflow.outbox;

import org.jspecify.annotations.Nullable;

/// The first row of the outbox that a relay must read.
///
/// Rows below it are published and deleted. While a transaction elsewhere keeps an old snapshot,
/// vacuum cannot remove them, and reading from the start would pass over all of them with each
/// poll.
///
/// Ids are drawn before the commit, so a row with a lower id may become visible after one with a
/// higher id. Therefore the floor rises only to ids of which all transactions have ended: first the
/// highest id that was seen is noted together with the next transaction id; once no older
/// transaction is open, every row up to that id that will ever exist is visible, and the floor
/// rises to the first that still exists.
///
/// PostgreSQL draws an id a moment before it assigns a transaction id to a transaction that has not
/// written anything yet. A row that is missed because of that, and rows that are released from the
/// parked ones under their old ids, are found by the relay's full scans, which lower the floor.
final class ScanFloor {

    /// Before every row.
    static final long START = Long.MIN_VALUE;

    private record Candidate(long highestId, long nextTransaction) {}

    /// Written by the relay alone; volatile for tests and logs.
    private volatile long firstRow = START;
    private long highestSeen = START;
    private @Nullable Candidate candidate;

    /// The first row to read.
    long firstRow() {
        return firstRow;
    }

    /// A row was read.
    void include(long rowId) {
        highestSeen = Math.max(highestSeen, rowId);
        firstRow = Math.min(firstRow, rowId);
    }

    /// Other shards are read from now on, of which nothing is known.
    void reset() {
        firstRow = START;
        candidate = null;
    }

    /// Raises the floor if the sample allows it.
    ///
    /// @param sample taken from [#firstRow], and after every row in [#include] was read
    void raise(OutboxRepository.FloorSample sample) {
        var earlier = candidate;
        if (earlier != null && sample.oldestTransaction() >= earlier.nextTransaction()) {
            long bound = earlier.highestId() + 1;
            var lowest = sample.lowestId();
            firstRow = Math.max(firstRow, lowest == null ? bound : Math.min(lowest, bound));
            candidate = null;
        }
        if (candidate == null && highestSeen > START && highestSeen >= firstRow) {
            candidate = new Candidate(highestSeen, sample.nextTransaction());
        }
    }
}
