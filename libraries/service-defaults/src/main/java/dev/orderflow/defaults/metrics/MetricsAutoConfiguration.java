package dev.orderflow.defaults.metrics;

import io.awspring.cloud.autoconfigure.metrics.CloudWatchExportAutoConfiguration;
import io.micrometer.cloudwatch2.CloudWatchConfig;
import io.micrometer.cloudwatch2.CloudWatchMeterRegistry;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.config.MeterFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCustomizer;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;

/// Publishes only the configured meters to CloudWatch; other registries have every meter.
@AutoConfiguration(before = CloudWatchExportAutoConfiguration.class)
@EnableConfigurationProperties(MetricsProperties.class)
class MetricsAutoConfiguration {

    /// In place of the registry of Spring Cloud AWS, which `service-defaults.yml` switches off, and
    /// under the condition of its other beans.
    @Bean
    @ConditionalOnProperty("management.cloudwatch.metrics.export.namespace")
    CloudWatchMeterRegistry cloudWatchMeterRegistry(
            CloudWatchConfig config, Clock clock, CloudWatchAsyncClient client) {
        return new LosslessCloudWatchMeterRegistry(config, clock, client);
    }

    @Bean
    MeterRegistryCustomizer<CloudWatchMeterRegistry> publishedMetersOnly(
            MetricsProperties properties) {
        return registry ->
                registry.config()
                        .meterFilter(
                                MeterFilter.denyUnless(
                                        meter -> properties.publishes(meter.getName())));
    }
}
