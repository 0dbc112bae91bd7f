package dev.orderflow.commandline.operations;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Actions that wait for a second person.
@Command(
        name = "confirmations",
        description = "List and confirm large or forced actions, which wait for a second person.",
        subcommands = {
            ConfirmationsCommand.ListConfirmations.class,
            ConfirmationsCommand.ConfirmAction.class
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "operations-console stores redrives, discards and dismissals, payment-service stores refunds. An action is",
            "executed when another person with the role approver or administrator confirms it within its time limit."
        })
final class ConfirmationsCommand extends ParentCommand {

    private static final String PATH = "/internal/confirmations";

    abstract static class ConfirmationsApiCommand extends OperationsApiCommand {

        @Option(
                names = "--payments",
                description = "The refunds of payment-service instead of operations-console.")
        private boolean payments;

        @Override
        final TargetService service() {
            return payments ? TargetService.PAYMENTS : TargetService.OPERATIONS;
        }
    }

    @Command(
            name = "list",
            description = "List the actions that wait for a second person, the oldest first.",
            mixinStandardHelpOptions = true)
    static final class ListConfirmations extends ConfirmationsApiCommand {

        @Override
        int execute() {
            return showList(
                    get(PATH),
                    "actions",
                    new Table("ID", "ACTION", "REQUESTED BY", "AGE", "EXPIRES"),
                    action ->
                            List.of(
                                    Table.text(action, "id"),
                                    Table.text(action, "description"),
                                    Table.text(action, "requestedByName"),
                                    Table.ago(action, "requestedAt"),
                                    Table.text(action, "expiresAt")),
                    "No action waits for a second person.");
        }
    }

    @Command(
            name = "confirm",
            description = "Confirm an action of another person, which is then executed.",
            mixinStandardHelpOptions = true)
    static final class ConfirmAction extends ConfirmationsApiCommand {

        @Parameters(paramLabel = "ID", description = "The id of 'confirmations list'.")
        private UUID id = new UUID(0, 0);

        @Override
        int execute() {
            return show(post(PATH + "/" + id + "/confirmation", Map.of()));
        }
    }

    /// Whether a response says that the action waits for a second person.
    static boolean isWaiting(JsonNode response) {
        return response.has("requestedBy") && response.has("expiresAt");
    }
}
