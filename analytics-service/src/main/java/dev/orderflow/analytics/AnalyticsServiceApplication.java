package dev.orderflow.analytics;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/// Starts the analytics service.
@SpringBootApplication
@EnableConfigurationProperties(AnalyticsProperties.class)
public class AnalyticsServiceApplication {

    /// Builds the application; it is not started yet.
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(AnalyticsServiceApplication.class)
                .properties("spring.config.name=analytics-service");
    }

    public static void main(String[] arguments) {
        application().run(arguments);
    }
}
