package dev.orderflow.localrun.container;

import dev.orderflow.localcloud.LocalCloud;
import dev.orderflow.localmachine.FreePorts;
import dev.orderflow.localpostgres.ScratchFolder;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.Databases;
import dev.orderflow.localrun.PersonalDataKey;
import dev.orderflow.localrun.RandomKey;
import dev.orderflow.localrun.ServicePorts;
import dev.orderflow.localrun.ServiceSettings;
import dev.orderflow.localrun.Shutdown;
import dev.orderflow.localrun.TopologyProvisioning;
import dev.orderflow.localrun.TopologyProvisioning.AwsClientSettings;
import dev.orderflow.sandboxes.issuer.DevelopmentIssuer;
import dev.orderflow.topology.ApprovalLimits;
import dev.orderflow.topology.CloudEnvironment;
import dev.orderflow.topology.CloudProvisioner.ProvisionedCloud;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Creates the AOT cache of a service for its image, with a Postgres and a local-cloud of its own.
@Command(
        name = "train",
        description =
                "Create the AOT cache of a service: start it completely, with Postgres and local-cloud, and stop it."
                        + " For the build of images.",
        mixinStandardHelpOptions = true)
public final class TrainCommand implements Callable<Integer> {

    @Option(
            names = "--service",
            required = true,
            paramLabel = "NAME",
            description = "The service, such as order-service.")
    private String service = "";

    @Option(
            names = "--java",
            required = true,
            paramLabel = "FILE",
            description = "The executable of the JVM that will use the cache.")
    private Path java = Path.of("");

    @Option(
            names = "--jar",
            required = true,
            paramLabel = "FILE",
            description =
                    "The extracted jar of the service, with the path with which it will be started.")
    private Path jar = Path.of("");

    @Option(
            names = "--options",
            required = true,
            paramLabel = "FILE",
            description = "The options of the JVM, as java @FILE reads them.")
    private Path options = Path.of("");

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "The cache to write.")
    private Path output = Path.of("");

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        var command = Objects.requireNonNull(spec).commandLine();
        var component =
                Component.services().stream()
                        .filter(each -> each.label().equals(service))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new ParameterException(
                                                command, "there is no service '" + service + "'"));
        var password = RandomKey.generate();
        var key = RandomKey.generate();
        var databases = Databases.in(Optional.empty(), ScratchFolder.create(), password);
        Shutdown.register(databases);
        databases.start();
        var cloud = LocalCloud.builder().start();
        Shutdown.register(cloud);
        int issuerPort = FreePorts.findOne();
        var issuer = URI.create("http://127.0.0.1:" + issuerPort);
        Shutdown.register(
                DevelopmentIssuer.start(
                        Set.of(DevelopmentIssuer.PROFILE), "127.0.0.1", issuerPort, issuer));
        // Nothing listens there: a service calls others only for orders.
        var others = URI.create("http://127.0.0.1:" + FreePorts.findOne());
        Function<Component, URI> urls =
                callee ->
                        switch (callee) {
                            case LOCAL_CLOUD -> cloud.endpoint();
                            case DEVELOPMENT_ISSUER -> issuer;
                            default -> others;
                        };
        var ports = ServicePorts.free();
        var properties =
                new ArrayList<>(
                        ServiceSettings.of(
                                component,
                                ports,
                                databases.url(component),
                                password,
                                urls,
                                key,
                                PersonalDataKey.of(Optional.empty()),
                                provision(cloud.endpoint(), others, key)));
        // As the image runs: structured logs and all. Without `local` unencrypted connections are
        // refused.
        properties.removeIf(property -> property.startsWith("--spring.profiles.active"));
        properties.add("--spring.profiles.active=container,local");
        CacheTraining.train(
                component,
                java,
                jar,
                CacheTraining.imageOptions(options),
                List.copyOf(properties),
                URI.create("http://127.0.0.1:" + ports.management()),
                output,
                output.resolveSibling(output.getFileName() + ".log"));
        return 0;
    }

    private static ProvisionedCloud provision(URI cloud, URI services, String key) {
        try (var provisioning =
                new TopologyProvisioning(
                        new CloudEnvironment(
                                services,
                                services,
                                services,
                                key,
                                ApprovalLimits.parse(ApprovalLimits.STANDARD)),
                        AwsClientSettings.ofLocalCloud(cloud))) {
            return provisioning.provision();
        }
    }
}
