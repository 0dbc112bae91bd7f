package dev.orderflow.localrun.container;

import dev.orderflow.topology.CloudProvisioner;
import dev.orderflow.topology.Site;
import dev.orderflow.topology.Topology;
import java.math.BigDecimal;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Builds the topology in the cloud that the AWS SDK's own environment variables name.
@Command(
        name = "provision",
        description = {
            "Builds queues, rules, topics, workflow, alarms and dashboards with the AWS SDK, and ends. Safe to"
                    + " repeat. 'run' does it already; this is for containers.",
            "The cloud is what AWS_ENDPOINT_URL, AWS_REGION and the credentials of the environment name; the key"
                    + " of the internal API is taken from ORDERFLOW_INTERNAL_API_KEY."
        },
        mixinStandardHelpOptions = true)
public final class ProvisionCommand implements Callable<Integer> {

    /// Named by the environment and not by an option, which others could read.
    static final String KEY = "ORDERFLOW_INTERNAL_API_KEY";

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--inventory-url",
            required = true,
            description = "Where the workflow reaches inventory-service.")
    private @Nullable URI inventoryUrl;

    @Option(
            names = "--payment-url",
            required = true,
            description = "Where the workflow reaches payment-service.")
    private @Nullable URI paymentUrl;

    @Option(
            names = "--approval-limit",
            defaultValue = "1000",
            description =
                    "Orders above it wait for a person, in their own currency; ${DEFAULT-VALUE} unless given.")
    private BigDecimal approvalLimit = new BigDecimal("1000");

    @Override
    public Integer call() {
        var command = Objects.requireNonNull(spec).commandLine();
        var site =
                new Site(
                        Objects.requireNonNull(inventoryUrl),
                        Objects.requireNonNull(paymentUrl),
                        key(System.getenv(), command),
                        approvalLimit);
        try (var sqs = SqsClient.create();
                var sns = SnsClient.create();
                var events = EventBridgeClient.create();
                var states = SfnClient.create();
                var cloudWatch = CloudWatchClient.create();
                var s3 = S3Client.builder().forcePathStyle(true).build()) {
            var built =
                    new CloudProvisioner(sqs, sns, events, states, cloudWatch, s3)
                            .provision(Topology.load(), site);
            var out = command.getOut();
            out.printf(
                    "%d queues, bus %s, workflow %s%n",
                    built.queueUrls().size(), built.busArn(), built.stateMachineArn());
            out.flush();
        }
        return 0;
    }

    static String key(Map<String, String> environment, CommandLine command) {
        var key = environment.get(KEY);
        if (key == null || key.isBlank()) {
            throw new ParameterException(command, KEY + " must be set in the environment");
        }
        return key;
    }
}
