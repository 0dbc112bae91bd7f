package dev.orderflow.localrun.container;

import dev.orderflow.localcloud.LocalCloud;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.Shutdown;
import dev.orderflow.localrun.TopologyProvisioning;
import dev.orderflow.topology.CloudEnvironment;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Runs local-cloud with the topology until the process is terminated.
///
/// local-cloud keeps everything in memory, so the topology must be created at every start:
/// otherwise services would find no queue, and EventBridge accepts events for a bus that does not
/// exist. Therefore this process creates the topology before it serves the first request, and its
/// health endpoint reports it.
@Command(
        name = "cloud",
        description = {
            "Run local-cloud (port 4566) with queues, rules, workflow, alarms and dashboards until terminated."
                    + " 'run' includes it; this command is for containers.",
            "The topology is created before the first request is served. The key of the internal API is"
                    + " ORDERFLOW_INTERNAL_API_KEY. GET http://127.0.0.1:4567/health returns 200 when the topology"
                    + " exists, and creates what is missing, with AWS_ENDPOINT_URL, AWS_REGION and the credentials"
                    + " of the environment."
        },
        mixinStandardHelpOptions = true)
public final class CloudCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;
    @Mixin private SiteOptions options = new SiteOptions();

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "The address to listen on. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Override
    public Integer call() throws InterruptedException {
        var command = Objects.requireNonNull(spec).commandLine();
        var site = options.site(command);
        var out = command.getOut();
        var cloud =
                LocalCloud.builder()
                        .host(host)
                        .port(Component.LOCAL_CLOUD.standardPort())
                        .prepare(endpoint -> build(site, endpoint, out))
                        .start();
        Shutdown.register(cloud);
        out.println("local-cloud listens on " + cloud.endpoint());
        out.flush();
        try (var provisioning = new TopologyProvisioning(site);
                var _ = TopologyHealth.start(TopologyHealth.PORT, provisioning)) {
            // Until a signal terminates the process.
            new CountDownLatch(1).await();
        }
        return 0;
    }

    private static void build(CloudEnvironment site, URI endpoint, PrintWriter out) {
        try (var provisioning =
                new TopologyProvisioning(
                        site, TopologyProvisioning.AwsClientSettings.withEndpoint(endpoint))) {
            var built = provisioning.provision();
            out.printf(
                    "%d queues, bus %s, workflow %s created%n",
                    built.queueUrls().size(), built.busArn(), built.stateMachineArn());
            out.flush();
        }
    }
}
