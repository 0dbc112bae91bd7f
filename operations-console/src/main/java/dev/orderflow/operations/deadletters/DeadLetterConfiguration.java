package dev.orderflow.operations.deadletters;

import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.sqs.SqsClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeadLetterProperties.class)
class DeadLetterConfiguration {

    /// A blocking client with the endpoint, region and credentials of Spring Cloud AWS.
    @Bean
    SqsClient deadLetterSqs(AwsClientBuilderConfigurer configurer) {
        var builder = configurer.configure(SqsClient.builder());
        return builder.overrideConfiguration(
                        builder.overrideConfiguration().toBuilder()
                                .apiCallTimeout(Duration.ofSeconds(20))
                                .build())
                .build();
    }
}
