package dev.orderflow.commandline.operations;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What operators did at operations-console.
@Command(
        name = "trail",
        description =
                "List what operators did, and why, newest first: redrives, discards, dismissals,"
                        + " edits, restorations, notes of groups, cancellations, decisions about"
                        + " approvals and erasures.",
        mixinStandardHelpOptions = true)
final class TrailCommand extends OperationsApiCommand {

    @Option(
            names = "--subject",
            paramLabel = "SUBJECT",
            description = "Only entries about this order, queue, message, group or customer.")
    private @Nullable String subject;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "Maximum number, 1 to 200. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Mixin private PageOption page = new PageOption();

    @Override
    int execute() {
        var query =
                new QueryString()
                        .with("subject", subject)
                        .with("cursor", page.cursor())
                        .with("limit", limit);
        return showList(
                get("/internal/operations/audit-trail" + query),
                "entries",
                new Table("AT", "OPERATOR", "ACTION", "SUBJECT", "REASON", "DETAIL"),
                entry ->
                        List.of(
                                Table.text(entry, "at"),
                                Table.text(entry, "operatorName"),
                                Table.text(entry, "action"),
                                Table.text(entry, "subject"),
                                Table.text(entry, "reason"),
                                Table.text(entry, "detail")),
                "There is no entry.");
    }
}
