package dev.orderflow.order.workflow;

import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.sfn.SfnClient;

@Configuration(proxyBeanMethods = false)
class WorkflowConfiguration {

    /// Uses Spring Cloud AWS's endpoint, region and credentials.
    @Bean
    SfnClient stepFunctions(AwsClientBuilderConfigurer configurer, WorkflowProperties properties) {
        var builder = configurer.configure(SfnClient.builder());
        return builder.overrideConfiguration(
                        builder.overrideConfiguration().toBuilder()
                                .apiCallTimeout(properties.callTimeout())
                                .build())
                .build();
    }
}
