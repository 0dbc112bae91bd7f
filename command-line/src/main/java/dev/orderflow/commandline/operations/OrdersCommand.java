package dev.orderflow.commandline.operations;

import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Orders that do not go on.
@Command(
        name = "orders",
        description =
                "Orders that need attention: list them, show one with its timeline, start a lost workflow,"
                        + " resolve an item.",
        subcommands = {
            OrdersCommand.ListStuckOrders.class,
            OrdersCommand.ShowOrder.class,
            OrdersCommand.RestartWorkflow.class,
            OrdersCommand.ResolveWorkItem.class
        },
        mixinStandardHelpOptions = true)
final class OrdersCommand extends ParentCommand {

    @Command(
            name = "stuck",
            description =
                    "Orders without progress for longer than their state allows, and compensations that failed:"
                            + " each stays listed until somebody resolves it.",
            mixinStandardHelpOptions = true)
    static final class ListStuckOrders extends OperationsApiCommand {

        @Override
        TargetService service() {
            return TargetService.ORDERS;
        }

        @Override
        int execute() {
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
            table.print(out(), "No order needs attention.");
            if (answer.path("next").isString()) {
                out().println("There are more: --json shows where the next page begins.");
                out().flush();
            }
            return 0;
        }
    }

    @Command(
            name = "show",
            description = "An order with its whole timeline, what contradicted or failed included.",
            mixinStandardHelpOptions = true)
    static final class ShowOrder extends OperationsApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Override
        TargetService service() {
            return TargetService.ORDERS;
        }

        @Override
        int execute() {
            return show(get("/internal/orders/" + order));
        }
    }

    @Command(
            name = "restart",
            description =
                    "Starts the workflow of an order that has none because its event was lost. One that has"
                            + " a workflow, in whatever state, never gets a second.",
            mixinStandardHelpOptions = true)
    static final class RestartWorkflow extends OperationsApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Override
        TargetService service() {
            return TargetService.ORDERS;
        }

        @Override
        int execute() {
            return show(post("/internal/orders/" + order + "/workflow/restart", Map.of()));
        }
    }

    @Command(
            name = "resolve",
            description =
                    "Takes an item off the list, with your name and what was done; both are kept. Items of"
                            + " orders that only stood still go by themselves when the order moves on.",
            mixinStandardHelpOptions = true)
    static final class ResolveWorkItem extends OperationsApiCommand {

        @Parameters(paramLabel = "ITEM", description = "From 'orders stuck'.")
        private UUID item = new UUID(0, 0);

        @Mixin private OperatorOption operator = new OperatorOption();

        @Option(
                names = "--note",
                paramLabel = "TEXT",
                required = true,
                description = "What was done, on one line.")
        private String note = "";

        @Override
        TargetService service() {
            return TargetService.ORDERS;
        }

        @Override
        int execute() {
            var answer =
                    post(
                            "/internal/work-items/" + item + "/resolution",
                            Map.of("by", operator.name(), "note", note));
            if (json) {
                printJson(answer);
            } else {
                out().printf(
                                "Resolved: %s of order %s, which is %s.%n",
                                Table.text(answer, "kind"),
                                Table.text(answer, "orderId"),
                                Table.text(answer, "state"));
                out().flush();
            }
            return 0;
        }
    }
}
