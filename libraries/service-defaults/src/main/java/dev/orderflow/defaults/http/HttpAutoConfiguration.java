package dev.orderflow.defaults.http;

import static tools.jackson.databind.cfg.CoercionAction.Fail;

import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.util.unit.DataSize;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.type.LogicalType;

/// What a service reads over HTTP: bounded, and strictly what its API names.
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(HttpAutoConfiguration.HttpProperties.class)
class HttpAutoConfiguration {

    /// @param maxBody the largest body read; an order of 50 lines has about 6 KiB
    /// @param slowestBody how long a body may take to arrive, from when the first of it is read.
    ///     One byte every few seconds would keep a connection for days
    @ConfigurationProperties("orderflow.http")
    record HttpProperties(
            @DefaultValue("64KB") DataSize maxBodySize,
            @DefaultValue("20s") Duration bodyTimeout) {}

    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimit(HttpProperties limits) {
        var registration =
                new FilterRegistrationBean<>(
                        new BodyLimitFilter(limits.maxBodySize().toBytes(), limits.bodyTimeout()));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    /// A misspelt field is a mistake of the caller, who should hear of it; a number is not a
    /// string.
    @Bean
    JsonMapperBuilderCustomizer strictJson() {
        return builder ->
                builder.addModule(new RequiredUnlessNullableModule())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .enable(
                                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                                DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                        .withCoercionConfig(
                                LogicalType.Textual,
                                texts ->
                                        texts.setCoercion(CoercionInputShape.Integer, Fail)
                                                .setCoercion(CoercionInputShape.Float, Fail)
                                                .setCoercion(CoercionInputShape.Boolean, Fail));
    }
}
