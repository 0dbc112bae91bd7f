package dev.orderflow.commandline.operations;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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

/// Dead letters.
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
            "First mend the cause, then for example:",
            "  ./orderflow dlq list",
            "  ./orderflow dlq show shipping-requests",
            "  ./orderflow dlq redrive shipping-requests --all --dry-run",
            "  ./orderflow dlq redrive shipping-requests --fingerprint 4f1d… --canary --reason 'carrier is back'",
            "",
            "Exit codes: 0 all went well, 1 not everything was redriven or a queue could not be read,",
            "2 wrong call or nobody answers."
        })
final class DlqCommand extends ParentCommand {

    private static final String PATH = "/internal/operations/dead-letters";

    private static String at(String queue) {
        return PATH + "/" + URLEncoder.encode(queue, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Command(
            name = "list",
            description = "Every dead-letter queue, its messages grouped by why they failed.",
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
                    out().println("No queue holds a dead letter.");
                    out().flush();
                }
            }
            return readable ? 0 : 1;
        }
    }

    @Command(
            name = "show",
            description =
                    "One dead-letter queue's messages, without payload, compared with their orders.",
            mixinStandardHelpOptions = true)
    static final class ShowDeadLetters extends OperationsApiCommand {

        @Parameters(
                paramLabel = "QUEUE",
                description = "As 'dlq list' names it; '-dlq' may be left out.")
        private String queue = "";

        @Option(
                names = "--fingerprint",
                paramLabel = "F",
                description = "Only those that failed alike.")
        private @Nullable String fingerprint;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "100",
                description = "At most so many, 1 to 500. Default ${DEFAULT-VALUE}.")
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
                                            : "&fingerprint="
                                                    + URLEncoder.encode(
                                                            fingerprint, StandardCharsets.UTF_8)));
            if (json) {
                printJson(answer);
                return 0;
            }
            var table = new Table("MESSAGE", "TYPE", "ORDER", "IS NOW", "VERDICT", "AGE", "REASON");
            for (var message : answer.path("messages")) {
                table.row(
                        Table.text(message, "messageId"),
                        Table.text(message, "type"),
                        Table.text(message, "orderId"),
                        Table.text(message, "order"),
                        Table.text(message, "verdict"),
                        Table.ago(message, "sentAt"),
                        Table.text(message, "reason"));
            }
            table.print(
                    out(),
                    fingerprint == null
                            ? "%s holds no dead letter.".formatted(Table.text(answer, "queue"))
                            : "%s holds no dead letter with this fingerprint."
                                    .formatted(Table.text(answer, "queue")));
            if (!answer.path("complete").booleanValue(true)) {
                out().println("This is a part: the queue holds more, or somebody else holds some.");
            }
            out().flush();
            return 0;
        }
    }

    /// Which messages.
    static final class DeadLetterSelection {

        @Option(names = "--all", required = true, description = "Every message.")
        private boolean all;

        @Option(
                names = "--fingerprint",
                required = true,
                paramLabel = "F",
                description = "Those that failed alike.")
        private @Nullable String fingerprint;

        @Option(
                names = "--message",
                required = true,
                paramLabel = "ID",
                description = "This message; may be given several times.")
        private @Nullable List<String> messages;

        void into(Map<String, Object> wish) {
            if (fingerprint != null) {
                wish.put("fingerprint", fingerprint);
            } else if (messages != null) {
                wish.put("messageIds", messages);
            } else {
                wish.put("all", all);
            }
        }
    }

    abstract static class DeadLetterCommand extends RedriveCommand {

        @Parameters(
                paramLabel = "QUEUE",
                description = "As 'dlq list' names it; '-dlq' may be left out.")
        private String queue = "";

        @ArgGroup(multiplicity = "1")
        private @Nullable DeadLetterSelection selected;

        int start(String how, Map<String, Object> wish) {
            Objects.requireNonNull(selected).into(wish);
            var answer = post(at(queue) + "/" + how, wish);
            if (!dryRun) {
                return awaitCompletion(answer);
            }
            if (json) {
                printJson(answer);
            } else {
                printPlan(answer);
            }
            return 0;
        }

        private void printPlan(JsonNode plan) {
            var table = new Table("MESSAGE", "TYPE", "ORDER", "IS NOW", "VERDICT", "WOULD BE");
            for (var message : plan.path("messages")) {
                table.row(
                        Table.text(message, "messageId"),
                        Table.text(message, "type"),
                        Table.text(message, "orderId"),
                        Table.text(message, "order"),
                        Table.text(message, "verdict"),
                        Table.text(message, "willBe").toLowerCase(Locale.ROOT));
            }
            table.print(out(), "No message is selected.");
            out().println("Nothing was changed.");
            out().flush();
        }
    }

    @Command(
            name = "redrive",
            description = {
                "Sends messages back to the queue they came from; events no rule could deliver go to"
                        + " the queue they were meant for.",
                "Each is compared with its order first: what the order has no need of is skipped, what"
                        + " speaks against it is held back. Redriving twice is safe."
            },
            mixinStandardHelpOptions = true)
    static final class RedriveDeadLetters extends DeadLetterCommand {

        @Option(
                names = "--canary",
                description = "One first; the rest when it is handled and did not come back.")
        private boolean canary;

        @Override
        int execute() {
            var wish = requestBody();
            wish.put("canary", canary);
            return start("redrive", wish);
        }
    }

    @Command(
            name = "discard",
            description =
                    "Deletes messages that can never be handled. What may be shown of them is kept in"
                            + " the audit trail; the rest is gone.",
            mixinStandardHelpOptions = true)
    static final class DiscardDeadLetters extends DeadLetterCommand {

        @Override
        int execute() {
            return start("discard", requestBody());
        }
    }
}
