package dev.orderflow.commandline.operations;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What operators did in all parts of the system.
@Command(
        name = "trail",
        description =
                "List what operators changed, and why, newest first: in operations-console and at"
                        + " each service.",
        exitCodeListHeading = OperationsApiCommand.EXIT_CODES,
        exitCodeList = {
            OperationsApiCommand.SUCCESS,
            "1:A service did not respond, so its entries are missing.",
            OperationsApiCommand.FAILED
        },
        mixinStandardHelpOptions = true)
final class TrailCommand extends OperationsApiCommand {

    @Option(
            names = "--subject",
            paramLabel = "SUBJECT",
            description =
                    "Only entries about this order, article, queue, message, group or customer.")
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
        var trail = get("/internal/operations/audit-trail" + query);
        showList(
                trail,
                "entries",
                new Table("AT", "OPERATOR", "ACTION", "SUBJECT", "REASON", "DETAIL", "RECORDED BY"),
                entry ->
                        List.of(
                                Table.text(entry, "at"),
                                Table.text(entry, "operatorName"),
                                Table.text(entry, "action"),
                                Table.text(entry, "subject"),
                                Table.text(entry, "reason"),
                                Table.text(entry, "detail"),
                                Table.text(entry, "recordedBy")),
                "There is no entry.");
        var problems = trail.path("problems");
        if (!json) {
            problems.forEach(
                    problem ->
                            out().println(
                                            "This list is not complete: "
                                                    + Table.plain(problem.asString())));
            out().flush();
        }
        return problems.isEmpty() ? 0 : NOT_DONE;
    }
}
