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

/// Runs the development issuer until it is told to stop.
@Command(
        name = "issuer",
        description =
                "Runs the issuer of tokens for development alone (port 8092), until stopped, under the profile"
                        + " 'local' only. 'run' has it already; this is for containers.",
        mixinStandardHelpOptions = true)
public final class IssuerCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "The name or address to listen on; ${DEFAULT-VALUE} unless given.")
    private String host = "127.0.0.1";

    @Option(
            names = "--issuer",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8092",
            description = "What it calls itself in tokens; ${DEFAULT-VALUE} unless given.")
    private URI issuer = URI.create("http://127.0.0.1:8092");

    @Override
    public Integer call() throws InterruptedException {
        DevelopmentIssuer running;
        try {
            running =
                    DevelopmentIssuer.start(
                            Set.of(new StandardEnvironment().getActiveProfiles()),
                            host,
                            Component.DEVELOPMENT_ISSUER.standardPort(),
                            issuer);
        } catch (LocalProfileRequiredException elsewhere) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), elsewhere.getMessage());
        }
        Shutdown.register(running);
        System.out.println("the development issuer listens on " + host);
        // Only a signal ends it.
        new CountDownLatch(1).await();
        return 0;
    }
}
