package dev.orderflow.operations.executions;

import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.sfn.SfnClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ExecutionProperties.class)
class ExecutionConfiguration {

    @Bean
    SfnClient operationsStepFunctions(AwsClientBuilderConfigurer configurer) {
        var builder = configurer.configure(SfnClient.builder());
        return builder.overrideConfiguration(
                        builder.overrideConfiguration().toBuilder()
                                .apiCallTimeout(Duration.ofSeconds(10))
                                .build())
                .build();
    }
}
