package dev.orderflow.commandline.operations;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Dead-lettered messages.
@Command(
        name = "dlq",
        description = "List, inspect, redrive and discard dead-lettered messages.",
        subcommands = {
            DlqCommand.ListDeadLetters.class,
            DlqCommand.ShowDeadLetters.class,
            DlqCommand.RedriveDeadLetters.class,
            DlqCommand.DiscardDeadLetters.class
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Fix the cause first, then for example:",
            "  ./orderflow dlq list",
            "  ./orderflow dlq show shipping-requests",
            "  ./orderflow dlq redrive shipping-requests --all --dry-run",
            "  ./orderflow dlq redrive shipping-requests --fingerprint 4f1d… --canary --reason 'carrier is back'",
            "",
            "Exit codes: 0 success; 1 not everything was redriven or a queue could not be read;",
            "2 usage error or connection failure."
        })
final class DlqCommand extends ParentCommand {

    private static final String PATH = "/internal/operations/dead-letters";

    private static String at(String queue) {
        return PATH + "/" + OperationsApiCommand.segment(queue);
    }

    @Command(
            name = "list",
            description = "List all dead-letter queues, with their messages grouped by reason.",
            mixinStandardHelpOptions = true)
    static final class ListDeadLetters extends OperationsApiCommand {

        @Override
        int execute() {
            var answer = get(PATH);
            boolean readable = true;
            boolean empty = true;
            var table = new Table("QUEUE", "MESSAGES", "FINGERPRINT", "COUNT", "OLDEST", "REASON");
            for (var queue : answer.path("queues")) {
                var name = Table.text(queue, "queue");
                var count =
                        queue.path("count").asString()
                                + (queue.path("complete").booleanValue(true) ? "" : "+");
                if (queue.has("problem")) {
                    readable = false;
                    table.row(
                            name,
                            "?",
                            "-",
                            "-",
                            "-",
                            "unreadable: " + Table.text(queue, "problem"));
                } else if (queue.path("groups").isEmpty()) {
                    table.row(name, count, "-", "-", "-", "");
                }
                empty &= queue.path("count").intValue() == 0;
                for (var group : queue.path("groups")) {
                    table.row(
                            name,
                            count,
                            Table.text(group, "fingerprint"),
                            Table.text(group, "count"),
                            Table.ago(group, "oldest"),
                            Table.text(group, "reason"));
                }
            }
            if (json) {
                printJson(answer);
            } else {
                table.print(out());
                if (readable && empty) {
                    out().println("All dead-letter queues are empty.");
                    out().flush();
                }
            }
            return readable ? 0 : 1;
        }
    }

    @Command(
            name = "show",
            description =
                    "List the messages of a dead-letter queue, without payloads, compared with their orders.",
            mixinStandardHelpOptions = true)
    static final class ShowDeadLetters extends OperationsApiCommand {

        @Parameters(
                paramLabel = "QUEUE",
                description = "The queue name of 'dlq list'; the suffix '-dlq' is optional.")
        private String queue = "";

        @Option(
                names = "--fingerprint",
                paramLabel = "F",
                description = "Only messages with this fingerprint.")
        private @Nullable String fingerprint;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "100",
                description = "Maximum number, 1 to 500. Default: ${DEFAULT-VALUE}.")
        private int limit;

        @Override
        int execute() {
            var answer =
                    get(
                            at(queue)
                                    + "?limit="
                                    + limit
                                    + (fingerprint == null
                                            ? ""
                                            : "&fingerprint=" + encode(fingerprint)));
            if (json) {
                printJson(answer);
                return 0;
            }
            var table =
                    new Table(
                            "MESSAGE",
                            "TYPE",
                            "ORDER",
                            "ORDER STATE",
                            "ASSESSMENT",
                            "AGE",
                            "REASON");
            for (var message : answer.path("messages")) {
                table.row(
                        Table.text(message, "messageId"),
                        Table.text(message, "type"),
                        Table.text(message, "orderId"),
                        Table.text(message, "orderState"),
                        Table.text(message, "assessment"),
                        Table.ago(message, "sentAt"),
                        Table.text(message, "reason"));
            }
            table.print(
                    out(),
                    fingerprint == null
                            ? "%s is empty.".formatted(Table.text(answer, "queue"))
                            : "%s has no message with this fingerprint."
                                    .formatted(Table.text(answer, "queue")));
            if (!answer.path("complete").booleanValue(true)) {
                out().println(
                                "Incomplete: the queue has more messages, or other receivers hold some of them.");
            }
            out().flush();
            return 0;
        }
    }

    /// Selects messages.
    static final class DeadLetterSelection {

        @Option(names = "--all", required = true, description = "Every message.")
        private boolean all;

        @Option(
                names = "--fingerprint",
                required = true,
                paramLabel = "F",
                description = "Messages with this fingerprint.")
        private @Nullable String fingerprint;

        @Option(
                names = "--message",
                required = true,
                paramLabel = "ID",
                description = "This message; may be repeated.")
        private @Nullable List<String> messages;

        void addTo(Map<String, Object> body) {
            if (fingerprint != null) {
                body.put("fingerprint", fingerprint);
            } else if (messages != null) {
                body.put("messageIds", messages);
            } else {
                body.put("all", all);
            }
        }
    }

    abstract static class DeadLetterCommand extends RedriveCommand {

        @Parameters(
                paramLabel = "QUEUE",
                description = "The queue name of 'dlq list'; the suffix '-dlq' is optional.")
        private String queue = "";

        @ArgGroup(multiplicity = "1")
        private @Nullable DeadLetterSelection selected;

        final int startOnQueue(String action, Map<String, Object> body) {
            Objects.requireNonNull(selected).addTo(body);
            return start(at(queue) + "/" + action, body);
        }

        @Override
        final void printPlan(JsonNode plan) {
            var table =
                    new Table(
                            "MESSAGE",
                            "TYPE",
                            "ORDER",
                            "ORDER STATE",
                            "ASSESSMENT",
                            "PLANNED ACTION");
            for (var message : plan.path("messages")) {
                table.row(
                        Table.text(message, "messageId"),
                        Table.text(message, "type"),
                        Table.text(message, "orderId"),
                        Table.text(message, "orderState"),
                        Table.text(message, "assessment"),
                        Table.text(message, "plannedAction").toLowerCase(Locale.ROOT));
            }
            table.print(out(), "No message matches.");
        }
    }

    @Command(
            name = "redrive",
            description = {
                "Send messages back to their source queue; events that EventBridge could not deliver go to"
                        + " their target queue.",
                "Each message is compared with its order first: already processed messages are skipped,"
                        + " messages that contradict the order state are blocked. Redriving twice is safe."
            },
            mixinStandardHelpOptions = true)
    static final class RedriveDeadLetters extends DeadLetterCommand {

        @Option(
                names = "--canary",
                description =
                        "Redrive one message first; the others when it was processed successfully.")
        private boolean canary;

        @Override
        int execute() {
            var body = requestBody();
            body.put("canary", canary);
            return startOnQueue("redrive", body);
        }
    }

    @Command(
            name = "discard",
            description =
                    "Delete messages that can never be processed. The audit trail keeps their metadata without"
                            + " the payload.",
            mixinStandardHelpOptions = true)
    static final class DiscardDeadLetters extends DeadLetterCommand {

        @Override
        int execute() {
            return startOnQueue("discard", requestBody());
        }
    }
}
