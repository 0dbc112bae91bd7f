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

/// The options of the environment that the topology is created for.
final class SiteOptions {

    /// An environment variable and not an option, because other users can read the options of a
    /// process.
    static final String KEY = "ORDERFLOW_INTERNAL_API_KEY";

    @Option(
            names = "--inventory-url",
            required = true,
            description = "URL at which the workflow calls inventory-service.")
    private @Nullable URI inventoryUrl;

    @Option(
            names = "--payment-url",
            required = true,
            description = "URL at which the workflow calls payment-service.")
    private @Nullable URI paymentUrl;

    @Option(
            names = "--pages-url",
            defaultValue = IssuerCommand.PAGES_URL,
            description =
                    "URL of the pages of operations-console, for the texts of alarms (default:"
                            + " ${DEFAULT-VALUE}).")
    private URI pagesUrl = URI.create(IssuerCommand.PAGES_URL);

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
                pagesUrl,
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
