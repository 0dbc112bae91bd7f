package dev.orderflow.asdeployed;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.core.sync.RequestBody.fromString;

import dev.orderflow.defaults.text.Sha256;
import dev.orderflow.topology.Topology;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Messages that no consumer can read.
abstract class DeadLetterJourneys extends AuthorizationJourneys {

    private static final String UNDELIVERED = TOPOLOGY.undelivered().queue();
    private static final List<String> QUEUES =
            TOPOLOGY.queues().stream().map(Topology.QueueSpec::name).toList();

    /// Each consumer reads the detail of its message from S3. At first S3 denies the call, and the
    /// consumer delays the message; then the consumer cannot parse the detail.
    @Test
    void anUnreadableMessageIsDeadLetteredAndListedForTheOperator() {
        try (var sqs = administrator(SqsClient.builder());
                var s3 = administrator(S3Client.builder().forcePathStyle(true));
                var operator = operator(S3Client.builder().forcePathStyle(true))) {
            s3.putObject(it -> it.bucket(CLAIM_CHECKS).key(UNREADABLE), fromString(NONSENSE));
            system.deny(CLAIM_CHECKS, UNREADABLE);
            for (var queue : QUEUES) {
                send(sqs, queue, claimCheckOf(UNREADABLE, NONSENSE));
            }
            api.awaitTrue(
                    "each consumer delays its message",
                    () ->
                            QUEUES.stream()
                                    .allMatch(
                                            queue ->
                                                    isUsed(
                                                            "sqs:ChangeMessageVisibility",
                                                            ":" + queue)));
            system.denyNoMore(CLAIM_CHECKS);
            send(sqs, UNDELIVERED, NONSENSE);
            inParallel(
                    QUEUES,
                    queue -> {
                        awaitDeadLetters(queue + "-dlq");
                        // A redrive does not change a message, so it is dead-lettered again,
                        // and the canary fails.
                        act(queue + "-dlq", "redrive", true);
                        awaitDeadLetters(queue + "-dlq");
                        discardAndRestore(queue + "-dlq");
                    });
            awaitDeadLetters(UNDELIVERED);
            api.internal("operations-console", "/internal/operations/dead-letters");
            discardAndRestore(UNDELIVERED);
            // As the runbook looks for the object that a dead letter's reason names.
            operator.headObject(it -> it.bucket(CLAIM_CHECKS).key(UNREADABLE));
        }
    }

    private static void send(SqsClient sqs, String queue, String body) {
        var url = sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
        sqs.sendMessage(send -> send.queueUrl(url).messageBody(body));
    }

    private static String claimCheckOf(String key, String detail) {
        return """
               {"version":"0","id":"7bf73129-1428-4cd3-a780-95db273d1602","detail-type":"OrderShipped",
                "source":"orderflow.workflow","account":"%s","time":"2026-11-02T09:15:30Z",
                "region":"us-east-1","resources":[],
                "detail":{"claimCheck":{"bucket":"%s","key":"%s","bytes":%d,"sha256":"%s"}}}"""
                .formatted(
                        DeployedSystem.ACCOUNT,
                        CLAIM_CHECKS,
                        key,
                        detail.length(),
                        Sha256.hex(detail));
    }

    private static void inParallel(List<String> queues, Consumer<String> action) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(
                            queues.stream()
                                    .map(
                                            queue ->
                                                    CompletableFuture.runAsync(
                                                            () -> action.accept(queue), threads))
                                    .toArray(CompletableFuture[]::new))
                    .join();
        }
    }

    private static void awaitDeadLetters(String queue) {
        api.awaitTrue(
                queue + " has some",
                () ->
                        api.internal(
                                                "operations-console",
                                                "/internal/operations/dead-letters/" + queue)
                                        .path("messages")
                                        .size()
                                > 0);
    }

    /// Discards the messages of a dead-letter queue, restores one, and discards it again.
    private static void discardAndRestore(String queue) {
        act(queue, "discard", false);
        var discarded =
                api.internal(
                                "operations-console",
                                "/internal/operations/discarded-messages?queue=" + queue)
                        .path("messages");
        assertThat(discarded).as("discarded messages of " + queue).isNotEmpty();
        api.internal(
                "POST",
                "operations-console",
                "/internal/operations/discarded-messages/%s/%s/restoration"
                        .formatted(queue, discarded.path(0).path("messageId").asString()),
                "{\"reason\":\"a test\"}");
        awaitDeadLetters(queue);
        act(queue, "discard", false);
    }

    private static void act(String queue, String verb, boolean canary) {
        api.finish(
                api.internal(
                        "POST",
                        "operations-console",
                        "/internal/operations/dead-letters/%s/%s".formatted(queue, verb),
                        """
                        {"all":true,"force":true,"perSecond":100,"canary":%s,"reason":"a test"}"""
                                .formatted(canary)));
    }
}
