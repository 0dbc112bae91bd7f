package dev.orderflow.commandline.operations;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// E-mails with unknown delivery status.
@Command(
        name = "notifications",
        description = "List and resolve e-mails with unknown delivery status.",
        subcommands = {
            NotificationsCommand.ListNotifications.class,
            NotificationsCommand.ResolveNotification.class
        },
        mixinStandardHelpOptions = true)
final class NotificationsCommand extends ParentCommand {

    @Command(
            name = "list",
            description = "List notifications by state, the newest first.",
            mixinStandardHelpOptions = true)
    static final class ListNotifications extends OperationsApiCommand {

        @Option(
                names = "--state",
                paramLabel = "STATE",
                defaultValue = "UNKNOWN",
                description = "UNKNOWN, SENT, CLAIMED or SUPERSEDED. Default: ${DEFAULT-VALUE}.")
        private String state = "";

        @Mixin private PageOption page = new PageOption();

        @Override
        TargetService service() {
            return TargetService.NOTIFICATIONS;
        }

        @Override
        int execute() {
            return showList(
                    get(page.addTo("/internal/notifications?state=" + encode(state))),
                    "notifications",
                    new Table("ORDER", "EVENT", "CHANNEL", "STATE", "SINCE", "RESOLVED BY"),
                    entry ->
                            List.of(
                                    Table.text(entry, "orderId"),
                                    Table.text(entry, "eventType"),
                                    Table.text(entry, "channel"),
                                    Table.text(entry, "state"),
                                    Table.ago(entry, "claimedAt"),
                                    Table.text(entry, "resolvedByName")),
                    "No notification is " + Table.plain(state) + ".");
        }
    }

    @Command(
            name = "resolve",
            description =
                    "Mark a notification as sent, because the customer has the information. Repeating it changes nothing.",
            mixinStandardHelpOptions = true)
    static final class ResolveNotification extends OperationsApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Option(
                names = "--event",
                paramLabel = "TYPE",
                required = true,
                description = "The event type of 'notifications list', such as OrderShipped.")
        private String eventType = "";

        @Option(
                names = "--note",
                paramLabel = "TEXT",
                required = true,
                description = "How this was verified, on one line.")
        private String note = "";

        @Override
        TargetService service() {
            return TargetService.NOTIFICATIONS;
        }

        @Override
        int execute() {
            return show(
                    post(
                            "/internal/notifications/" + order + "/resolution",
                            Map.of("eventType", eventType, "note", note)));
        }
    }
}
