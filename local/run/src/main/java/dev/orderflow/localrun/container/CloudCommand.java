package dev.orderflow.localrun.container;

import dev.orderflow.localcloud.LocalCloud;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.Shutdown;
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

/// Runs local-cloud with the topology in place until it is told to stop.
///
/// local-cloud keeps everything in memory, so whatever starts it again must build the topology
/// again: services would find no queue, and EventBridge answers success to events for a bus that
/// does not exist. So it is this process that builds it, before it answers anybody, and its health
/// that says so.
@Command(
        name = "cloud",
        description = {
            "Runs local-cloud (port 4566) with queues, rules, workflow, alarms and dashboards in place, until"
                    + " stopped. 'run' has it already; this is for containers.",
            "They are there before the first caller is answered. The key of the internal API is taken from"
                    + " ORDERFLOW_INTERNAL_API_KEY. GET http://127.0.0.1:4567/health is answered with 200 while"
                    + " they are there, and builds them again when they are not, as AWS_ENDPOINT_URL, AWS_REGION"
                    + " and the credentials of the environment say."
        },
        mixinStandardHelpOptions = true)
public final class CloudCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;
    @Mixin private SiteOptions options = new SiteOptions();

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "The address to listen on; ${DEFAULT-VALUE} unless given.")
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
            // Only a signal ends it.
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
                    "%d queues, bus %s, workflow %s are in place%n",
                    built.queueUrls().size(), built.busArn(), built.stateMachineArn());
            out.flush();
        }
    }
}
