package dev.orderflow.localrun.container;

import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.DemoCatalogue;
import dev.orderflow.localrun.SystemClient;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Creates the catalogue and stock of the demonstration.
@Command(
        name = "seed",
        description =
                "Create the catalogue and stock of the demonstration. Safe to repeat. 'run' includes it; this command"
                        + " is for containers. The key of the internal API is ORDERFLOW_INTERNAL_API_KEY.",
        mixinStandardHelpOptions = true)
public final class SeedCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--order-url",
            required = true,
            description = "URL of the internal API of order-service.")
    private @Nullable URI orderUrl;

    @Option(names = "--inventory-url", required = true, description = "URL of inventory-service.")
    private @Nullable URI inventoryUrl;

    @Override
    public Integer call() {
        var command = Objects.requireNonNull(spec).commandLine();
        var components =
                Map.of(
                        Component.ORDER_SERVICE_INTERNAL, Objects.requireNonNull(orderUrl),
                        Component.INVENTORY_SERVICE, Objects.requireNonNull(inventoryUrl));
        var key = SiteOptions.key(System.getenv(), command);
        new DemoCatalogue(
                        new SystemClient(
                                component -> Objects.requireNonNull(components.get(component)),
                                key))
                .create();
        command.getOut().println("catalogue and stock created");
        command.getOut().flush();
        return 0;
    }
}
