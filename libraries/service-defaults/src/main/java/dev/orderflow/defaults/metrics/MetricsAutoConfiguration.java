package dev.orderflow.defaults.metrics;

import io.micrometer.cloudwatch2.CloudWatchMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCustomizer;
import org.springframework.context.annotation.Bean;

/// Publishes only the configured meters to CloudWatch; other registries have every meter.
@AutoConfiguration
@EnableConfigurationProperties(MetricsProperties.class)
class MetricsAutoConfiguration {

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
