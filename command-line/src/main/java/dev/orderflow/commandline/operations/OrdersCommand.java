package dev.orderflow.commandline.operations;

import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// One order.
@Command(
        name = "orders",
        description = "Show an order with its timeline, or start its missing workflow.",
        subcommands = {OrdersCommand.ShowOrder.class, OrdersCommand.StartWorkflow.class},
        mixinStandardHelpOptions = true)
final class OrdersCommand extends ParentCommand {

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
}
