package dev.orderflow.localrun.container;

import dev.orderflow.localrun.ApprovalLimitsOption;
import dev.orderflow.topology.ApprovalLimits;
import dev.orderflow.topology.CloudEnvironment;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// What the topology must know of its surroundings, as options.
final class SiteOptions {

    /// Named by the environment and not by an option, which others could read.
    static final String KEY = "ORDERFLOW_INTERNAL_API_KEY";

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
            names = "--approval-limits",
            defaultValue = ApprovalLimits.STANDARD,
            converter = ApprovalLimitsOption.class,
            description = ApprovalLimitsOption.DESCRIPTION)
    private ApprovalLimits approvalLimits = ApprovalLimits.parse(ApprovalLimits.STANDARD);

    /// @throws ParameterException when the environment has no key
    CloudEnvironment site(CommandLine command) {
        return new CloudEnvironment(
                Objects.requireNonNull(inventoryUrl),
                Objects.requireNonNull(paymentUrl),
                key(System.getenv(), command),
                approvalLimits);
    }

    static String key(Map<String, String> environment, CommandLine command) {
        var key = environment.get(KEY);
        if (key == null || key.isBlank()) {
            throw new ParameterException(command, KEY + " must be set in the environment");
        }
        return key;
    }
}
