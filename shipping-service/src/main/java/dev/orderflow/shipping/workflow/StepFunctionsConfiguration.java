package dev.orderflow.shipping.workflow;

import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.sfn.SfnClient;

/// The client of Step Functions, with Spring Cloud AWS's endpoint, region and credentials.
@Configuration(proxyBeanMethods = false)
class StepFunctionsConfiguration {

    /// An answer is a short request; one that takes longer is better repeated.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Bean
    SfnClient stepFunctions(AwsClientBuilderConfigurer configurer) {
        var builder = configurer.configure(SfnClient.builder());
        return builder.overrideConfiguration(
                        builder.overrideConfiguration().toBuilder()
                                .apiCallTimeout(PATIENCE)
                                .build())
                .build();
    }
}
