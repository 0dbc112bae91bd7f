package dev.orderflow.sandboxes.issuer;

import java.net.URI;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// Spring Authorization Server with a client for every name there can be.
///
/// ```bash
/// curl -u ada:local 127.0.0.1:8092/oauth2/token -d grant_type=client_credentials
/// ```
public final class DevelopmentIssuer implements AutoCloseable {

    /// Without it in force nothing starts.
    public static final String PROFILE = "local";

    /// Whom its tokens are for.
    public static final String AUDIENCE = "orderflow";

    /// The secret of every client, which is no secret.
    static final String SECRET = "local";

    private static final Logger log = LoggerFactory.getLogger(DevelopmentIssuer.class);

    private final ConfigurableApplicationContext context;

    private DevelopmentIssuer(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /// Starts it.
    ///
    /// @param profiles what is in force; `local` must be among it
    /// @param host the name or address to listen on
    /// @param issuer what it calls itself in its tokens
    /// @throws LocalProfileRequiredException under other profiles
    public static DevelopmentIssuer start(Set<String> profiles, String host, int port, URI issuer) {
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
                                "--issuer=" + issuer);
        log.warn("{} gives everybody any token: for development only", issuer);
        return new DevelopmentIssuer(context);
    }

    /// Where the keys are by which it signs.
    public static URI jwksUrl(URI issuer) {
        return issuer.resolve("/oauth2/jwks");
    }

    @Override
    public void close() {
        context.close();
    }
}
