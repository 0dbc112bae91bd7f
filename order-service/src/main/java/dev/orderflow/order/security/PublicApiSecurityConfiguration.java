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
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;

/// The scope that each path requires. Paths that are not listed are denied.
///
/// Spring Boot's own security auto-configuration is excluded in all services: they share a class
/// path in local-run, where it would protect the services that have no public API.
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@EnableConfigurationProperties({TokenProperties.class, RateLimitProperties.class})
class PublicApiSecurityConfiguration {

    /// Spring Boot's own order of the security filter.
    private static final int SECURITY_FILTER_ORDER = -100;

    @Bean
    AccessTokenDecoder tokens(TokenProperties properties) {
        return new AccessTokenDecoder(properties);
    }

    /// Otherwise each request has two more spans and timers, of its authentication and of its
    /// authorization, which no alarm and no dashboard uses.
    @Bean
    SecurityObservationSettings securityObservationSettings() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    HttpFirewall firewall() {
        return RequestFirewall.create();
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
        var authenticationProblems = new AuthenticationProblems(problems, limit);
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
                                        // The catalogue is public.
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
                                        .bearerTokenResolver(
                                                new KnownTokenResolver(tokens::isKnown))
                                        .authenticationEntryPoint(authenticationProblems)
                                        .accessDeniedHandler(authenticationProblems)
                                        .withObjectPostProcessor(
                                                withFailureHandler(authenticationProblems)))
                .addFilterAfter(limit, BearerTokenAuthenticationFilter.class)
                .exceptionHandling(
                        refused ->
                                refused.authenticationEntryPoint(authenticationProblems)
                                        .accessDeniedHandler(authenticationProblems))
                .sessionManagement(
                        session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // Stateless: there is no session that a forged request could use.
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .build();
    }

    /// The internal API and the actuator have their own ports. The internal API admits requests by
    /// its own rules ([dev.orderflow.defaults.security.InternalAccess]); tokens of customers are
    /// not accepted there.
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

    /// Without this handler, an issuer that does not answer would cause a 500.
    private static ObjectPostProcessor<BearerTokenAuthenticationFilter> withFailureHandler(
            AuthenticationProblems authenticationProblems) {
        return new ObjectPostProcessor<>() {
            @Override
            public <T extends BearerTokenAuthenticationFilter> T postProcess(T filter) {
                filter.setAuthenticationFailureHandler(authenticationProblems);
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
