package dev.orderflow.notification.channel;

import io.awspring.cloud.autoconfigure.ses.SesClientCustomizer;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;

/// Turns off the SDK's own retries for SES: it repeats after a time-out, and then a customer has
/// two mails.
@Configuration(proxyBeanMethods = false)
class OneCallForOneMail {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Bean
    SesClientCustomizer oneCallForOneMailCustomizer() {
        return client ->
                client.overrideConfiguration(
                        client.overrideConfiguration().toBuilder()
                                .retryStrategy(AwsRetryStrategy.doNotRetry())
                                .apiCallTimeout(PATIENCE)
                                .build());
    }
}
