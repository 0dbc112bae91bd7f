package dev.orderflow.commandline.operations;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Work items: orders that need an operator.
@Command(
        name = "work-items",
        description = "List and resolve work items: orders that need an operator.",
        subcommands = {
            WorkItemsCommand.ListWorkItems.class,
            WorkItemsCommand.ResolveWorkItem.class
        },
        mixinStandardHelpOptions = true)
final class WorkItemsCommand extends ParentCommand {

    @Command(
            name = "list",
            description =
                    "List the open work items, oldest first: orders that need an operator, with the kind and the"
                            + " reason. A work item is listed until it is resolved.",
            mixinStandardHelpOptions = true)
    static final class ListWorkItems extends OperationsApiCommand {

        @Mixin private PageOption page = new PageOption();

        @Override
        TargetService service() {
            return TargetService.ORDERS;
        }

        @Override
        int execute() {
            return showList(
                    get(page.addTo("/internal/work-items")),
                    "items",
                    new Table("ITEM", "ORDER", "KIND", "STATE", "SINCE", "REASON"),
                    item ->
                            List.of(
                                    Table.text(item, "id"),
                                    Table.text(item, "orderId"),
                                    Table.text(item, "kind"),
                                    Table.text(item, "state"),
                                    Table.ago(item, "openedAt"),
                                    Table.text(item, "reason")),
                    "No work item is open.");
        }
    }

    @Command(
            name = "resolve",
            description =
                    "Resolve a work item with a note, which is stored with it and your name. Work items of stuck"
                            + " orders are resolved automatically when the order makes progress.",
            mixinStandardHelpOptions = true)
    static final class ResolveWorkItem extends OperationsApiCommand {

        @Parameters(paramLabel = "ITEM", description = "The item id of 'work-items list'.")
        private UUID item = new UUID(0, 0);

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
            var answer = post("/internal/work-items/" + item + "/resolution", Map.of("note", note));
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
