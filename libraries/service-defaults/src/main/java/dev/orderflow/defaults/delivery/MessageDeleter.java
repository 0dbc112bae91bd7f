package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.retry.RetryBackOff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;

/// Deletes handled messages immediately, so that a shutdown loses no buffered acknowledgement.
/// Deletions requested during a call of SQS share the next call.
///
/// The acknowledgement of Spring Cloud AWS is not used: it identifies the entries of a batch by
/// message id, so that SQS rejects the whole batch if one message was received twice.
final class MessageDeleter {

    private static final Logger log = LoggerFactory.getLogger(MessageDeleter.class);

    /// The limit of SQS for the entries of a call.
    private static final int LARGEST_BATCH = 10;

    private static final int ATTEMPTS = 4;
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final RetryBackOff BACK_OFF =
            RetryBackOff.doubling(Duration.ofMillis(200), Duration.ofSeconds(1));

    private final SqsAsyncClient sqs;
    private final ConcurrentMap<String, QueueDeletions> queues = new ConcurrentHashMap<>();

    MessageDeleter(SqsAsyncClient sqs) {
        this.sqs = sqs;
    }

    /// Deletes a message by the receipt handle of one of its deliveries.
    ///
    /// @return completed when SQS has deleted the message; completed exceptionally after several
    ///     failed attempts
    CompletableFuture<Void> delete(String queueUrl, String receiptHandle) {
        return queues.computeIfAbsent(queueUrl, QueueDeletions::new).add(receiptHandle);
    }

    private record Deletion(String receiptHandle, CompletableFuture<Void> deleted) {}

    /// The pending deletions of one queue. One thread at a time sends them.
    private final class QueueDeletions {

        private final String queueUrl;
        private final Queue<Deletion> pending = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean sending = new AtomicBoolean();

        QueueDeletions(String queueUrl) {
            this.queueUrl = queueUrl;
        }

        CompletableFuture<Void> add(String receiptHandle) {
            var deletion = new Deletion(receiptHandle, new CompletableFuture<>());
            pending.add(deletion);
            if (sending.compareAndSet(false, true)) {
                start();
            }
            return deletion.deleted();
        }

        /// Without a thread, the next deletion tries to start one.
        private void start() {
            try {
                Thread.ofVirtual().name("sqs-delete").start(this::sendAll);
            } catch (RuntimeException | Error failure) {
                sending.set(false);
                throw failure;
            }
        }

        private void sendAll() {
            do {
                try {
                    for (var batch = next(); !batch.isEmpty(); batch = next()) {
                        send(batch);
                    }
                } finally {
                    sending.set(false);
                }
                // A deletion that was added after the last poll relies on this thread.
            } while (!pending.isEmpty() && sending.compareAndSet(false, true));
        }

        private List<Deletion> next() {
            var batch = new ArrayList<Deletion>(LARGEST_BATCH);
            for (var one = pending.poll(); one != null; one = pending.poll()) {
                batch.add(one);
                if (batch.size() == LARGEST_BATCH) {
                    break;
                }
            }
            return batch;
        }

        private void send(List<Deletion> batch) {
            var remaining = batch;
            for (int attempt = 1; !remaining.isEmpty(); attempt++) {
                remaining = sendOnce(remaining, attempt == ATTEMPTS);
                if (!remaining.isEmpty() && !pause(BACK_OFF.delayAfter(attempt))) {
                    remaining.forEach(it -> fail(it, "interrupted"));
                    return;
                }
            }
        }

        /// @return those to retry
        private List<Deletion> sendOnce(List<Deletion> batch, boolean last) {
            var reason = "no answer";
            try {
                var answer = sqs.deleteMessageBatch(request(batch)).join();
                for (var deleted : answer.successful()) {
                    batch.get(Integer.parseInt(deleted.id())).deleted().complete(null);
                }
                for (var refused : answer.failed()) {
                    reason = refused.code();
                    if (Boolean.TRUE.equals(refused.senderFault())) {
                        fail(batch.get(Integer.parseInt(refused.id())), reason);
                    }
                }
            } catch (RuntimeException | Error failed) {
                // Whoever waits for these deletions must get a result.
                reason = FailureDescription.of(failed);
            }
            var remaining = batch.stream().filter(it -> !it.deleted().isDone()).toList();
            if (!remaining.isEmpty()) {
                log.info("DeleteMessageBatch failed for {} messages: {}", remaining.size(), reason);
            }
            if (last) {
                for (var deletion : remaining) {
                    fail(deletion, reason);
                }
                return List.of();
            }
            return remaining;
        }

        private static void fail(Deletion deletion, String reason) {
            deletion.deleted()
                    .completeExceptionally(SdkException.builder().message(reason).build());
        }

        private DeleteMessageBatchRequest request(List<Deletion> batch) {
            // The id of an entry is its index: it must be unique within the call.
            return DeleteMessageBatchRequest.builder()
                    .queueUrl(queueUrl)
                    .entries(
                            IntStream.range(0, batch.size())
                                    .mapToObj(
                                            place ->
                                                    DeleteMessageBatchRequestEntry.builder()
                                                            .id(Integer.toString(place))
                                                            .receiptHandle(
                                                                    batch.get(place)
                                                                            .receiptHandle())
                                                            .build())
                                    .toList())
                    .overrideConfiguration(override -> override.apiCallTimeout(CALL_TIMEOUT))
                    .build();
        }

        private static boolean pause(Duration duration) {
            try {
                Thread.sleep(duration);
                return true;
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
