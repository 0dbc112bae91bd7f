package dev.orderflow.localrun.container;

import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.Shutdown;
import dev.orderflow.sandboxes.issuer.DevelopmentIssuer;
import dev.orderflow.sandboxes.issuer.LocalProfileRequiredException;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.StandardEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs the development issuer until the process is terminated.
@Command(
        name = "issuer",
        description =
                "Run the development issuer of access tokens (port 8092) until terminated. It starts only under the"
                        + " profile 'local'. 'run' includes it; this command is for containers.",
        mixinStandardHelpOptions = true)
public final class IssuerCommand implements Callable<Integer> {

    static final String PAGES_URL = "http://127.0.0.1:8087";

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "The name or address to listen on. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(
            names = "--issuer",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8092",
            description = "The issuer claim of its tokens. Default: ${DEFAULT-VALUE}.")
    private URI issuer = URI.create("http://127.0.0.1:8092");

    @Option(
            names = "--pages-url",
            paramLabel = "URL",
            defaultValue = PAGES_URL,
            description =
                    "The URL of the pages of the operations console, which signs people in. Default: ${DEFAULT-VALUE}.")
    private URI pagesUrl = URI.create(PAGES_URL);

    @Override
    public Integer call() throws InterruptedException {
        DevelopmentIssuer running;
        try {
            running =
                    DevelopmentIssuer.start(
                            Set.of(new StandardEnvironment().getActiveProfiles()),
                            host,
                            Component.DEVELOPMENT_ISSUER.standardPort(),
                            issuer,
                            Set.of(DevelopmentIssuer.redirectUri(pagesUrl)));
        } catch (LocalProfileRequiredException failure) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), failure.getMessage());
        }
        Shutdown.register(running);
        System.out.println("the development issuer listens on " + host);
        // Until a signal terminates the process.
        new CountDownLatch(1).await();
        return 0;
    }
}
