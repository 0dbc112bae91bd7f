package dev.orderflow.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

class FastClockQueuesTest {

    @Test
    void aWaitingPollGetsTheMessageWhenItsVisibilityEndsInTheCloudsTime() {
        try (var cloud = LocalCloud.builder().clockFactor(60).start();
                var sqs = sqs(cloud.endpoint())) {
            var queue = sqs.createQueue(create -> create.queueName("hurried")).queueUrl();
            sqs.sendMessage(send -> send.queueUrl(queue).messageBody("again"));
            assertThat(
                            sqs.receiveMessage(of -> of.queueUrl(queue).visibilityTimeout(120))
                                    .messages())
                    .hasSize(1);

            var from = Instant.now();
            var again = sqs.receiveMessage(of -> of.queueUrl(queue).waitTimeSeconds(20)).messages();

            assertThat(again).hasSize(1);
            assertThat(Duration.between(from, Instant.now()))
                    .isBetween(Duration.ofMillis(500), Duration.ofSeconds(10));
        }
    }

    @Test
    void anEmptyPollWaitsOnTheWallClock() {
        try (var cloud = LocalCloud.builder().clockFactor(60).start();
                var sqs = sqs(cloud.endpoint())) {
            var queue = sqs.createQueue(create -> create.queueName("empty")).queueUrl();

            var from = Instant.now();
            var none = sqs.receiveMessage(of -> of.queueUrl(queue).waitTimeSeconds(2)).messages();

            assertThat(none).isEmpty();
            assertThat(Duration.between(from, Instant.now()))
                    .isGreaterThan(Duration.ofMillis(1_900));
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
