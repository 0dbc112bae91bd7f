package dev.orderflow.deploy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.cognito.AccountRecovery;
import software.amazon.awscdk.services.cognito.OAuthFlows;
import software.amazon.awscdk.services.cognito.OAuthScope;
import software.amazon.awscdk.services.cognito.OAuthSettings;
import software.amazon.awscdk.services.cognito.ResourceServerScope;
import software.amazon.awscdk.services.cognito.SignInAliases;
import software.amazon.awscdk.services.cognito.UserPool;
import software.amazon.awscdk.services.cognito.UserPoolClient;
import software.amazon.awscdk.services.cognito.UserPoolResourceServer;
import software.amazon.awscdk.services.cognito.UserPoolResourceServerOptions;
import software.constructs.Construct;

/// The user pool with the clients of the public API and their scopes, and the pool of operators.
///
/// Programs obtain tokens as clients of the user pool: `shop` places and reads its own orders, and
/// `operator` is the client of programs that read and cancel all orders. Their secrets are shown
/// in the console of the user pool.
final class IdentityStack extends Stack {

    private static final String API = "orderflow";

    /// The prefix of scopes in tokens.
    static final String SCOPE_PREFIX = API + "/";

    private final OperatorPool operators;
    private final UserPool pool;
    private final UserPoolResourceServer api;
    private final List<UserPoolClient> clients = new ArrayList<>();

    /// The scopes of access tokens.
    private enum ApiScope {
        WRITE_ORDERS("orders:write", "Place and cancel own orders"),
        READ_ORDERS("orders:read", "Read own orders"),
        OPERATOR("operator", "Read and cancel all orders");

        private final ResourceServerScope scope;

        ApiScope(String name, String description) {
            scope =
                    ResourceServerScope.Builder.create()
                            .scopeName(name)
                            .scopeDescription(description)
                            .build();
        }
    }

    IdentityStack(Construct app, StackProps properties, Stage stage) {
        super(app, "orderflow-identity", properties);
        pool =
                ProtectedUserPool.builder(this, "orderflow")
                        .signInAliases(SignInAliases.builder().email(true).build())
                        .accountRecovery(AccountRecovery.EMAIL_ONLY)
                        .build();
        // The token endpoint of the clients.
        ProtectedUserPool.addDomain(pool, "tokens", "orderflow-" + stage.account());
        api =
                pool.addResourceServer(
                        "api",
                        UserPoolResourceServerOptions.builder()
                                .identifier(API)
                                .scopes(
                                        Arrays.stream(ApiScope.values())
                                                .map(it -> it.scope)
                                                .toList())
                                .build());
        clients.add(client("shop", ApiScope.WRITE_ORDERS, ApiScope.READ_ORDERS));
        clients.add(client("operator", ApiScope.OPERATOR));
        operators = new OperatorPool(this, stage);
    }

    private UserPoolClient client(String name, ApiScope... scopes) {
        return UserPoolClient.Builder.create(this, name)
                .userPool(pool)
                .userPoolClientName(name)
                .generateSecret(true)
                .accessTokenValidity(Duration.minutes(15))
                .enableTokenRevocation(true)
                .oAuth(
                        OAuthSettings.builder()
                                .flows(OAuthFlows.builder().clientCredentials(true).build())
                                .scopes(
                                        Arrays.stream(scopes)
                                                .map(it -> OAuthScope.resourceServer(api, it.scope))
                                                .toList())
                                .build())
                .build();
    }

    /// The people who operate the system.
    OperatorPool operators() {
        return operators;
    }

    /// The issuer of the tokens.
    String issuer() {
        return pool.getUserPoolProviderUrl();
    }

    /// The URI of the JSON Web Key Set of the issuer.
    String jwkSetUri() {
        return ProtectedUserPool.jwkSetUri(pool);
    }

    /// The ids of the clients whose tokens are accepted.
    List<String> clients() {
        return clients.stream().map(UserPoolClient::getUserPoolClientId).toList();
    }
}
