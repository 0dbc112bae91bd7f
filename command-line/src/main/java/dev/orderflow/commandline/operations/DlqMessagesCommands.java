package dev.orderflow.commandline.operations;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// The commands of `dlq` that change one message, or what operators wrote about a group.
final class DlqMessagesCommands {

    private DlqMessagesCommands() {}

    @Command(
            name = "edit",
            exitCodeListHeading = OperationsApiCommand.EXIT_CODES,
            exitCodeList = {
                OperationsApiCommand.SUCCESS,
                "1:Nothing was sent yet: a second person must confirm it.",
                OperationsApiCommand.FAILED
            },
            description = {
                "Send a message with changed fields in place of the original, after a second person has confirmed it.",
                "Without --set, list the fields that can be changed."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "  ./orderflow dlq edit order-progress <message> --set reason=OUT_OF_STOCK --reason 'see ticket 4711'"
            })
    static final class EditDeadLetter extends OperationsApiCommand {

        @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue of 'dlq list'.")
        private String queue = "";

        @Parameters(
                index = "1",
                paramLabel = "MESSAGE",
                description = "The message id of 'dlq show'.")
        private UUID message = new UUID(0, 0);

        @Option(
                names = "--set",
                paramLabel = "FIELD=VALUE",
                description = "The new value of a field; may be repeated.")
        private Map<String, String> changes = new LinkedHashMap<>();

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                description = "The reason, for the audit trail. Required unless --dry-run.")
        private @Nullable String reason;

        @Option(names = "--dry-run", description = "Print the difference and change nothing.")
        private boolean dryRun;

        @Option(
                names = "--force",
                description =
                        "Also if the changed message is superfluous or contradicts its order.")
        private boolean force;

        @Override
        int execute() {
            var path =
                    "/internal/operations/dead-letters/%s/messages/%s/edit"
                            .formatted(segment(queue), message);
            if (changes.isEmpty()) {
                return showForm(get(path));
            }
            if (reason == null && !dryRun) {
                throw new CommandFailedException(
                        "--reason is required, for the audit trail; preview with --dry-run");
            }
            var body = new LinkedHashMap<String, Object>();
            body.put("changes", changes);
            body.put("reason", reason == null ? "dry run" : reason);
            body.put("dryRun", dryRun);
            body.put("force", force);
            var answer = post(path, body);
            if (ConfirmationsCommand.isWaiting(answer)) {
                return showWaiting(answer);
            }
            return dryRun ? showPlan(answer) : show(answer);
        }

        private int showForm(JsonNode form) {
            return showList(
                    form,
                    "fields",
                    new Table("FIELD", "VALUE", "RULE"),
                    field ->
                            List.of(
                                    Table.text(field, "field"),
                                    Table.text(field, "value"),
                                    Table.text(field, "rule")),
                    "This message cannot be edited: it is not a message of a published type.");
        }

        private int showPlan(JsonNode plan) {
            if (json) {
                printJson(plan);
                return 0;
            }
            var table = new Table("FIELD", "BEFORE", "AFTER");
            for (var difference : plan.path("differences")) {
                table.row(
                        Table.text(difference, "field"),
                        Table.text(difference, "before"),
                        Table.text(difference, "after"));
            }
            table.print(out());
            out().printf(
                            "It would be %s: %s. Nothing was changed.%n",
                            Table.text(plan, "plannedAction"), Table.text(plan, "description"));
            out().flush();
            return 0;
        }
    }

    @Command(
            name = "discarded",
            description =
                    "List discarded messages that can still be restored or were restored, newest first.",
            mixinStandardHelpOptions = true)
    static final class ListDiscarded extends OperationsApiCommand {

        @Option(names = "--queue", paramLabel = "QUEUE", description = "Messages of this queue.")
        private @Nullable String queue;

        @Option(names = "--order", paramLabel = "ORDER", description = "Messages about this order.")
        private @Nullable UUID order;

        @Mixin private PageOption page = new PageOption();

        @Override
        int execute() {
            var query =
                    new QueryString()
                            .with("queue", queue)
                            .with("orderId", order)
                            .with("cursor", page.cursor());
            return showList(
                    get("/internal/operations/discarded-messages" + query),
                    "messages",
                    new Table(
                            "QUEUE",
                            "MESSAGE",
                            "TYPE",
                            "ORDER",
                            "DISCARDED",
                            "BY",
                            "UNTIL",
                            "RESTORED AS"),
                    message ->
                            List.of(
                                    Table.text(message, "queue"),
                                    Table.text(message, "messageId"),
                                    Table.text(message, "type"),
                                    Table.text(message, "orderId"),
                                    Table.ago(message, "discardedAt"),
                                    Table.text(message, "operatorName"),
                                    Table.text(message, "expiresAt"),
                                    Table.text(message, "restoredAs")),
                    "No message was discarded, as long as its queue would have kept it.");
        }
    }

    @Command(
            name = "restore",
            description =
                    "Send a discarded message to its dead-letter queue again, as long as that would have kept it.",
            mixinStandardHelpOptions = true)
    static final class RestoreDiscarded extends OperationsApiCommand {

        @Parameters(
                index = "0",
                paramLabel = "QUEUE",
                description = "The queue of 'dlq discarded'.")
        private String queue = "";

        @Parameters(
                index = "1",
                paramLabel = "MESSAGE",
                description = "The message id of 'dlq discarded'.")
        private UUID message = new UUID(0, 0);

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                required = true,
                description = "The reason, for the audit trail.")
        private String reason = "";

        @Override
        int execute() {
            return show(
                    post(
                            "/internal/operations/discarded-messages/%s/%s/restoration"
                                    .formatted(segment(queue), message),
                            Map.of("reason", reason)));
        }
    }

    @Command(
            name = "groups",
            description =
                    "List the dead letters of all queues by cause, the most frequent first, with owner and note.",
            mixinStandardHelpOptions = true)
    static final class ListGroups extends OperationsApiCommand {

        @Option(names = "--queue", paramLabel = "QUEUE", description = "Groups of this queue.")
        private @Nullable String queue;

        @Option(names = "--owner", paramLabel = "NAME", description = "Groups of this owner.")
        private @Nullable String owner;

        @Mixin private PageOption page = new PageOption();

        @Override
        int execute() {
            var query =
                    new QueryString()
                            .with("queue", queue)
                            .with("owner", owner)
                            .with("cursor", page.cursor());
            return showList(
                    get("/internal/operations/dead-letter-groups" + query),
                    "groups",
                    new Table("QUEUE", "FINGERPRINT", "COUNT", "OLDEST", "OWNER", "NOTE", "REASON"),
                    group ->
                            List.of(
                                    Table.text(group, "queue"),
                                    Table.text(group, "fingerprint"),
                                    Table.text(group, "count"),
                                    Table.ago(group, "oldest"),
                                    Table.text(group.path("note"), "owner"),
                                    Table.text(group.path("note"), "note"),
                                    Table.text(group, "reason")),
                    "All dead-letter queues are empty.");
        }
    }

    @Command(
            name = "annotate",
            description = "Replace owner and note of a group; what is not given is kept.",
            mixinStandardHelpOptions = true)
    static final class AnnotateGroup extends OperationsApiCommand {

        @Parameters(paramLabel = "FINGERPRINT", description = "The fingerprint of 'dlq groups'.")
        private String fingerprint = "";

        @ArgGroup private @Nullable OwnerOption owner;

        @ArgGroup private @Nullable NoteOption note;

        /// A new owner, or none.
        static final class OwnerOption {

            @Option(
                    names = "--owner",
                    required = true,
                    paramLabel = "NAME",
                    description = "A person or a team.")
            private @Nullable String value;

            @Option(names = "--no-owner", required = true, description = "Remove the owner.")
            private boolean removed;
        }

        /// A new note, or none.
        static final class NoteOption {

            @Option(
                    names = "--note",
                    required = true,
                    paramLabel = "TEXT",
                    description = "One line.")
            private @Nullable String value;

            @Option(names = "--no-note", required = true, description = "Remove the note.")
            private boolean removed;
        }

        @Override
        int execute() {
            var path = "/internal/operations/dead-letter-groups/" + segment(fingerprint);
            var groups = get(path).path("groups");
            if (groups.isEmpty()) {
                throw new CommandFailedException(
                        "no dead letter has this fingerprint; see './orderflow dlq groups'");
            }
            var before = groups.path(0).path("note");
            var body = new LinkedHashMap<String, Object>();
            body.put("version", before.path("version").asInt(0));
            putUnlessNull(
                    body,
                    "owner",
                    owner == null ? before.path("owner").stringValue(null) : owner.value);
            putUnlessNull(
                    body,
                    "note",
                    note == null ? before.path("note").stringValue(null) : note.value);
            return show(put(path + "/note", body));
        }

        private static void putUnlessNull(
                Map<String, Object> body, String field, @Nullable String value) {
            if (value != null) {
                body.put(field, value);
            }
        }
    }
}
