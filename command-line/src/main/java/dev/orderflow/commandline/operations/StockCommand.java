package dev.orderflow.commandline.operations;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Stock and what is reserved of it.
@Command(
        name = "stock",
        description =
                "Stock and reservations: show an article's ledger or an order's reservation, release one.",
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
            description = "Every movement of an article, the latest first.",
            mixinStandardHelpOptions = true)
    static final class ShowStockLedger extends OperationsApiCommand {

        @Parameters(paramLabel = "SKU", description = "The article, say MUG-BLUE.")
        private String sku = "";

        @Override
        TargetService service() {
            return TargetService.INVENTORY;
        }

        @Override
        int execute() {
            return show(
                    get(
                            "/internal/stock/"
                                    + URLEncoder.encode(sku, StandardCharsets.UTF_8)
                                            .replace("+", "%20")
                                    + "/ledger"));
        }
    }

    @Command(
            name = "reservation",
            description = "What is reserved for an order.",
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
                    "Gives back what is reserved for an order that does not ship. The same again changes nothing.",
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
