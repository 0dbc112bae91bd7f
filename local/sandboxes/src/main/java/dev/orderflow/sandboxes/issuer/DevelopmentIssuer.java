package dev.orderflow.sandboxes.issuer;

import java.net.URI;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// A Spring Authorization Server with a client for every name.
///
/// ```bash
/// curl -u ada:local 127.0.0.1:8092/oauth2/token -d grant_type=client_credentials
/// ```
///
/// A [DevelopmentOperator] requests a token for the internal API with the scope `operations`, or
/// signs in with a browser: the client [#CONSOLE_CLIENT] has the authorization code flow with PKCE,
/// [#COMMAND_LINE_CLIENT] the device grant ([RFC 8628](https://www.rfc-editor.org/rfc/rfc8628)).
/// The page of both lists the operators.
public final class DevelopmentIssuer implements AutoCloseable {

    /// The profile without which the issuer does not start.
    public static final String PROFILE = "local";

    /// The audience of the tokens of customers and their programs.
    public static final String AUDIENCE = "orderflow";

    /// The audience of the tokens of operators, for the internal API.
    public static final String OPERATIONS_AUDIENCE = "orderflow-operations";

    /// The client with which the operations console signs people in.
    public static final String CONSOLE_CLIENT = "operations-console";

    /// The client with which the command line signs people in who use the browser of another
    /// device.
    public static final String COMMAND_LINE_CLIENT = "command-line";

    /// The scope with which a [DevelopmentOperator] requests such a token.
    static final String OPERATIONS_SCOPE = "operations";

    /// The client secret of every client; it is public.
    public static final String SECRET = "local";

    private static final Logger log = LoggerFactory.getLogger(DevelopmentIssuer.class);

    private final ConfigurableApplicationContext context;

    private DevelopmentIssuer(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /// Starts the issuer.
    ///
    /// @param profiles the active profiles, which must contain `local`
    /// @param host the name or address to listen on
    /// @param issuer the issuer claim of its tokens
    /// @throws LocalProfileRequiredException without the profile `local`
    public static DevelopmentIssuer start(Set<String> profiles, String host, int port, URI issuer) {
        return start(profiles, host, port, issuer, Set.of());
    }

    /// Starts the issuer with the authorization code flow.
    ///
    /// @param redirectUris the URIs to which [#CONSOLE_CLIENT] may have its users redirected; a
    ///     request must name one of them exactly
    /// @throws LocalProfileRequiredException without the profile `local`
    public static DevelopmentIssuer start(
            Set<String> profiles, String host, int port, URI issuer, Set<URI> redirectUris) {
        if (!profiles.contains(PROFILE)) {
            throw new LocalProfileRequiredException();
        }
        var context =
                new SpringApplicationBuilder(IssuerConfiguration.class)
                        .profiles(PROFILE)
                        .bannerMode(Banner.Mode.OFF)
                        .registerShutdownHook(false)
                        .properties("spring.config.name=development-issuer")
                        .run(
                                "--server.address=" + host,
                                "--server.port=" + port,
                                "--spring.jmx.enabled=false",
                                "--issuer=" + issuer,
                                "--redirect-uris="
                                        + redirectUris.stream()
                                                .map(URI::toString)
                                                .collect(Collectors.joining(",")));
        log.warn("{} issues tokens without authentication: for development only", issuer);
        return new DevelopmentIssuer(context);
    }

    /// Where the operations console receives authorization codes.
    ///
    /// @param pages the URL of its pages
    public static URI redirectUri(URI pages) {
        return pages.resolve("/login/oauth2/code/operators");
    }

    /// The URL of its JWKS.
    public static URI jwksUrl(URI issuer) {
        return issuer.resolve("/oauth2/jwks");
    }

    @Override
    public void close() {
        context.close();
    }
}
