package dev.orderflow.commandline.operations;

import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Stock and reservations.
@Command(
        name = "stock",
        description =
                "Show an article's stock ledger or an order's reservation; release a reservation.",
        subcommands = {
            StockCommand.ShowStockLedger.class,
            StockCommand.ShowReservation.class,
            StockCommand.ReleaseReservation.class
        },
        mixinStandardHelpOptions = true)
final class StockCommand extends ParentCommand {

    private static final String RESERVATIONS = "/internal/reservations/";

    @Command(
            name = "ledger",
            description = "Show all stock movements of an article, the latest first.",
            mixinStandardHelpOptions = true)
    static final class ShowStockLedger extends OperationsApiCommand {

        @Parameters(paramLabel = "SKU", description = "The article, such as MUG-BLUE.")
        private String sku = "";

        @Override
        TargetService service() {
            return TargetService.INVENTORY;
        }

        @Override
        int execute() {
            return show(get("/internal/stock/" + segment(sku) + "/ledger"));
        }
    }

    @Command(
            name = "reservation",
            description = "Show an order's reservation.",
            mixinStandardHelpOptions = true)
    static final class ShowReservation extends OperationsApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Override
        TargetService service() {
            return TargetService.INVENTORY;
        }

        @Override
        int execute() {
            return show(get(RESERVATIONS + order));
        }
    }

    @Command(
            name = "release",
            description =
                    "Release the reservation of an order that is not shipped. Repeating it changes nothing.",
            mixinStandardHelpOptions = true)
    static final class ReleaseReservation extends OperationsApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Override
        TargetService service() {
            return TargetService.INVENTORY;
        }

        @Override
        int execute() {
            return show(
                    post(RESERVATIONS + order + "/release", Map.of(), "operator-release-" + order));
        }
    }
}
