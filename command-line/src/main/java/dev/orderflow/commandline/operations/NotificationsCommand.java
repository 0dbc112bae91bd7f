package dev.orderflow.commandline.operations;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// E-mails of which nobody knows whether they left.
@Command(
        name = "notifications",
        description = "E-mails with unknown delivery status: list them, settle one.",
        subcommands = {
            NotificationsCommand.ListNotifications.class,
            NotificationsCommand.ResolveNotification.class
        },
        mixinStandardHelpOptions = true)
final class NotificationsCommand extends ParentCommand {

    @Command(
            name = "list",
            description = "Notifications in a state, the newest first, 100 at most.",
            mixinStandardHelpOptions = true)
    static final class ListNotifications extends OperationsApiCommand {

        @Option(
                names = "--state",
                paramLabel = "STATE",
                defaultValue = "UNKNOWN",
                description = "UNKNOWN, SENT, CLAIMED or SUPERSEDED. Default: ${DEFAULT-VALUE}.")
        private String state = "";

        @Override
        TargetService service() {
            return TargetService.NOTIFICATIONS;
        }

        @Override
        int execute() {
            var answer =
                    get(
                            "/internal/notifications?state="
                                    + URLEncoder.encode(state, StandardCharsets.UTF_8));
            if (json) {
                printJson(answer);
                return 0;
            }
            var table = new Table("ORDER", "EVENT", "CHANNEL", "STATE", "SINCE", "SETTLED BY");
            for (var entry : answer) {
                table.row(
                        Table.text(entry, "orderId"),
                        Table.text(entry, "eventType"),
                        Table.text(entry, "channel"),
                        Table.text(entry, "state"),
                        Table.ago(entry, "claimedAt"),
                        Table.text(entry, "settledBy"));
            }
            table.print(out(), "No notification is " + Table.plain(state) + ".");
            return 0;
        }
    }

    @Command(
            name = "resolve",
            description =
                    "Says that the customer knows, which counts as sent. In the same words again it changes nothing.",
            mixinStandardHelpOptions = true)
    static final class ResolveNotification extends OperationsApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Option(
                names = "--event",
                paramLabel = "TYPE",
                required = true,
                description =
                        "What the e-mail is about, as 'notifications list' has it, say OrderShipped.")
        private String eventType = "";

        @Mixin private OperatorOption operator = new OperatorOption();

        @Option(
                names = "--note",
                paramLabel = "TEXT",
                required = true,
                description = "How it is known, on one line.")
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
                            Map.of("eventType", eventType, "by", operator.name(), "note", note)));
        }
    }
}
