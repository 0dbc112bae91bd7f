package dev.orderflow.deploy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cognito.AccountRecovery;
import software.amazon.awscdk.services.cognito.CfnUserPoolGroup;
import software.amazon.awscdk.services.cognito.OAuthFlows;
import software.amazon.awscdk.services.cognito.OAuthScope;
import software.amazon.awscdk.services.cognito.OAuthSettings;
import software.amazon.awscdk.services.cognito.SignInAliases;
import software.amazon.awscdk.services.cognito.UserPool;
import software.amazon.awscdk.services.cognito.UserPoolClient;
import software.constructs.Construct;

/// The user pool of operators, apart from that of customers: a token of one is never valid for the
/// other.
///
/// An administrator of the account creates the users and puts each into the groups of its roles.
/// People sign in at the hosted pages with a second factor; the console and the command line are
/// public clients of the authorization code flow with PKCE, so there is no secret to rotate. Access
/// tokens are valid for 15 minutes in the console, which renews them, and for one hour on the
/// command line.
final class OperatorPool extends Construct {

    /// Where the console receives the authorization code.
    static final String CONSOLE_CALLBACK_PATH = "/login/oauth2/code/operators";

    /// Where the hosted pages lead after signing out there.
    private static final String SIGNED_OUT_PATH = "/signed-out";

    /// The redirect URI of `./orderflow login`.
    static final String COMMAND_LINE_CALLBACK = "http://localhost:8765/callback";

    /// The groups, which are the roles of service-defaults' `OperatorRole`.
    static final Map<String, String> GROUPS =
            new TreeMap<>(
                    Map.of(
                            "viewer", "Reads everything that operators may read",
                            "operator", "Repairs: redrives, releases, resolves, refunds",
                            "approver", "Decides approvals and confirms the actions of others",
                            "administrator", "Everything, also what cannot be undone"));

    private final Stage stage;
    private final UserPool pool;
    private final UserPoolClient console;
    private final List<UserPoolClient> clients;

    OperatorPool(Construct stack, Stage stage) {
        super(stack, "operators");
        this.stage = stage;
        pool =
                ProtectedUserPool.builder(this, "orderflow-operators")
                        .signInAliases(SignInAliases.builder().username(true).build())
                        .accountRecovery(AccountRecovery.NONE)
                        .build();
        ProtectedUserPool.addDomain(pool, "sign-in", domainPrefix(stage));
        GROUPS.forEach(
                (name, description) ->
                        CfnUserPoolGroup.Builder.create(this, name)
                                .userPoolId(pool.getUserPoolId())
                                .groupName(name)
                                .description(description)
                                .build());
        var pages = pagesUrl(stage);
        console =
                client(
                        "console",
                        pages + CONSOLE_CALLBACK_PATH,
                        List.of(pages + SIGNED_OUT_PATH),
                        Duration.minutes(15));
        var commandLine =
                client("command-line", COMMAND_LINE_CALLBACK, List.of(), Duration.hours(1));
        clients = List.of(console, commandLine);
        CfnOutput.Builder.create(this, "issuer-url").value(issuer()).build();
        CfnOutput.Builder.create(this, "command-line-client-id")
                .value(commandLine.getUserPoolClientId())
                .build();
    }

    private static String domainPrefix(Stage stage) {
        return "orderflow-operators-" + stage.account();
    }

    /// The host name of the hosted pages and the token endpoint.
    static String domain(Stage stage) {
        return "%s.auth.%s.amazoncognito.com".formatted(domainPrefix(stage), stage.region());
    }

    /// The address of the console's pages.
    static String pagesUrl(Stage stage) {
        return "https://" + InternalLoadBalancer.pagesHost(stage);
    }

    /// The endpoints of the console's client, as properties of operations-console.
    Map<String, String> signInVariables() {
        var client = console.getUserPoolClientId();
        return Map.of(
                "ORDERFLOW_OPERATIONS_PAGES_URL",
                pagesUrl(stage),
                "ORDERFLOW_OPERATIONS_SIGNIN_CLIENTID",
                client,
                "ORDERFLOW_OPERATIONS_SIGNIN_SCOPES",
                "openid,profile",
                "ORDERFLOW_OPERATIONS_SIGNIN_AUTHORIZATIONURI",
                "https://%s/oauth2/authorize".formatted(domain(stage)),
                "ORDERFLOW_OPERATIONS_SIGNIN_TOKENURI",
                "https://%s/oauth2/token".formatted(domain(stage)),
                "ORDERFLOW_OPERATIONS_SIGNIN_JWKSETURI",
                jwkSetUri(),
                "ORDERFLOW_OPERATIONS_SIGNIN_SIGNOUTURI",
                "https://%s/logout?client_id=%s&logout_uri=%s%s"
                        .formatted(domain(stage), client, pagesUrl(stage), SIGNED_OUT_PATH));
    }

    private UserPoolClient client(
            String name, String callback, List<String> signedOut, Duration lifetime) {
        return UserPoolClient.Builder.create(this, name + "-client")
                .userPool(pool)
                .userPoolClientName(name)
                .generateSecret(false)
                .accessTokenValidity(lifetime)
                .idTokenValidity(lifetime)
                .refreshTokenValidity(Duration.hours(8))
                .enableTokenRevocation(true)
                .preventUserExistenceErrors(true)
                .oAuth(
                        OAuthSettings.builder()
                                .flows(OAuthFlows.builder().authorizationCodeGrant(true).build())
                                .scopes(List.of(OAuthScope.OPENID, OAuthScope.PROFILE))
                                .callbackUrls(List.of(callback))
                                .logoutUrls(signedOut)
                                .build())
                .build();
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
