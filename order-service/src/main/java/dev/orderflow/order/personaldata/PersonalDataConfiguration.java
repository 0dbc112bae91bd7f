package dev.orderflow.order.personaldata;

import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.kms.KmsClient;

@Configuration(proxyBeanMethods = false)
class PersonalDataConfiguration {

    /// How long a read of personal data waits for KMS at most.
    private static final Duration KMS_CALL_TIMEOUT = Duration.ofSeconds(3);

    /// Uses Spring Cloud AWS's endpoint, region and credentials.
    @Bean
    @ConditionalOnProperty("orderflow.order.personal-data.kms-key-id")
    KmsMasterKey kmsMasterKey(
            AwsClientBuilderConfigurer configurer, PersonalDataProperties properties) {
        var builder = configurer.configure(KmsClient.builder());
        var client =
                builder.overrideConfiguration(
                                builder.overrideConfiguration().toBuilder()
                                        .apiCallTimeout(KMS_CALL_TIMEOUT)
                                        .build())
                        .build();
        return new KmsMasterKey(client, String.valueOf(properties.kmsKeyId()));
    }

    @Bean
    MasterKeys masterKeys(ObjectProvider<KmsMasterKey> kms, PersonalDataProperties properties) {
        List<MasterKey> keys =
                Stream.<MasterKey>concat(
                                kms.stream(),
                                properties.localKeys().stream().map(LocalMasterKey::of))
                        .toList();
        return new MasterKeys(keys);
    }
}
