package dev.orderflow.defaults.idempotency;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.validation.Validator;
import tools.jackson.databind.json.JsonMapper;

/// Supports [IdempotentBody] as a request body of handlers.
@AutoConfiguration(after = JacksonAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class IdempotentBodyAutoConfiguration {

    @Bean
    IdempotentBodyConverter idempotentBodyConverter(
            JsonMapper json, ObjectProvider<Validator> validator) {
        return new IdempotentBodyConverter(json, validator::getObject);
    }
}
