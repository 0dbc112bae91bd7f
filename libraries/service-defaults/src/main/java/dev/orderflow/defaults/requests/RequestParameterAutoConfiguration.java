package dev.orderflow.defaults.requests;

import dev.orderflow.defaults.problem.FilterProblemWriter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Rejects repeated parameters and headers, values in undocumented forms, and encoded bodies.
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class RequestParameterAutoConfiguration {

    @Bean
    FilterRegistrationBean<RepeatedHeaderFilter> repeatedHeaders(FilterProblemWriter problems) {
        var registration = new FilterRegistrationBean<>(new RepeatedHeaderFilter(problems));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }

    @Bean
    StrictParameterEditors plainParameters() {
        return new StrictParameterEditors();
    }

    @Bean
    WebMvcConfigurer strictParameters() {
        return new WebMvcConfigurer() {
            @Override
            public void addFormatters(FormatterRegistry registry) {
                registry.addConverter(new StrictParameterEditors.TimeConverter());
            }

            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                // After the check of the API key, so that callers without a key learn nothing about
                // parameters.
                registry.addInterceptor(new ContentEncodingInterceptor())
                        .order(Ordered.LOWEST_PRECEDENCE);
                registry.addInterceptor(new RepeatedParameterInterceptor())
                        .order(Ordered.LOWEST_PRECEDENCE);
            }
        };
    }
}
