package dev.orderflow.shipping.workflow;

import dev.orderflow.shipping.ShippingProperties;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.sfn.SfnClient;

/// The Step Functions client, with the endpoint, region and credentials of Spring Cloud AWS.
@Configuration(proxyBeanMethods = false)
class StepFunctionsConfiguration {

    @Bean
    SfnClient stepFunctions(AwsClientBuilderConfigurer configurer, ShippingProperties properties) {
        var builder = configurer.configure(SfnClient.builder());
        return builder.overrideConfiguration(
                        builder.overrideConfiguration().toBuilder()
                                .apiCallTimeout(properties.workflow().callTimeout())
                                .build())
                .build();
    }
}
