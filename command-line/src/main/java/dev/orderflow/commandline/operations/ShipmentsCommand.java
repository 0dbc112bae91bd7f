package dev.orderflow.commandline.operations;

import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// An order's shipment.
@Command(
        name = "shipments",
        description = "An order's shipment, as shipping-service has it.",
        subcommands = ShipmentsCommand.ShowShipment.class,
        mixinStandardHelpOptions = true)
final class ShipmentsCommand extends ParentCommand {

    @Command(
            name = "show",
            description =
                    "The shipment's state, its tracking number, and whether the workflow has its answer.",
            mixinStandardHelpOptions = true)
    static final class ShowShipment extends OperationsApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Override
        TargetService service() {
            return TargetService.SHIPPING;
        }

        @Override
        int execute() {
            return show(get("/internal/shipments/" + order));
        }
    }
}
