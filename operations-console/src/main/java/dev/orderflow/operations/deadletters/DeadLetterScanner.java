package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.operations.redrive.RedriveService;
import dev.orderflow.operations.services.AwsFailureDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;

/// Reads the dead-letter queues into the [DeadLetterIndex]. Of all instances, one at a time scans a
/// queue, and none while a redrive works on it. A paused redrive holds no message.
///
/// While a queue is scanned, its messages are in flight. The alarms count them too, so a scan never
/// ends an alarm.
@Component
public class DeadLetterScanner {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterScanner.class);

    /// Longer than any scan.
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final DeadLetterQueues queues;
    private final DeadLetterProperties properties;
    private final DeadLetterIndex index;
    private final RedriveService redrives;
    private final UUID instanceId = UUID.randomUUID();

    DeadLetterScanner(
            DeadLetterQueues queues,
            DeadLetterProperties properties,
            DeadLetterIndex index,
            RedriveService redrives) {
        this.queues = queues;
        this.properties = properties;
        this.index = index;
        this.redrives = redrives;
    }

    /// Scans every queue whose number of messages changed, or whose last scan is long ago.
    public void scanChanged() {
        scanAll(false);
    }

    /// Scans every queue now, unless another instance does.
    public void scanAll() {
        scanAll(true);
    }

    /// Whether the index has what every queue has: its last scan read all of it, and the next one
    /// is not overdue.
    public boolean isEverythingScanned() {
        var scanned = new HashSet<String>();
        index.scans().stream()
                .filter(scan -> scan.completeAt().isPresent() && scan.problem().isEmpty())
                .forEach(scan -> scanned.add(scan.queue()));
        return scanned.containsAll(properties.deadLetterQueues().keySet());
    }

    private void scanAll(boolean always) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var queue : properties.deadLetterQueues().keySet()) {
                threads.execute(() -> scan(queue, always));
            }
        }
    }

    private void scan(String queue, boolean always) {
        try {
            if (redrives.isRunning(queue)) {
                return;
            }
            var lease = index.acquireLease(queue, instanceId, LEASE);
            if (lease.isPresent()) {
                scan(queue, lease.get(), always);
            }
        } catch (RuntimeException failure) {
            log.warn(
                    "dead-letter queue {} not scanned, retrying in the next round: {}",
                    queue,
                    FailureDescription.of(failure));
        }
    }

    private void scan(String queue, DeadLetterIndex.ScanLease lease, boolean always) {
        try {
            var depth = queues.depth(queue);
            if (!always && !lease.due() && depth.total() == lease.messages()) {
                index.releaseLease(queue, instanceId);
                return;
            }
            var started = Instant.now();
            var seen = readAll(queue, depth, lease.startedAt());
            // Messages in flight elsewhere were not seen and are still in the queue.
            boolean complete = seen.complete() && seen.messages() >= depth.total();
            if (complete) {
                index.deleteUnseen(queue, lease.startedAt());
            }
            // A large queue is scanned less often, so that scans are a small part of the time.
            var next = Duration.between(started, Instant.now()).multipliedBy(10);
            index.endScan(
                    queue,
                    instanceId,
                    lease.startedAt(),
                    new DeadLetterIndex.ScanEnd(complete, seen.messages(), Optional.empty()),
                    next.compareTo(properties.maxScanAge()) > 0 ? next : properties.maxScanAge());
        } catch (SdkException failure) {
            endFailedScan(queue, lease, AwsFailureDescription.describe("SQS", failure));
        } catch (RuntimeException failure) {
            endFailedScan(queue, lease, FailureDescription.of(failure));
        }
    }

    private void endFailedScan(String queue, DeadLetterIndex.ScanLease lease, String problem) {
        log.warn("dead-letter queue {} not scanned: {}", queue, problem);
        index.endScan(
                queue,
                instanceId,
                lease.startedAt(),
                DeadLetterIndex.ScanEnd.failed(problem),
                Duration.ZERO);
    }

    private DeadLetterQueues.ScanResult readAll(
            String queue, DeadLetterQueues.QueueDepth depth, Instant seenAt) {
        return depth.total() == 0
                ? new DeadLetterQueues.ScanResult(0, true)
                : queues.scan(
                        queue,
                        depth.total(),
                        letters ->
                                index.store(
                                        queue,
                                        letters,
                                        it -> it.consumer().map(properties::queueOf),
                                        seenAt));
    }
}
