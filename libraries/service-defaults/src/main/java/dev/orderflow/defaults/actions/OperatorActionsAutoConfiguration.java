package dev.orderflow.defaults.actions;

import dev.orderflow.defaults.operators.OperatorActionLog;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/// For services with a database: they have the table `operator_action`.
@AutoConfiguration(after = JdbcClientAutoConfiguration.class)
@ConditionalOnBean(JdbcClient.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@Import(OperatorActionsController.class)
class OperatorActionsAutoConfiguration {

    @Bean
    OperatorActionLog operatorActionLog(JdbcClient jdbc) {
        return new OperatorActionLog(jdbc);
    }
}
