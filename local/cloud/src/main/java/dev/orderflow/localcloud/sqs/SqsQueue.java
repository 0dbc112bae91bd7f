package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.sqs.SqsMessage.SqsMessageContent;
import dev.orderflow.localcloud.time.CloudClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One queue and its messages.
///
/// A standard queue returns messages in the order they became visible. A FIFO queue returns them in
/// the order they were sent, and none of a message group while an earlier message of the group is
/// in flight.
final class SqsQueue {

    private static final Duration DEDUPLICATION = Duration.ofMinutes(5);
    private static final Duration BETWEEN_PURGES = Duration.ofSeconds(60);

    /// Messages with at least this many receives do not count for the age of the oldest
    /// (docs.aws.amazon.com/AWSSimpleQueueService/…/sqs-available-cloudwatch-metrics.html).
    private static final int RECEIVES_WITHOUT_AGE = 3;

    private static final Comparator<SqsMessage> BY_VISIBLE_FROM =
            Comparator.<SqsMessage>comparingLong(message -> message.visibleFrom)
                    .thenComparingLong(message -> message.sequence);

    private final CloudClock clock;
    private final String name;
    private final String arn;
    private final boolean fifo;
    private final long createdSeconds;
    private long modifiedSeconds;
    private Map<String, String> attributes;
    private final Map<String, String> tags = new TreeMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, SqsMessage> messages = new HashMap<>();
    private final TreeSet<SqsMessage> order;
    private final Map<String, SendReceipt> deduplicated = new LinkedHashMap<>();
    private final ReceiveAttempts attempts = new ReceiveAttempts();
    private final AtomicLong sequence = new AtomicLong();
    private long purgedMillis = Long.MIN_VALUE;
    private boolean closed;

    final LongAdder sent = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder deleted = new LongAdder();
    final LongAdder emptyReceives = new LongAdder();

    /// @param sequenceNumber for FIFO queues
    record SendReceipt(String messageId, @Nullable String sequenceNumber, long untilMillis) {}

    /// @param messages received messages, in order, each with a new receipt
    /// @param exhausted messages that exceeded the maximum receive count; already removed from the
    ///     queue
    record ReceiveResult(List<SqsMessage> messages, List<SqsMessage> exhausted) {}

    /// @param ageSeconds age of the oldest message with fewer than three receives, 0 when there is
    ///     none
    record SqsQueueDepth(int visible, int inFlight, int delayed, long ageSeconds) {}

    SqsQueue(CloudClock clock, String name, String arn, Map<String, String> attributes) {
        this.clock = clock;
        this.name = name;
        this.arn = arn;
        this.fifo = isFifo(name);
        this.order =
                new TreeSet<>(
                        fifo
                                ? Comparator.comparingLong(message -> message.sequence)
                                : BY_VISIBLE_FROM);
        this.createdSeconds = clock.millis() / 1000;
        this.modifiedSeconds = createdSeconds;
        this.attributes = SqsQueueAttributes.defaults(fifo);
        applyAttributes(attributes);
    }

    static boolean isFifo(String name) {
        return name.endsWith(".fifo");
    }

    String name() {
        return name;
    }

    String arn() {
        return arn;
    }

    boolean fifo() {
        return fifo;
    }

    Map<String, String> tags() {
        return Collections.synchronizedMap(tags);
    }

    @Nullable String attribute(String attribute) {
        lock.lock();
        try {
            return attributes.get(attribute);
        } finally {
            lock.unlock();
        }
    }

    SqsQueueAttributes.@Nullable RedrivePolicy redrive() {
        return SqsQueueAttributes.redrive(attribute(SqsQueueAttributes.REDRIVE));
    }

    private int number(String attribute) {
        return Integer.parseInt(attributes.getOrDefault(attribute, "0"));
    }

    private void applyAttributes(Map<String, String> changes) {
        var kept = new LinkedHashMap<>(attributes);
        changes.forEach(
                (attribute, value) -> {
                    if (value.isEmpty()) {
                        kept.remove(attribute);
                        if (attribute.equals(SqsQueueAttributes.KMS_KEY)) {
                            kept.remove(SqsQueueAttributes.KMS_REUSE);
                        }
                    } else {
                        kept.put(attribute, value);
                    }
                });
        if ("true".equals(changes.get(SqsQueueAttributes.MANAGED_ENCRYPTION))) {
            kept.remove(SqsQueueAttributes.KMS_KEY);
            kept.remove(SqsQueueAttributes.KMS_REUSE);
        }
        attributes = kept;
    }

    void updateAttributes(Map<String, String> changes) {
        lock.lock();
        try {
            applyAttributes(changes);
            modifiedSeconds = clock.millis() / 1000;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// All attributes, including the read-only ones.
    Map<String, String> describe() {
        lock.lock();
        try {
            var depth = depth();
            var all = new LinkedHashMap<>(attributes);
            all.put("ApproximateNumberOfMessages", Integer.toString(depth.visible()));
            all.put("ApproximateNumberOfMessagesNotVisible", Integer.toString(depth.inFlight()));
            all.put("ApproximateNumberOfMessagesDelayed", Integer.toString(depth.delayed()));
            all.put("CreatedTimestamp", Long.toString(createdSeconds));
            all.put("LastModifiedTimestamp", Long.toString(modifiedSeconds));
            all.put("QueueArn", arn);
            return all;
        } finally {
            lock.unlock();
        }
    }

    SqsQueueDepth depth() {
        lock.lock();
        try {
            long now = clock.millis();
            removeExpired(now);
            int visible = 0;
            int inFlight = 0;
            int delayed = 0;
            long oldest = now;
            for (var message : order) {
                if (message.isVisible(now)) {
                    visible++;
                } else if (message.isInFlight(now)) {
                    inFlight++;
                } else {
                    delayed++;
                }
                if (message.receiveCount < RECEIVES_WITHOUT_AGE) {
                    oldest = Math.min(oldest, message.sentMillis);
                }
            }
            return new SqsQueueDepth(visible, inFlight, delayed, (now - oldest) / 1000);
        } finally {
            lock.unlock();
        }
    }

    /// @param delaySeconds delay of the message, or null for the queue's default
    SendReceipt send(SqsMessageContent content, @Nullable Integer delaySeconds) {
        lock.lock();
        try {
            long now = clock.millis();
            var deduplication = deduplicationKey(content);
            if (deduplication != null) {
                deduplicated.values().removeIf(earlier -> earlier.untilMillis() <= now);
                var earlier = deduplicated.get(deduplication);
                if (earlier != null) {
                    return earlier;
                }
            }
            long place = sequence.incrementAndGet();
            long delay =
                    1000L
                            * (delaySeconds == null
                                    ? number(SqsQueueAttributes.DELAY)
                                    : delaySeconds);
            var message =
                    new SqsMessage(
                            UUID.randomUUID().toString(), content, place, now, now + delay, null);
            add(message);
            sent.increment();
            var receipt =
                    new SendReceipt(
                            message.id,
                            fifo ? sequenceNumber(message) : null,
                            now + DEDUPLICATION.toMillis());
            if (deduplication != null) {
                deduplicated.put(deduplication, receipt);
            }
            return receipt;
        } finally {
            lock.unlock();
        }
    }

    /// Adds a message that its source queue dead-lettered. A standard queue keeps its id and age.
    void addDeadLetter(SqsMessage given, String sourceArn) {
        lock.lock();
        try {
            long now = clock.millis();
            var message =
                    new SqsMessage(
                            given.id,
                            given.content,
                            sequence.incrementAndGet(),
                            fifo ? now : given.sentMillis,
                            now,
                            sourceArn);
            message.receiveCount = given.receiveCount;
            message.firstReceivedMillis = given.firstReceivedMillis;
            add(message);
        } finally {
            lock.unlock();
        }
    }

    private void add(SqsMessage message) {
        messages.put(message.id, message);
        order.add(message);
        changed.signalAll();
    }

    private void remove(SqsMessage message) {
        order.remove(message);
        messages.remove(message.id);
    }

    private void setVisibleFrom(SqsMessage message, long until) {
        // Re-inserted, because the order depends on visibleFrom.
        order.remove(message);
        message.visibleFrom = until;
        order.add(message);
    }

    private @Nullable String deduplicationKey(SqsMessageContent content) {
        if (!fifo) {
            return null;
        }
        var key =
                content.deduplicationId() == null
                        ? SqsMessageAttributes.sha256(content.body())
                        : content.deduplicationId();
        return "messageGroup".equals(attributes.get(SqsQueueAttributes.DEDUPLICATION_SCOPE))
                ? content.groupId() + "\n" + key
                : key;
    }

    static String sequenceNumber(SqsMessage message) {
        return "%020d".formatted(18_000_000_000_000_000L + message.sequence * 256);
    }

    /// Waits, in wall-clock time, until a message is available, a message exceeded its maximum
    /// receive count, or the wait ends.
    ///
    /// @param visibilitySeconds null for the queue's visibility time-out
    /// @param attemptId for FIFO queues: the same id within five minutes returns the same messages
    ///     with the same receipts, unless one of them was changed meanwhile
    /// @param deadlineNanos deadline as [System#nanoTime()]
    ReceiveResult receive(
            int most,
            @Nullable Integer visibilitySeconds,
            @Nullable String attemptId,
            long deadlineNanos) {
        lock.lock();
        try {
            var repeated = repeat(attemptId, visibilitySeconds);
            if (!repeated.isEmpty()) {
                return new ReceiveResult(repeated, List.of());
            }
            while (true) {
                var found = takeVisible(most, visibilitySeconds);
                long left = deadlineNanos - System.nanoTime();
                if (!found.messages().isEmpty()
                        || !found.exhausted().isEmpty()
                        || left <= 0
                        || closed) {
                    received.add(found.messages().size());
                    attempts.remember(attemptId, found.messages(), clock.millis());
                    return found;
                }
                var _ = changed.awaitNanos(Math.min(left, nanosToNextVisible()));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new ReceiveResult(List.of(), List.of());
        } finally {
            lock.unlock();
        }
    }

    private List<SqsMessage> repeat(
            @Nullable String attemptId, @Nullable Integer visibilitySeconds) {
        long now = clock.millis();
        var repeated = attempts.find(attemptId, now, it -> messages.get(it.id) == it);
        long until = visibleAgain(now, visibilitySeconds);
        repeated.forEach(message -> setVisibleFrom(message, until));
        if (attemptId != null && !repeated.isEmpty()) {
            attempts.renew(attemptId, repeated);
        }
        return repeated;
    }

    private long visibleAgain(long now, @Nullable Integer visibilitySeconds) {
        return now
                + 1000L
                        * (visibilitySeconds == null
                                ? number(SqsQueueAttributes.VISIBILITY)
                                : visibilitySeconds);
    }

    private long nanosToNextVisible() {
        long now = clock.millis();
        long next =
                order.stream()
                        .mapToLong(message -> message.visibleFrom)
                        .filter(from -> from > now)
                        .min()
                        .orElse(now + TimeUnit.DAYS.toMillis(1));
        return clock.toWallTime(Duration.ofMillis(next - now)).toNanos();
    }

    private ReceiveResult takeVisible(int most, @Nullable Integer visibilitySeconds) {
        long now = clock.millis();
        removeExpired(now);
        long until = visibleAgain(now, visibilitySeconds);
        var redrive = SqsQueueAttributes.redrive(attributes.get(SqsQueueAttributes.REDRIVE));
        var taken = new ArrayList<SqsMessage>();
        var exhausted = new ArrayList<SqsMessage>();
        for (var message : findAvailable(now, most, redrive)) {
            if (redrive != null && message.receivesHere >= redrive.maxReceiveCount()) {
                remove(message);
                exhausted.add(message);
                continue;
            }
            message.receiveCount++;
            message.receivesHere++;
            message.lastReceivedMillis = now;
            if (message.firstReceivedMillis == 0) {
                message.firstReceivedMillis = now;
            }
            message.receipt = UUID.randomUUID().toString();
            setVisibleFrom(message, until);
            taken.add(message);
        }
        return new ReceiveResult(taken, exhausted);
    }

    /// Up to `most` messages to return, and those found on the way that exceeded the maximum
    /// receive count.
    private List<SqsMessage> findAvailable(
            long now, int most, SqsQueueAttributes.@Nullable RedrivePolicy redrive) {
        var found = new ArrayList<SqsMessage>();
        int handedOut = 0;
        Set<String> blocked = new HashSet<>();
        if (fifo) {
            for (var message : order) {
                if (message.isInFlight(now)) {
                    blocked.add(String.valueOf(message.content.groupId()));
                }
            }
        }
        for (var message : order) {
            if (handedOut == most || !fifo && !message.isVisible(now)) {
                break;
            }
            if (fifo) {
                var group = String.valueOf(message.content.groupId());
                if (blocked.contains(group)) {
                    continue;
                }
                if (!message.isVisible(now)) {
                    blocked.add(group);
                    continue;
                }
            }
            found.add(message);
            if (redrive == null || message.receivesHere < redrive.maxReceiveCount()) {
                handedOut++;
            }
        }
        return found;
    }

    private void removeExpired(long now) {
        long oldest = now - 1000L * number(SqsQueueAttributes.RETENTION);
        var expired = order.stream().filter(message -> message.sentMillis < oldest).toList();
        expired.forEach(this::remove);
    }

    /// The receipt handle of a received message.
    String receiptHandle(SqsMessage message) {
        return ReceiptHandle.encode(message, arn);
    }

    /// Deletes a message. Succeeds if the message is already deleted, and for a standard queue also
    /// without effect if the message was received again since (API reference, `DeleteMessage`).
    void delete(String receiptHandle) {
        lock.lock();
        try {
            var handle = ReceiptHandle.parse(receiptHandle, arn);
            var message = messages.get(handle.messageId());
            if (message == null) {
                return;
            }
            if (fifo) {
                requireInFlight(message, handle, receiptHandle);
            } else if (!message.receipt.equals(handle.receipt())) {
                return;
            }
            remove(message);
            deleted.increment();
            // The next message of its group is now available.
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void requireInFlight(SqsMessage message, ReceiptHandle handle, String receiptHandle) {
        if (!message.receipt.equals(handle.receipt()) || !message.isInFlight(clock.millis())) {
            throw SqsErrors.invalidParameter(
                    "ReceiptHandle", receiptHandle, "The receipt handle has expired.");
        }
    }

    /// Changes the visibility time-out of a message in flight. Without effect on a message of a
    /// standard queue that was received again since.
    void changeVisibility(String receiptHandle, int seconds) {
        lock.lock();
        try {
            var handle = ReceiptHandle.parse(receiptHandle, arn);
            var message = messages.get(handle.messageId());
            long now = clock.millis();
            if (message == null) {
                throw SqsErrors.invalidParameter(
                        "ReceiptHandle",
                        receiptHandle,
                        "Message does not exist or is not available for visibility timeout change.");
            }
            if (fifo) {
                requireInFlight(message, handle, receiptHandle);
            }
            if (!message.isInFlight(now)) {
                throw SqsErrors.named(
                        "MessageNotInflight", "The specified message isn't in flight.");
            }
            if (!message.receipt.equals(handle.receipt())) {
                return;
            }
            if ((now - message.lastReceivedMillis) / 1000 + seconds
                    > SqsQueueAttributes.LONGEST_INVISIBILITY) {
                throw SqsErrors.invalidParameter(
                        "VisibilityTimeout",
                        seconds,
                        "Total VisibilityTimeout for the message is beyond the limit [43200 seconds].");
            }
            setVisibleFrom(message, now + 1000L * seconds);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void purge() {
        lock.lock();
        try {
            long now = clock.millis();
            if (purgedMillis > now - BETWEEN_PURGES.toMillis()) {
                throw SqsErrors.named(
                        "PurgeQueueInProgress",
                        "Only one PurgeQueue operation on %s is allowed every 60 seconds."
                                .formatted(name));
            }
            purgedMillis = now;
            messages.clear();
            order.clear();
        } finally {
            lock.unlock();
        }
    }

    /// Removes and returns the visible message that has waited longest.
    Optional<SqsMessage> pollVisible() {
        lock.lock();
        try {
            long now = clock.millis();
            removeExpired(now);
            var first = findAvailable(now, 1, null).stream().findFirst();
            first.ifPresent(this::remove);
            return first;
        } finally {
            lock.unlock();
        }
    }

    /// Restores a message that [#pollVisible()] removed.
    void restore(SqsMessage message) {
        lock.lock();
        try {
            add(message);
        } finally {
            lock.unlock();
        }
    }

    /// Ends current and future waits with an empty result.
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
