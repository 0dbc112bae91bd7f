package dev.orderflow.sandboxes.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.payment.operation.PaymentProperties;
import dev.orderflow.topology.Topology;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.StandardEnvironment;
import tools.jackson.databind.json.JsonMapper;

/// Compares the margin of payment-service with the retries of the workflow.
class AuthorizationMarginTest {

    /// The time in which an operator can fix a failed capture.
    private static final Duration A_NIGHT = Duration.ofHours(12);

    @Test
    void theMarginOfAnAuthorizationAtDispatchCoversAllRetriesOfTheCaptureAndANight() {
        var capture =
                JsonMapper.shared()
                        .readTree(Topology.load().workflowDefinition())
                        .path("States")
                        .path("CapturePayment");
        var retry = capture.path("Retry").get(1);
        int attempts = retry.path("MaxAttempts").intValue();
        double wait = retry.path("IntervalSeconds").intValue();
        long seconds = (attempts + 1L) * capture.path("TimeoutSeconds").intValue();
        for (int attempt = 0; attempt < attempts; attempt++) {
            seconds += (long) Math.min(wait, retry.path("MaxDelaySeconds").intValue());
            wait *= retry.path("BackoffRate").doubleValue();
        }
        var margin =
                Binder.get(new StandardEnvironment())
                        .bindOrCreate("orderflow.payment", PaymentProperties.class)
                        .authorizationMargin();
        assertThat(attempts).isEqualTo(24);
        assertThat(margin).isGreaterThan(Duration.ofSeconds(seconds).plus(A_NIGHT));
    }
}
