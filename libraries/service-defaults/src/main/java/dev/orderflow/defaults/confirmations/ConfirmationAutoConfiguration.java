package dev.orderflow.defaults.confirmations;

import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;

/// For services with actions that a second person must confirm: they have the table
/// `waiting_action` and set `orderflow.confirmations.enabled`.
@AutoConfiguration(
        afterName = "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty("orderflow.confirmations.enabled")
@EnableConfigurationProperties(ConfirmationProperties.class)
@EnableScheduling
@Import(ConfirmationsController.class)
class ConfirmationAutoConfiguration {

    @Bean
    WaitingActions waitingActions(JdbcClient jdbc, ConfirmationProperties properties) {
        return new WaitingActions(jdbc, properties);
    }

    @Bean
    Confirmations confirmations(WaitingActions waiting, List<ConfirmableAction> actions) {
        return new Confirmations(waiting, actions);
    }

    @Bean
    InterruptedConfirmations interruptedConfirmations(
            Confirmations confirmations, ConfirmationProperties properties) {
        return new InterruptedConfirmations(confirmations, properties);
    }
}
