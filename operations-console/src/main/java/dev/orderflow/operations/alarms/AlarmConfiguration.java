package dev.orderflow.operations.alarms;

import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

@Configuration(proxyBeanMethods = false)
class AlarmConfiguration {

    @Bean
    CloudWatchClient operationsCloudWatch(AwsClientBuilderConfigurer configurer) {
        var builder = configurer.configure(CloudWatchClient.builder());
        return builder.overrideConfiguration(
                        builder.overrideConfiguration().toBuilder()
                                .apiCallTimeout(Duration.ofSeconds(10))
                                .build())
                .build();
    }
}
