package dev.orderflow.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

@Execution(ExecutionMode.CONCURRENT)
class FastClockQueuesTest {

    @Test
    void aLongPollReceivesAMessageWhenItsVisibilityTimeoutEndsInCloudTime() {
        try (var cloud = LocalCloud.builder().clockFactor(600).start();
                var sqs = sqs(cloud.endpoint())) {
            var queue = sqs.createQueue(create -> create.queueName("fast-clock")).queueUrl();
            sqs.sendMessage(send -> send.queueUrl(queue).messageBody("again"));
            assertThat(
                            sqs.receiveMessage(of -> of.queueUrl(queue).visibilityTimeout(120))
                                    .messages())
                    .hasSize(1);

            // In wall-clock time the message would stay invisible beyond the end of the poll.
            var again = sqs.receiveMessage(of -> of.queueUrl(queue).waitTimeSeconds(20)).messages();

            assertThat(again).hasSize(1);
        }
    }

    @Test
    void anEmptyLongPollWaitsInWallClockTime() {
        try (var cloud = LocalCloud.builder().clockFactor(60).start();
                var sqs = sqs(cloud.endpoint())) {
            var queue = sqs.createQueue(create -> create.queueName("empty")).queueUrl();

            var from = Instant.now();
            var none = sqs.receiveMessage(of -> of.queueUrl(queue).waitTimeSeconds(1)).messages();

            assertThat(none).isEmpty();
            assertThat(Duration.between(from, Instant.now())).isGreaterThan(Duration.ofMillis(900));
        }
    }

    private static SqsClient sqs(URI endpoint) {
        return SqsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("test", "test")))
                .build();
    }
}
