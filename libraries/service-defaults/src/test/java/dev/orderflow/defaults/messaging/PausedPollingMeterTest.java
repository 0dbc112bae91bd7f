package dev.orderflow.defaults.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.delivery.PollingGate;
import io.awspring.cloud.autoconfigure.sqs.SqsProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

class PausedPollingMeterTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Set<String> paused = new TreeSet<>();

    @Test
    void theMeterOfAQueueIsOneWhileAnyGatePausesIt() {
        try (var sqs =
                SqsAsyncClient.builder()
                        .region(Region.US_EAST_1)
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .build()) {
            var factory =
                    new GatedContainerFactory(
                            () -> sqs,
                            new SqsProperties(),
                            () -> List.of(new FixedGate(Set.of()), new FixedGate(paused)),
                            meters);
            factory.createContainer("orders");
            factory.createContainer("https://sqs.us-east-1.amazonaws.com/000000000000/refunds");

            assertThat(paused("orders")).isZero();
            paused.add("orders");
            assertThat(paused("orders")).isEqualTo(1);
            assertThat(paused("refunds")).isZero();
            paused.clear();
            assertThat(paused("orders")).isZero();
        }
    }

    private double paused(String queue) {
        return meters.get("polling.paused").tag("queue", queue).gauge().value();
    }

    private record FixedGate(Set<String> paused) implements PollingGate {

        @Override
        public int grant(String queue, int requested, int inFlight) {
            return requested;
        }

        @Override
        public boolean isPaused(String queue) {
            return paused.contains(queue);
        }
    }
}
