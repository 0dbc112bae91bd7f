package dev.orderflow.commandline.operations;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// What the commands that change something have in common: who, why, how fast, and the waiting
/// until it is done.
abstract class RedriveCommand extends OperationsApiCommand {

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "Why, for the audit trail. Required unless --dry-run.")
    private @Nullable String reason;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            defaultValue = "${sys:user.name}",
            description = "Who, for the audit trail. Default: ${DEFAULT-VALUE}.")
    private String by = "";

    @Option(names = "--dry-run", description = "Say what would happen, and change nothing.")
    boolean dryRun;

    @Option(
            names = "--per-second",
            paramLabel = "N",
            defaultValue = "5",
            description = "At most so many each second, 1 to 100. Default ${DEFAULT-VALUE}.")
    private int perSecond;

    @Option(
            names = "--force",
            description =
                    "Also what its order has no need of, or what could not be compared with an order.")
    private boolean force;

    /// What every wish carries.
    Map<String, Object> requestBody() {
        if (reason == null && !dryRun) {
            throw new CommandFailedException(
                    "--reason is required, for the audit trail, or look first with --dry-run");
        }
        var wish = new LinkedHashMap<String, Object>();
        wish.put("by", by);
        wish.put("reason", reason == null ? "dry run" : reason);
        wish.put("dryRun", dryRun);
        wish.put("perSecond", perSecond);
        wish.put("force", force);
        return wish;
    }

    /// Waits until a redrive has ended and tells how.
    ///
    /// @return the exit code
    int awaitCompletion(JsonNode started) {
        var id = started.path("redriveId").asString();
        var redrive = started;
        try {
            while (redrive.path("state").asString("").equals("RUNNING")) {
                Thread.sleep(300);
                redrive = get("/internal/operations/redrives/" + id);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("stopped watching; the redrive goes on");
        }
        if (json) {
            printJson(redrive);
        } else {
            out().printf(
                            "%s: %d %s, %d skipped (already processed), %d held back, %d failed%n",
                            Table.text(redrive, "state").toLowerCase(Locale.ROOT),
                            redrive.path("done").intValue(),
                            switch (redrive.path("action").asString("")) {
                                case "DISCARD" -> "discarded";
                                case "DISMISS" -> "dismissed";
                                default -> "redriven";
                            },
                            redrive.path("skipped").intValue(),
                            redrive.path("held").intValue(),
                            redrive.path("failed").intValue());
            redrive.path("reasons").forEach(this::printReason);
            if (redrive.path("note").isString()) {
                out().println(Table.plain(redrive.path("note").stringValue()));
            }
            out().flush();
        }
        return redrive.path("state").asString("").equals("DONE")
                        && redrive.path("held").intValue() + redrive.path("failed").intValue() == 0
                ? 0
                : 1;
    }

    private void printReason(JsonNode reason) {
        int count = reason.path("count").intValue();
        var ids = reason.path("ids");
        out().println(
                        "  %d %s: %s"
                                .formatted(
                                        count,
                                        switch (reason.path("fate").asString("")) {
                                            case "SKIPPED" -> "skipped";
                                            case "HELD" -> "held back";
                                            default -> "failed";
                                        },
                                        Table.plain(Table.text(reason, "why"))));
        ids.forEach(id -> out().println("    " + Table.plain(id.asString(""))));
        if (count > ids.size()) {
            out().println("    and %d more".formatted(count - ids.size()));
        }
    }
}
