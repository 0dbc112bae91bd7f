package dev.orderflow.notification.channel;

import dev.orderflow.notification.NotificationProperties;
import io.awspring.cloud.autoconfigure.ses.SesClientCustomizer;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/// Turns off the SDK's own retries for SES, which repeats after a time-out, and then a customer has
/// two mails; and makes it known whether a request was sent.
@Configuration(proxyBeanMethods = false)
class SesNoRetryConfiguration {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /// A request that is written to a connection which the other side has just closed is unknown,
    /// so no connection is used again: each is too old by the time of the next mail.
    private static final Duration CONNECTION_LIFETIME = Duration.ofMillis(1);

    @Bean
    SesClientCustomizer sesNoRetryCustomizer(NotificationProperties properties) {
        return client ->
                client.overrideConfiguration(
                                client.overrideConfiguration().toBuilder()
                                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                                        .apiCallTimeout(properties.timeouts().email())
                                        .build())
                        .httpClientBuilder(
                                TransmissionRecorder.recordingClient(
                                        Apache5HttpClient.builder()
                                                .connectionTimeout(CONNECT_TIMEOUT)
                                                .connectionMaxIdleTime(CONNECTION_LIFETIME)
                                                .connectionTimeToLive(CONNECTION_LIFETIME)));
    }
}
