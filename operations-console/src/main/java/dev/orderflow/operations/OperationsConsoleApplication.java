package dev.orderflow.operations;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/// Starts the operations console.
@SpringBootApplication
@EnableConfigurationProperties(OperationsProperties.class)
public class OperationsConsoleApplication {

    /// The application, ready to run.
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(OperationsConsoleApplication.class)
                .properties("spring.config.name=operations-console");
    }

    public static void main(String[] arguments) {
        application().run(arguments);
    }
}
