package dev.orderflow.outbox;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads events from the outbox into the buffer, and decides when: at once for events that this
/// instance stored, regularly for those of other instances and for scheduled events. Belongs to the
/// thread of its relay.
final class OutboxReader {

    /// How often scheduled events are looked for, and so how late they may be.
    private static final Duration DUE_CHECK_INTERVAL = Duration.ofMillis(500);

    private static final Duration FLOOR_SAMPLE_INTERVAL = Duration.ofSeconds(1);

    private final OutboxRepository repository;
    private final LeasedShards shards;
    private final EventBuffer buffer;
    private final EventParking parking;
    private final RelaySettings settings;
    private final BatchTimer batchTimer;
    private final ScanFloor floor = new ScanFloor();

    /// The shards that the floor is valid for.
    private List<Shard> scannedShards = List.of();

    /// Whether the last read filled the buffer, so that there may be more.
    private boolean hasMore;

    private long nextPoll = System.nanoTime();
    private long nextDueCheck = System.nanoTime();
    private long nextFloorSample = System.nanoTime();
    private long nextFullScan = System.nanoTime();

    /// @param fullCall the most events in a call
    OutboxReader(
            OutboxRepository repository,
            LeasedShards shards,
            EventBuffer buffer,
            EventParking parking,
            RelaySettings settings,
            int fullCall) {
        this.repository = repository;
        this.shards = shards;
        this.buffer = buffer;
        this.parking = parking;
        this.settings = settings;
        this.batchTimer = new BatchTimer(settings.batchDelay(), fullCall, System.nanoTime());
    }

    /// The first row that the next read starts from. May be called on any thread.
    long firstRow() {
        return floor.firstRow();
    }

    /// Time until the next read, in nanoseconds; not positive when it is due.
    long untilRead(long now) {
        return hasMore ? 0 : Math.min(nextPoll - now, nextDueCheck - now);
    }

    /// An event of a key was committed.
    void onStored(String key) {
        var queue = buffer.find(key);
        if (queue != null) {
            queue.isOutdated = true;
        } else if (shards.contains(Shard.of(key))) {
            readSoon();
        }
    }

    /// Parked events of some keys were put back. They have the ids they had, which may be lower
    /// than all that is read otherwise.
    void onReleased(Set<String> keys) {
        nextFullScan = System.nanoTime();
        keys.forEach(this::onStored);
    }

    private void readSoon() {
        long due = batchTimer.onStored(System.nanoTime());
        if (due - nextPoll < 0) {
            nextPoll = due;
        }
    }

    /// Reads next at a certain time, by [System#nanoTime()].
    void readAt(long time) {
        hasMore = false;
        nextPoll = time;
    }

    /// Removes a key's events from memory; those still in the outbox are read again.
    void evict(KeyQueue queue) {
        buffer.remove(queue);
        if (queue.isOutdated) {
            readSoon();
        }
    }

    /// Reads events into the buffer, if that is due and there is room.
    void readIfDue() {
        long now = System.nanoTime();
        if (!buffer.hasRoom() || untilRead(now) > 0) {
            return;
        }
        boolean isDueCheck = nextDueCheck - now <= 0;
        if (isDueCheck) {
            nextDueCheck = now + DUE_CHECK_INTERVAL.toNanos();
        }
        nextPoll = now + settings.pollInterval().toNanos();
        var readable = shards.readable(now);
        if (readable.isEmpty()) {
            hasMore = false;
            return;
        }
        if (!readable.equals(scannedShards)) {
            floor.reset();
            scannedShards = readable;
        }
        if (isDueCheck) {
            repository.moveDue(readable);
        }
        read(now);
    }

    private void read(long now) {
        raiseFloor(now);
        boolean isFullScan = nextFullScan - now <= 0;
        long from = isFullScan ? ScanFloor.START : floor.firstRow();
        var found =
                repository.findOldest(
                        scannedShards,
                        buffer.keys(),
                        from,
                        buffer.room(),
                        EventBuffer.MAX_READ_BYTES);
        if (isFullScan) {
            nextFullScan = now + settings.fullScanInterval().toNanos();
        }
        found.events().forEach(event -> floor.include(event.rowId()));
        batchTimer.onRead(found.events().size(), now);
        hasMore = found.hasMore();
        bufferOrPark(found.events());
        if (isFullScan) {
            repository.deleteObsoleteRetries();
        }
    }

    private void raiseFloor(long now) {
        if (nextFloorSample - now <= 0) {
            floor.raise(repository.sampleFloor(scannedShards, floor.firstRow()));
            nextFloorSample = now + FLOOR_SAMPLE_INTERVAL.toNanos();
        }
    }

    /// An event behind one that is parked here is left for the next read, which finds it behind a
    /// parked one.
    private void bufferOrPark(List<PendingEvent> events) {
        var keysWithObstacle = new HashSet<String>();
        for (var event : events) {
            long token = shards.tokenOf(event.shard());
            var unreadable = event.unreadable();
            if (unreadable != null) {
                keysWithObstacle.add(event.key());
                parking.park(event, token, event.attempts(), FailurePolicy.toPrintable(unreadable));
            } else if (event.isBehindParked()) {
                parking.parkBehind(event, token);
            } else if (!keysWithObstacle.contains(event.key())) {
                buffer.add(event, token);
            }
        }
    }
}
