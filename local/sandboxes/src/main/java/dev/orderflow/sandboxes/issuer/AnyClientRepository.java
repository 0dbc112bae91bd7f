package dev.orderflow.sandboxes.issuer;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/// Has a client for every name: `operator` and names that start with `operator-` are programs that
/// act for all customers, all others are customers. Each [DevelopmentOperator] may also request the
/// scope `operations`. The clients of the operations console and of the command line sign people in
/// with a browser.
final class AnyClientRepository implements RegisteredClientRepository {

    /// The format of a customer reference in order-service.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private static final Pattern OPERATOR = Pattern.compile("operator(-.*)?");
    private static final Set<String> CUSTOMERS_SCOPES = Set.of("orders:read", "orders:write");
    private static final Set<String> OPERATORS_SCOPES = Set.of("operator");

    /// The lifetime of a token: a working day.
    private static final Duration LIFETIME = Duration.ofHours(8);

    /// Short, so that sessions renew their tokens in development as on AWS.
    private static final Duration LIFETIME_IN_BROWSER = Duration.ofMinutes(15);

    private final List<String> redirectUris;

    /// @param redirectUris those of the client of the operations console
    AnyClientRepository(List<String> redirectUris) {
        this.redirectUris = List.copyOf(redirectUris);
    }

    @Override
    public @Nullable RegisteredClient findByClientId(String name) {
        if (name.equals(DevelopmentIssuer.CONSOLE_CLIENT) && !redirectUris.isEmpty()) {
            return consoleClient();
        }
        if (name.equals(DevelopmentIssuer.COMMAND_LINE_CLIENT)) {
            return commandLineClient();
        }
        if (!NAME.matcher(name).matches()) {
            return null;
        }
        return RegisteredClient.withId(name)
                .clientId(name)
                .clientSecret(DevelopmentIssuer.SECRET)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .scopes(
                        scopes -> {
                            scopes.addAll(
                                    OPERATOR.matcher(name).matches()
                                            ? OPERATORS_SCOPES
                                            : CUSTOMERS_SCOPES);
                            if (DevelopmentOperator.find(name).isPresent()) {
                                scopes.add(DevelopmentIssuer.OPERATIONS_SCOPE);
                            }
                        })
                .tokenSettings(TokenSettings.builder().accessTokenTimeToLive(LIFETIME).build())
                .build();
    }

    private static RegisteredClient commandLineClient() {
        return RegisteredClient.withId(DevelopmentIssuer.COMMAND_LINE_CLIENT)
                .clientId(DevelopmentIssuer.COMMAND_LINE_CLIENT)
                .clientSecret(DevelopmentIssuer.SECRET)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantType(AuthorizationGrantType.DEVICE_CODE)
                .scope(DevelopmentIssuer.OPERATIONS_SCOPE)
                .tokenSettings(TokenSettings.builder().accessTokenTimeToLive(LIFETIME).build())
                .build();
    }

    private RegisteredClient consoleClient() {
        return RegisteredClient.withId(DevelopmentIssuer.CONSOLE_CLIENT)
                .clientId(DevelopmentIssuer.CONSOLE_CLIENT)
                .clientSecret(DevelopmentIssuer.SECRET)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                .redirectUris(uris -> uris.addAll(redirectUris))
                .scope(OidcScopes.OPENID)
                .scope(DevelopmentIssuer.OPERATIONS_SCOPE)
                .clientSettings(ClientSettings.builder().requireProofKey(true).build())
                .tokenSettings(
                        TokenSettings.builder()
                                .accessTokenTimeToLive(LIFETIME_IN_BROWSER)
                                .refreshTokenTimeToLive(LIFETIME)
                                .build())
                .build();
    }

    @Override
    public @Nullable RegisteredClient findById(String id) {
        return findByClientId(id);
    }

    @Override
    public void save(RegisteredClient client) {
        throw new UnsupportedOperationException(
                "clients cannot be registered: every name is a client");
    }
}
