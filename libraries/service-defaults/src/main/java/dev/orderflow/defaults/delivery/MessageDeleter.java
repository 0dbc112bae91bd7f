package dev.orderflow.defaults.delivery;

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

/// Deletes messages that were handled, at once: nothing is buffered that a stop could lose. What
/// becomes due while a call is under way goes together into the next one.
///
/// Spring Cloud AWS's own acknowledgement is not used: it names the entries of a batch by message
/// id, so that SQS refuses a whole batch in which one message was received twice.
final class MessageDeleter {

    private static final Logger log = LoggerFactory.getLogger(MessageDeleter.class);

    /// SQS's limit of entries.
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

    /// Deletes a message by the receipt of one of its deliveries.
    ///
    /// @return completed when SQS has deleted it, or exceptionally when it did not after several
    ///     attempts
    CompletableFuture<Void> delete(String queueUrl, String receiptHandle) {
        return queues.computeIfAbsent(queueUrl, QueueDeletions::new).add(receiptHandle);
    }

    private record Deletion(String receiptHandle, CompletableFuture<Void> deleted) {}

    /// What is to be deleted of one queue. One thread at a time sends it.
    private final class QueueDeletions {

        private final String queueUrl;
        private final Queue<Deletion> due = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean sending = new AtomicBoolean();

        QueueDeletions(String queueUrl) {
            this.queueUrl = queueUrl;
        }

        CompletableFuture<Void> add(String receiptHandle) {
            var deletion = new Deletion(receiptHandle, new CompletableFuture<>());
            due.add(deletion);
            if (sending.compareAndSet(false, true)) {
                Thread.ofVirtual().name("sqs-delete").start(this::sendAll);
            }
            return deletion.deleted();
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
                // One that came after the last look found a sender at work and relies on it.
            } while (!due.isEmpty() && sending.compareAndSet(false, true));
        }

        private List<Deletion> next() {
            var batch = new ArrayList<Deletion>(LARGEST_BATCH);
            for (var one = due.poll(); one != null; one = due.poll()) {
                batch.add(one);
                if (batch.size() == LARGEST_BATCH) {
                    break;
                }
            }
            return batch;
        }

        private void send(List<Deletion> batch) {
            var left = batch;
            for (int attempt = 1; !left.isEmpty(); attempt++) {
                left = sendOnce(left, attempt == ATTEMPTS);
                if (!left.isEmpty() && !pause(BACK_OFF.delayAfter(attempt))) {
                    left.forEach(it -> fail(it, "interrupted"));
                    return;
                }
            }
        }

        /// @return those that are worth another attempt
        private List<Deletion> sendOnce(List<Deletion> batch, boolean last) {
            var why = "no answer";
            try {
                var answer = sqs.deleteMessageBatch(request(batch)).join();
                for (var deleted : answer.successful()) {
                    batch.get(Integer.parseInt(deleted.id())).deleted().complete(null);
                }
                for (var refused : answer.failed()) {
                    why = refused.code();
                    if (Boolean.TRUE.equals(refused.senderFault())) {
                        fail(batch.get(Integer.parseInt(refused.id())), why);
                    }
                }
            } catch (RuntimeException failed) {
                why = FailureSummary.of(failed);
            }
            var left = batch.stream().filter(it -> !it.deleted().isDone()).toList();
            if (!left.isEmpty()) {
                log.info("{} messages are not deleted yet: {}", left.size(), why);
            }
            if (last) {
                for (var deletion : left) {
                    fail(deletion, why);
                }
                return List.of();
            }
            return left;
        }

        private static void fail(Deletion deletion, String why) {
            deletion.deleted().completeExceptionally(SdkException.builder().message(why).build());
        }

        private DeleteMessageBatchRequest request(List<Deletion> batch) {
            // An entry's id is its place: it only has to be unique within the call.
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
