package dev.orderflow.defaults.http;

import static tools.jackson.databind.cfg.CoercionAction.Fail;

import jakarta.validation.Path;
import jakarta.validation.TraversableResolver;
import java.lang.annotation.ElementType;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.validation.autoconfigure.ValidationConfigurationCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.util.unit.DataSize;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.type.LogicalType;

/// Limits the size of request bodies, negotiates the type of responses and parses JSON strictly.
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(HttpAutoConfiguration.HttpProperties.class)
class HttpAutoConfiguration {

    /// @param maxBodySize the largest accepted body; an order of 50 lines has about 6 KiB
    /// @param bodyTimeout how long a body may take to arrive, from its first byte. Without it, one
    ///     byte every few seconds would keep a connection open for days
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

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> unparsedForms() {
        return new UnparsedForms();
    }

    /// Only the query string contains parameters. Otherwise Tomcat would parse a form body at the
    /// first access to a parameter, and a malformed form would be reported as a malformed query.
    private static final class UnparsedForms
            implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

        @Override
        public void customize(TomcatServletWebServerFactory factory) {
            factory.addConnectorCustomizers(connector -> connector.setParseBodyMethods(""));
        }

        /// Before the internal connector, which takes over the settings of the first one.
        @Override
        public int getOrder() {
            return 0;
        }
    }

    @Bean
    WebMvcConfigurer contentNegotiation() {
        return new WebMvcConfigurer() {
            @Override
            public void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
                negotiation.strategies(List.of(new AcceptHeaderStrategy()));
            }

            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                // After the internal API key was checked.
                registry.addInterceptor(new AcceptInterceptor()).order(Ordered.LOWEST_PRECEDENCE);
            }
        };
    }

    /// Bean Validation checks request bodies, never entities with lazily loaded fields. With JPA on
    /// the class path it would ask the persistence providers at each constraint whether the field
    /// is loaded.
    @Bean
    ValidationConfigurationCustomizer loadedFields() {
        return configuration -> configuration.traversableResolver(new LoadedFields());
    }

    private static final class LoadedFields implements TraversableResolver {

        @Override
        public boolean isReachable(
                @Nullable Object bean,
                Path.Node property,
                Class<?> root,
                Path path,
                ElementType type) {
            return true;
        }

        @Override
        public boolean isCascadable(
                @Nullable Object bean,
                Path.Node property,
                Class<?> root,
                Path path,
                ElementType type) {
            return true;
        }
    }

    /// Rejects unknown fields, so that callers notice misspelt ones, and conversions between types,
    /// such as from number to string.
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
