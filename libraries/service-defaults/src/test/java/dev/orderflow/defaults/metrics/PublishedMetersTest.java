package dev.orderflow.defaults.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.json.JsonMapper;

/// The services publish every meter of the alarms and dashboards.
class PublishedMetersTest {

    private static final Path TOPOLOGY =
            Path.of("..", "..", "topology/src/main/resources/topology/topology.json");

    @Test
    void everyMeterOfAnAlarmOrADashboardIsPublished() throws IOException {
        var published = defaults();
        var unpublished = new TreeSet<String>();
        int read = 0;
        for (var metric :
                JsonMapper.shared().readTree(TOPOLOGY.toFile()).findValuesAsString("metric")) {
            // Metrics of AWS have no dots in their names; ours end with a statistic.
            int end = metric.lastIndexOf('.');
            if (end > 0) {
                read++;
                var meter = metric.substring(0, end);
                if (!published.publishes(meter)) {
                    unpublished.add(meter);
                }
            }
        }
        assertThat(read).isGreaterThan(30);
        assertThat(unpublished).isEmpty();
    }

    private static MetricsProperties defaults() throws IOException {
        var environment = new StandardEnvironment();
        new YamlPropertySourceLoader()
                .load("defaults", new ClassPathResource("service-defaults.yml"))
                .forEach(environment.getPropertySources()::addLast);
        return new Binder(ConfigurationPropertySources.get(environment))
                .bind("orderflow.metrics", MetricsProperties.class)
                .get();
    }
}
