package dev.orderflow.notification.channel;

import dev.orderflow.notification.NotificationProperties;
import io.awspring.cloud.autoconfigure.ses.SesClientCustomizer;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/// Configures the SES client to send each request once. The SDK would retry after a time-out, and
/// the customer would receive two e-mails. The HTTP client also records whether a request was sent.
@Configuration(proxyBeanMethods = false)
class SesNoRetryConfiguration {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /// If the server has just closed a reused connection, it is unknown whether it received the
    /// request. So no connection is reused: each is too old by the time of the next e-mail.
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
