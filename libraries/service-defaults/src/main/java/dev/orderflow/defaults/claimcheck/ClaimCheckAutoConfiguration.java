package dev.orderflow.defaults.claimcheck;

import io.awspring.cloud.autoconfigure.core.AwsAutoConfiguration;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import software.amazon.awssdk.services.s3.S3Client;

/// Provides the [ClaimCheckRedeemer] and a lazily created client of S3.
@AutoConfiguration(after = AwsAutoConfiguration.class)
@EnableConfigurationProperties(ClaimCheckProperties.class)
class ClaimCheckAutoConfiguration {

    @Bean
    @Lazy
    @ConditionalOnBean(AwsClientBuilderConfigurer.class)
    S3Client s3Client(AwsClientBuilderConfigurer configurer, ClaimCheckProperties properties) {
        var builder = configurer.configure(S3Client.builder());
        return builder.forcePathStyle(properties.pathStyle())
                .overrideConfiguration(
                        builder.overrideConfiguration().toBuilder()
                                .apiCallTimeout(ClaimCheckProperties.CALL_TIMEOUT)
                                .build())
                .build();
    }

    @Bean
    ClaimCheckRedeemer claimChecks(ClaimCheckProperties properties, ObjectProvider<S3Client> s3) {
        return new ClaimCheckRedeemer(properties.bucket(), s3::getObject);
    }
}
