package dev.orderflow.commandline.operations;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Dead-lettered messages.
@Command(
        name = "dlq",
        description = "List, inspect, redrive, edit, discard and restore dead-lettered messages.",
        subcommands = {
            DlqCommand.ListDeadLetters.class,
            DlqCommand.ShowDeadLetters.class,
            DlqCommand.SearchDeadLetters.class,
            DlqCommand.RedriveDeadLetters.class,
            DlqCommand.DiscardDeadLetters.class,
            DlqMessagesCommands.EditDeadLetter.class,
            DlqMessagesCommands.ListDiscarded.class,
            DlqMessagesCommands.RestoreDiscarded.class,
            DlqMessagesCommands.ListGroups.class,
            DlqMessagesCommands.AnnotateGroup.class
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Fix the cause first, then for example:",
            "  ./orderflow dlq list",
            "  ./orderflow dlq show shipping-requests",
            "  ./orderflow dlq search --order 0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11",
            "  ./orderflow dlq redrive shipping-requests --all --dry-run",
            "  ./orderflow dlq redrive shipping-requests --fingerprint 4f1d… --canary --reason 'carrier is back'"
        })
final class DlqCommand extends ParentCommand {

    private static final String PATH = "/internal/operations/dead-letters";

    private static String at(String queue) {
        return PATH + "/" + OperationsApiCommand.segment(queue);
    }

    @Command(
            name = "list",
            exitCodeListHeading = OperationsApiCommand.EXIT_CODES,
            exitCodeList = {
                OperationsApiCommand.SUCCESS,
                "1:A queue could not be read.",
                OperationsApiCommand.FAILED
            },
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
                                    + new QueryString()
                                            .with("limit", limit)
                                            .with("fingerprint", fingerprint));
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

    @Command(
            name = "search",
            exitCodeListHeading = OperationsApiCommand.EXIT_CODES,
            exitCodeList = {
                OperationsApiCommand.SUCCESS,
                "1:A queue could not be read, so messages may be missing.",
                OperationsApiCommand.FAILED
            },
            description =
                    "Search the dead letters of all queues, newest first, as of the last time that each queue was"
                            + " read.",
            mixinStandardHelpOptions = true)
    static final class SearchDeadLetters extends OperationsApiCommand {

        @Option(names = "--order", paramLabel = "ORDER", description = "Messages about this order.")
        private @Nullable UUID order;

        @Option(names = "--queue", paramLabel = "QUEUE", description = "Messages of this queue.")
        private @Nullable String queue;

        @Option(
                names = "--type",
                paramLabel = "TYPE",
                description = "Messages of this type, for example OrderShipped.")
        private @Nullable String type;

        @Option(
                names = "--fingerprint",
                paramLabel = "F",
                description = "Messages with this fingerprint.")
        private @Nullable String fingerprint;

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                description = "Messages whose reason begins with this text, in either case.")
        private @Nullable String reason;

        @Option(
                names = "--older-than",
                paramLabel = "MINUTES",
                description = "Messages that have been there for at least so many minutes.")
        private @Nullable Long olderThan;

        @Mixin private PageOption page = new PageOption();

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "50",
                description = "Maximum number, 1 to 500. Default: ${DEFAULT-VALUE}.")
        private int limit;

        @Override
        int execute() {
            var query =
                    new QueryString()
                            .with("orderId", order)
                            .with("queue", queue)
                            .with("type", type)
                            .with("fingerprint", fingerprint)
                            .with("reason", reason)
                            .with("sentBefore", minutesAgo("--older-than", olderThan))
                            .with("cursor", page.cursor())
                            .with("limit", limit);
            var answer = get(PATH + "/messages" + query);
            var unreadable =
                    answer.path("queues")
                            .valueStream()
                            .filter(each -> each.has("problem"))
                            .toList();
            if (json) {
                printJson(answer);
            } else {
                var table =
                        new Table(
                                "QUEUE",
                                "MESSAGE",
                                "TYPE",
                                "ORDER",
                                "FINGERPRINT",
                                "AGE",
                                "REASON");
                for (var message : answer.path("messages")) {
                    table.row(
                            Table.text(message, "queue"),
                            Table.text(message, "messageId"),
                            Table.text(message, "type"),
                            Table.text(message, "orderId"),
                            Table.text(message, "fingerprint"),
                            Table.ago(message, "sentAt"),
                            Table.text(message, "reason"));
                }
                table.print(out(), "No dead letter matches.");
                PageOption.printNext(answer, out());
                for (var each : unreadable) {
                    out().printf(
                                    "%s could not be read: %s%n",
                                    Table.plain(Table.text(each, "queue")),
                                    Table.plain(Table.text(each, "problem")));
                }
                out().flush();
            }
            return unreadable.isEmpty() ? 0 : NOT_DONE;
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
        private @Nullable List<UUID> messages;

        @Option(
                names = "--plan",
                required = true,
                paramLabel = "PLAN",
                description = "What this plan of an earlier --dry-run selects, with its --force.")
        private @Nullable UUID plan;

        @ArgGroup(exclusive = false)
        private @Nullable DeadLetterFilterOptions filter;

        void addTo(Map<String, Object> body) {
            if (plan != null) {
                body.put("planId", plan.toString());
            } else if (filter != null) {
                body.put("filter", filter.toBody());
            } else if (fingerprint != null) {
                body.put("fingerprint", fingerprint);
            } else if (messages != null) {
                body.put("messageIds", messages);
            } else {
                body.put("all", all);
            }
        }
    }

    /// Selects messages by what they are; all options that are given must match.
    static final class DeadLetterFilterOptions {

        @Option(names = "--type", paramLabel = "TYPE", description = "Messages of this type.")
        private @Nullable String type;

        @Option(
                names = "--reason-prefix",
                paramLabel = "TEXT",
                description = "Messages whose reason begins with this text.")
        private @Nullable String reasonPrefix;

        @Option(names = "--order", paramLabel = "ORDER", description = "Messages about this order.")
        private @Nullable UUID order;

        @Option(
                names = "--older-than",
                paramLabel = "MINUTES",
                description = "Messages that have been there for at least so many minutes.")
        private @Nullable Long olderThan;

        Map<String, Object> toBody() {
            var body = new LinkedHashMap<String, Object>();
            if (type != null) {
                body.put("type", type);
            }
            if (reasonPrefix != null) {
                body.put("reason", reasonPrefix);
            }
            if (order != null) {
                body.put("orderId", order.toString());
            }
            var sentBefore = OrdersCommand.SearchOrders.minutesAgo("--older-than", olderThan);
            if (sentBefore != null) {
                body.put("sentBefore", sentBefore);
            }
            return body;
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
                    "Delete messages that can never be processed. They can be restored as long as their queue would"
                            + " have kept them.",
            mixinStandardHelpOptions = true)
    static final class DiscardDeadLetters extends DeadLetterCommand {

        @Override
        int execute() {
            return startOnQueue("discard", requestBody());
        }
    }
}
