package dev.orderflow.sandboxes.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.http.HttpServlet;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2DeviceVerificationEndpointConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationValidator;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceVerificationAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;

/// Only the parts of Spring Boot that a servlet container with filters needs, for a fast start.
@Configuration(proxyBeanMethods = false)
@Profile(DevelopmentIssuer.PROFILE)
@EnableWebSecurity
@ImportAutoConfiguration(TomcatServletWebServerAutoConfiguration.class)
class IssuerConfiguration {

    private static final int KEY_LENGTH = 2048;

    @Bean
    SecurityFilterChain endpoints(HttpSecurity http) {
        return http.oauth2AuthorizationServer(
                        server ->
                                server.oidc(Customizer.withDefaults())
                                        .authorizationEndpoint(
                                                endpoint ->
                                                        endpoint.authenticationProviders(
                                                                IssuerConfiguration
                                                                        ::compareRedirectUris))
                                        .deviceAuthorizationEndpoint(
                                                endpoint ->
                                                        endpoint.verificationUri(
                                                                SignInPage.DEVICE_PATH))
                                        .deviceVerificationEndpoint(
                                                IssuerConfiguration::answerWithPages))
                .authorizeHttpRequests(all -> all.anyRequest().authenticated())
                .sessionManagement(
                        session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .addFilterAfter(new ChosenOperatorFilter(), SecurityContextHolderFilter.class)
                .exceptionHandling(refused -> refused.authenticationEntryPoint(new SignInPage()))
                .build();
    }

    /// Spring Authorization Server permits any port of a loopback address ([RFC 8252,
    /// 7.3](https://www.rfc-editor.org/rfc/rfc8252#section-7.3)); on AWS, Cognito compares exactly.
    private static void compareRedirectUris(List<AuthenticationProvider> providers) {
        for (var provider : providers) {
            if (provider instanceof OAuth2AuthorizationCodeRequestAuthenticationProvider requests) {
                requests.setAuthenticationValidator(
                        new ExactRedirectUriValidator()
                                .andThen(
                                        new OAuth2AuthorizationCodeRequestAuthenticationValidator()));
            }
        }
    }

    /// Whoever chooses an operator on the page with the code consents to the sign-in.
    private static void answerWithPages(OAuth2DeviceVerificationEndpointConfigurer endpoint) {
        endpoint.authenticationProviders(
                        providers -> {
                            for (var provider : providers) {
                                if (provider
                                        instanceof
                                        OAuth2DeviceVerificationAuthenticationProvider codes) {
                                    codes.setAuthorizationConsentRequired(_ -> false);
                                }
                            }
                        })
                .deviceVerificationResponseHandler(
                        (_, response, _) -> SignInPage.writeSignedIn(response))
                .errorResponseHandler((_, response, _) -> SignInPage.writeUnknownCode(response));
    }

    /// Tomcat calls filters only for paths that are mapped to a servlet.
    @Bean
    ServletRegistrationBean<HttpServlet> nothing() {
        return new ServletRegistrationBean<>(new EmptyServlet(), "/");
    }

    @Bean
    RegisteredClientRepository clients(Environment environment) {
        return new AnyClientRepository(
                Arrays.stream(environment.getProperty("redirect-uris", "").split(","))
                        .filter(uri -> !uri.isEmpty())
                        .toList());
    }

    @Bean
    PasswordEncoder secrets() {
        return new UnencryptedPasswordEncoder();
    }

    @Bean
    OAuth2AuthorizationService memory() {
        return new RecentSignIns();
    }

    @Bean
    JWKSource<SecurityContext> keys() throws JOSEException {
        var key = new RSAKeyGenerator(KEY_LENGTH).keyIDFromThumbprint(true).generate();
        return new ImmutableJWKSet<>(new JWKSet(key));
    }

    /// The user info endpoint of OpenID Connect verifies access tokens.
    @Bean
    JwtDecoder decoder(JWKSource<SecurityContext> keys) {
        return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
    }

    @Bean
    AuthorizationServerSettings settings(Environment environment) {
        return AuthorizationServerSettings.builder()
                .issuer(environment.getRequiredProperty("issuer"))
                .build();
    }

    /// A request without a scope gets all scopes of its client, except that of operators, whose
    /// tokens have an audience of their own.
    @Bean
    OAuth2TokenCustomizer<JwtEncodingContext> claims() {
        return token -> {
            var requested = token.getAuthorizedScopes();
            if (token.getTokenType().getValue().equals(OidcParameterNames.ID_TOKEN)) {
                token.getClaims().claim("name", operator(token).readableName());
                return;
            }
            if (requested.contains(DevelopmentIssuer.OPERATIONS_SCOPE)) {
                addOperator(token.getClaims(), operator(token));
                return;
            }
            var scopes =
                    (requested.isEmpty() ? token.getRegisteredClient().getScopes() : requested)
                            .stream()
                                    .filter(
                                            scope ->
                                                    !scope.equals(
                                                            DevelopmentIssuer.OPERATIONS_SCOPE))
                                    .toList();
            token.getClaims()
                    .audience(List.of(DevelopmentIssuer.AUDIENCE))
                    .claim("scope", String.join(" ", scopes));
        };
    }

    /// The subject: who signed in with a browser, or the client itself.
    private static DevelopmentOperator operator(JwtEncodingContext token) {
        Authentication principal = token.getPrincipal();
        return DevelopmentOperator.find(
                        Objects.requireNonNull(principal, "set by the issuer").getName())
                .orElseThrow();
    }

    private static void addOperator(JwtClaimsSet.Builder claims, DevelopmentOperator operator) {
        claims.audience(List.of(DevelopmentIssuer.OPERATIONS_AUDIENCE))
                .claim("scope", DevelopmentIssuer.OPERATIONS_SCOPE)
                .claim("name", operator.readableName())
                .claim("roles", List.of(operator.role()));
    }

    /// Never reached: the filters answer all requests.
    private static final class EmptyServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;
    }

    /// Compares secrets without hashing them, because they are no secrets.
    private static final class UnencryptedPasswordEncoder implements PasswordEncoder {

        @Override
        public @Nullable String encode(@Nullable CharSequence secret) {
            return secret == null ? null : secret.toString();
        }

        @Override
        public boolean matches(@Nullable CharSequence sent, @Nullable String kept) {
            return sent != null && sent.toString().equals(kept);
        }
    }
}
