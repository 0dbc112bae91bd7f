package dev.orderflow.commandline.operations;

import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// An order's shipment.
@Command(
        name = "shipments",
        description = "Show an order's shipment.",
        subcommands = ShipmentsCommand.ShowShipment.class,
        mixinStandardHelpOptions = true)
final class ShipmentsCommand extends ParentCommand {

    @Command(
            name = "show",
            description =
                    "Show the state, the tracking number and whether the workflow was notified.",
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
