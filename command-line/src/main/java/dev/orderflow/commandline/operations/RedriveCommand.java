package dev.orderflow.commandline.operations;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Common options of the commands that redrive, discard or dismiss, and the wait for completion.
@Command(
        exitCodeListHeading = OperationsApiCommand.EXIT_CODES,
        exitCodeList = {
            OperationsApiCommand.SUCCESS,
            "1:Not everything was done, or a second person must confirm it.",
            OperationsApiCommand.FAILED
        })
abstract class RedriveCommand extends OperationsApiCommand {

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "The reason, for the audit trail. Required unless --dry-run.")
    private @Nullable String reason;

    @Option(names = "--dry-run", description = "Print what would happen and change nothing.")
    private boolean dryRun;

    @Option(
            names = "--per-second",
            paramLabel = "N",
            defaultValue = "5",
            description = "Maximum rate, 1 to 100 per second. Default: ${DEFAULT-VALUE}.")
    private int perSecond;

    @Option(
            names = "--force",
            description =
                    "Include items that are already processed or could not be compared with an order.")
    private boolean force;

    /// The fields of every request.
    Map<String, Object> requestBody() {
        if (reason == null && !dryRun) {
            throw new CommandFailedException(
                    "--reason is required, for the audit trail; preview with --dry-run");
        }
        var body = new LinkedHashMap<String, Object>();
        body.put("reason", reason == null ? "dry run" : reason);
        if (dryRun) {
            body.put("dryRun", true);
        }
        body.put("perSecond", perSecond);
        if (force) {
            body.put("force", true);
        }
        return body;
    }

    /// Sends the request; then waits for its completion, or prints the plan of a dry run.
    ///
    /// @return the exit code
    final int start(String path, Map<String, Object> body) {
        var answer = post(path, body);
        if (ConfirmationsCommand.isWaiting(answer)) {
            return showWaiting(answer);
        }
        if (!dryRun) {
            return awaitCompletion(answer);
        }
        if (json) {
            printJson(answer);
        } else {
            printPlan(answer);
            out().println(
                            "Nothing was changed. Run this plan with --plan %s."
                                    .formatted(Table.text(answer, "planId")));
            out().flush();
        }
        return 0;
    }

    /// Prints what would happen.
    abstract void printPlan(JsonNode plan);

    /// Waits for the end of a redrive and prints its result.
    ///
    /// @return the exit code
    private int awaitCompletion(JsonNode started) {
        var id = started.path("redriveId").asString();
        var redrive = started;
        try {
            while (redrive.path("state").asString("").equals("RUNNING")) {
                Thread.sleep(300);
                redrive = get("/internal/operations/redrives/" + id);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException(
                    "interrupted; the redrive continues in operations-console");
        }
        if (json) {
            printJson(redrive);
        } else {
            out().printf(
                            "%s: %d %s, %d skipped (already processed), %d blocked (contradicts order state), %d failed%n",
                            Table.text(redrive, "state").toLowerCase(Locale.ROOT),
                            redrive.path("done").intValue(),
                            switch (redrive.path("action").asString("")) {
                                case "DISCARD" -> "discarded";
                                case "DISMISS" -> "dismissed";
                                default -> "redriven";
                            },
                            redrive.path("skipped").intValue(),
                            redrive.path("blocked").intValue(),
                            redrive.path("failed").intValue());
            redrive.path("reasons").forEach(this::printReason);
            if (redrive.path("note").isString()) {
                out().println(Table.plain(redrive.path("note").stringValue()));
            }
            printGrade(redrive.path("grade"));
            out().flush();
        }
        return redrive.path("state").asString("").equals("DONE")
                        && redrive.path("blocked").intValue() + redrive.path("failed").intValue()
                                == 0
                ? 0
                : 1;
    }

    /// Results come after the redrive has ended, too.
    private void printGrade(JsonNode grade) {
        if (grade.path("planned").intValue(0) == 0) {
            return;
        }
        out().printf(
                        "Compared with the plan: %d as predicted, %d different, %d not known yet, %d not in the plan%n",
                        grade.path("asPredicted").intValue(),
                        grade.path("different").intValue(),
                        grade.path("open").intValue(),
                        grade.path("notPlanned").intValue());
    }

    private void printReason(JsonNode reason) {
        int count = reason.path("count").intValue();
        var ids = reason.path("ids");
        out().println(
                        "  %d %s: %s"
                                .formatted(
                                        count,
                                        switch (reason.path("outcome").asString("")) {
                                            case "SKIPPED" -> "skipped";
                                            case "BLOCKED" -> "blocked";
                                            default -> "failed";
                                        },
                                        Table.plain(Table.text(reason, "description"))));
        ids.forEach(id -> out().println("    " + Table.plain(id.asString(""))));
        if (count > ids.size()) {
            out().println("    and %d more".formatted(count - ids.size()));
        }
    }
}
