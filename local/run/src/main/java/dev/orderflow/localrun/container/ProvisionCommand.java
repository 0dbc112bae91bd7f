package dev.orderflow.localrun.container;

import dev.orderflow.localrun.TopologyProvisioning;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Creates the topology in the cloud that the environment variables of the AWS SDK name.
@Command(
        name = "provision",
        description = {
            "Create queues, rules, topics, workflow, alarms and dashboards with the AWS SDK. Safe to repeat."
                    + " 'run' and 'cloud' include it; this command is for another emulator.",
            "The cloud is defined by AWS_ENDPOINT_URL, AWS_REGION and the credentials of the environment, the key"
                    + " of the internal API by ORDERFLOW_INTERNAL_API_KEY."
        },
        mixinStandardHelpOptions = true)
public final class ProvisionCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;
    @Mixin private SiteOptions options = new SiteOptions();

    @Override
    public Integer call() {
        var command = Objects.requireNonNull(spec).commandLine();
        try (var provisioning = new TopologyProvisioning(options.site(command))) {
            var built = provisioning.provision();
            var out = command.getOut();
            out.printf(
                    "%d queues, bus %s, workflow %s%n",
                    built.queueUrls().size(), built.busArn(), built.stateMachineArn());
            out.flush();
        }
        return 0;
    }
}
