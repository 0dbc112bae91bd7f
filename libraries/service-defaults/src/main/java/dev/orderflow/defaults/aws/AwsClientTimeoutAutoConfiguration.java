package dev.orderflow.defaults.aws;

import io.awspring.cloud.autoconfigure.AwsAsyncClientCustomizer;
import io.awspring.cloud.autoconfigure.AwsSyncClientCustomizer;
import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.core.client.builder.SdkClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;

/// Sets time-outs for the AWS clients that Spring Cloud AWS creates (SQS, SNS, SES, CloudWatch);
/// the SDK has no default time-out for a call. Clients that a service creates itself, and those in
/// requests with waiting callers, have shorter time-outs.
@AutoConfiguration(beforeName = "io.awspring.cloud.autoconfigure.sqs.SqsAutoConfiguration")
public class AwsClientTimeoutAutoConfiguration {

    /// Longer than a long poll of SQS, which takes 20 seconds.
    private static final Duration ATTEMPT = Duration.ofSeconds(30);

    /// For a call including its retries.
    private static final Duration CALL = Duration.ofSeconds(60);

    @Bean
    AwsSyncClientCustomizer limitSyncCalls() {
        return AwsClientTimeoutAutoConfiguration::limit;
    }

    @Bean
    AwsAsyncClientCustomizer limitAsyncCalls() {
        return AwsClientTimeoutAutoConfiguration::limit;
    }

    private static void limit(Object builder) {
        if (builder instanceof SdkClientBuilder<?, ?> client) {
            client.overrideConfiguration(limited(client.overrideConfiguration()));
        }
    }

    private static ClientOverrideConfiguration limited(ClientOverrideConfiguration given) {
        var limited = given.toBuilder();
        if (given.apiCallTimeout().isEmpty()) {
            limited.apiCallTimeout(CALL);
        }
        if (given.apiCallAttemptTimeout().isEmpty()) {
            limited.apiCallAttemptTimeout(ATTEMPT);
        }
        return limited.build();
    }
}
