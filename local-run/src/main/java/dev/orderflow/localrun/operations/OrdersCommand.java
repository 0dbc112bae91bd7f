package dev.orderflow.localrun.operations;

import picocli.CommandLine.Command;

/// Orders that do not go on.
@Command(
        name = "orders",
        description = "Orders that somebody has to look at.",
        subcommands = OrdersCommand.Stuck.class,
        mixinStandardHelpOptions = true)
final class OrdersCommand extends NeedsSubcommand {

    @Command(
            name = "stuck",
            description =
                    "Orders without progress for longer than their state allows, and compensations that failed:"
                            + " each stays listed until somebody resolves it.",
            mixinStandardHelpOptions = true)
    static final class Stuck extends Asking {

        @Override
        Service service() {
            return Service.ORDERS;
        }

        @Override
        int ask() {
            var answer = get("/internal/work-items");
            if (json) {
                printJson(answer);
                return 0;
            }
            var table = new Table("ITEM", "ORDER", "KIND", "STATE", "SINCE", "REASON");
            for (var item : answer.path("items")) {
                table.row(
                        Table.text(item, "id"),
                        Table.text(item, "orderId"),
                        Table.text(item, "kind"),
                        Table.text(item, "state"),
                        Table.ago(item, "raisedAt"),
                        Table.text(item, "reason"));
            }
            table.print(out());
            if (answer.path("next").isString()) {
                out().println("There are more: --json shows where the next page begins.");
                out().flush();
            }
            return 0;
        }
    }
}
