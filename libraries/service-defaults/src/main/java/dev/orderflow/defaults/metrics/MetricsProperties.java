package dev.orderflow.defaults.metrics;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// @param published the meters to publish to CloudWatch: names, or prefixes of names that end with
///     a dot. Each combination of tags costs $0.30 a month, and a timer four times that.
@ConfigurationProperties("orderflow.metrics")
record MetricsProperties(List<String> published) {

    MetricsProperties {
        published = List.copyOf(published);
        for (var name : published) {
            if (name.isBlank() || name.equals(".")) {
                throw new IllegalArgumentException(
                        "orderflow.metrics.published must name meters but has '" + name + "'");
            }
        }
    }

    /// Whether a meter of this name is published to CloudWatch.
    boolean publishes(String meter) {
        return published.stream()
                .anyMatch(name -> name.endsWith(".") ? meter.startsWith(name) : meter.equals(name));
    }
}
