package dev.orderflow.shipping;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.scheduling.annotation.EnableScheduling;

/// Starts the shipping service.
@SpringBootApplication
@EnableScheduling
@EnableConfigurationProperties(ShippingProperties.class)
public class ShippingServiceApplication {

    /// Builds the application; it is not started yet.
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(ShippingServiceApplication.class)
                .properties("spring.config.name=shipping-service");
    }

    public static void main(String[] arguments) {
        application().run(arguments);
    }
}
