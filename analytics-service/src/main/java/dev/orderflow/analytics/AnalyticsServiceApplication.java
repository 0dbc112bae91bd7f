package dev.orderflow.analytics;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/// Starts analytics-service, configured by `analytics-service.yml`.
@SpringBootApplication
public class AnalyticsServiceApplication {

    public static void main(String[] arguments) {
        application().run(arguments);
    }

    /// The application as its main method runs it, for those who run it with arguments of their
    /// own.
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(AnalyticsServiceApplication.class)
                .properties("spring.config.name=analytics-service");
    }
}
