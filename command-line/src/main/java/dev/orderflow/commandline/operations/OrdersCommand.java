package dev.orderflow.commandline.operations;

import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Orders that need attention.
@Command(
        name = "orders",
        description =
                "List stuck orders, show an order with its timeline, start a missing workflow, resolve a work"
                        + " item.",
        subcommands = {
            OrdersCommand.ListStuckOrders.class,
            OrdersCommand.ShowOrder.class,
            OrdersCommand.StartWorkflow.class,
            OrdersCommand.ResolveWorkItem.class
        },
        mixinStandardHelpOptions = true)
final class OrdersCommand extends ParentCommand {

    @Command(
            name = "stuck",
            description =
                    "List orders without progress for longer than their state allows, and failed compensations."
                            + " A work item is listed until it is resolved.",
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
                out().println("There are more; --json prints the cursor of the next page.");
                out().flush();
            }
            return 0;
        }
    }

    @Command(
            name = "show",
            description =
                    "Show an order with its complete timeline, including contradictions and failures.",
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
            name = "start-workflow",
            description =
                    "Start the workflow of an order whose event was lost. An order that has a workflow, in"
                            + " whatever state, never gets a second one.",
            mixinStandardHelpOptions = true)
    static final class StartWorkflow extends OperationsApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Override
        TargetService service() {
            return TargetService.ORDERS;
        }

        @Override
        int execute() {
            return show(post("/internal/orders/" + order + "/workflow/start", Map.of()));
        }
    }

    @Command(
            name = "resolve",
            description =
                    "Resolve a work item with your name and a note, for the audit trail. Work items of stuck"
                            + " orders are resolved automatically when the order makes progress.",
            mixinStandardHelpOptions = true)
    static final class ResolveWorkItem extends OperationsApiCommand {

        @Parameters(paramLabel = "ITEM", description = "The item id of 'orders stuck'.")
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
