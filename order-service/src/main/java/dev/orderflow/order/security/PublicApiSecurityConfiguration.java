package dev.orderflow.order.security;

import static org.springframework.http.HttpMethod.POST;

import dev.orderflow.defaults.problem.FilterProblemWriter;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;

/// Which path needs which scope. Whatever is not named here is refused.
///
/// Spring Boot's own security configuration is left out of all services: they share a class path
/// in local-run, and there it would lock those that have no public API.
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@EnableConfigurationProperties({TokenProperties.class, RateLimitProperties.class})
class PublicApiSecurityConfiguration {

    /// Where Spring Boot puts it.
    private static final int SECURITY_FILTER_ORDER = -100;

    @Bean
    AccessTokenDecoder tokens(TokenProperties properties) {
        return new AccessTokenDecoder(properties);
    }

    @Bean
    SecurityFilterChain publicApi(
            HttpSecurity http,
            AccessTokenDecoder tokens,
            FilterProblemWriter problems,
            RateLimitProperties rates,
            MeterRegistry meters) {
        var limit =
                new RateLimitFilter(
                        new RateLimiter(rates, TimeMeter.SYSTEM_NANOTIME), problems, meters);
        var refusals = new AuthenticationProblems(problems, limit);
        return http.authorizeHttpRequests(
                        paths ->
                                paths.dispatcherTypeMatchers(DispatcherType.ERROR)
                                        .permitAll()
                                        .requestMatchers(POST, "/orders")
                                        .hasAuthority(TokenScope.WRITE)
                                        .requestMatchers(POST, "/orders/*/cancellation")
                                        .hasAnyAuthority(TokenScope.WRITE, TokenScope.OPERATOR)
                                        .requestMatchers("/orders")
                                        .hasAuthority(TokenScope.READ)
                                        .requestMatchers("/orders/**")
                                        .hasAnyAuthority(TokenScope.READ, TokenScope.OPERATOR)
                                        // What anybody may read in the shop's window.
                                        .requestMatchers("/catalogue/**")
                                        .permitAll()
                                        .requestMatchers(
                                                "/v3/api-docs/**",
                                                "/swagger-ui.html",
                                                "/swagger-ui/**")
                                        .permitAll()
                                        .anyRequest()
                                        .denyAll())
                .oauth2ResourceServer(
                        server ->
                                server.jwt(
                                                jwt ->
                                                        jwt.decoder(tokens)
                                                                .jwtAuthenticationConverter(tokens))
                                        .authenticationEntryPoint(refusals)
                                        .accessDeniedHandler(refusals)
                                        .withObjectPostProcessor(withFailureHandler(refusals)))
                .addFilterAfter(limit, BearerTokenAuthenticationFilter.class)
                .exceptionHandling(
                        refused ->
                                refused.authenticationEntryPoint(refusals)
                                        .accessDeniedHandler(refusals))
                .sessionManagement(
                        session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // Nothing is known of a caller but what each request brings along.
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .build();
    }

    /// At their own ports; the one wants the internal API key, and tokens open neither.
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    SecurityFilterChain otherPorts(HttpSecurity http) {
        return http.securityMatcher("/internal/**", "/actuator/**")
                .authorizeHttpRequests(all -> all.anyRequest().permitAll())
                .sessionManagement(
                        session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .build();
    }

    /// Without it, an issuer that does not answer would be a mistake of ours, a 500.
    private static ObjectPostProcessor<BearerTokenAuthenticationFilter> withFailureHandler(
            AuthenticationProblems refusals) {
        return new ObjectPostProcessor<>() {
            @Override
            public <T extends BearerTokenAuthenticationFilter> T postProcess(T filter) {
                filter.setAuthenticationFailureHandler(refusals);
                return filter;
            }
        };
    }

    @Bean
    DelegatingFilterProxyRegistrationBean securityFilters() {
        var registration = new DelegatingFilterProxyRegistrationBean("springSecurityFilterChain");
        registration.setOrder(SECURITY_FILTER_ORDER);
        registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ERROR));
        return registration;
    }
}
