package dev.orderflow.commandline.operations;

import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// An order's shipment.
@Command(
        name = "shipments",
        description = "An order's shipment, as shipping-service has it.",
        subcommands = ShipmentsCommand.Show.class,
        mixinStandardHelpOptions = true)
final class ShipmentsCommand extends NeedsSubcommand {

    @Command(
            name = "show",
            description =
                    "The shipment's state, its tracking number, and whether the workflow has its answer.",
            mixinStandardHelpOptions = true)
    static final class Show extends Asking {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Override
        Service service() {
            return Service.SHIPPING;
        }

        @Override
        int ask() {
            return show(get("/internal/shipments/" + order));
        }
    }
}
