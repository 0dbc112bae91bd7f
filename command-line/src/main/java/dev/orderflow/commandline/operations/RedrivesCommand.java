package dev.orderflow.commandline.operations;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Running and ended redrives.
@Command(
        name = "redrives",
        description = "List redrives, and pause, resume or cancel one.",
        subcommands = {
            RedrivesCommand.ListRedrives.class,
            RedrivesCommand.ShowRedrive.class,
            RedrivesCommand.ShowPlan.class,
            RedrivesCommand.PauseRedrive.class,
            RedrivesCommand.ResumeRedrive.class,
            RedrivesCommand.CancelRedrive.class
        },
        mixinStandardHelpOptions = true,
        footer = {"", "A redrive continues when its console is restarted."})
final class RedrivesCommand extends ParentCommand {

    private static final String PATH = "/internal/operations/redrives";

    @Command(
            name = "list",
            description = "List the latest redrives, discards and dismissals, newest first.",
            mixinStandardHelpOptions = true)
    static final class ListRedrives extends OperationsApiCommand {

        @Override
        int execute() {
            return showList(
                    get(PATH),
                    "redrives",
                    new Table(
                            "REDRIVE",
                            "ACTION",
                            "TARGET",
                            "STATE",
                            "DONE",
                            "SKIPPED",
                            "BLOCKED",
                            "FAILED",
                            "STARTED",
                            "OPERATOR"),
                    redrive ->
                            List.of(
                                    Table.text(redrive, "redriveId"),
                                    Table.text(redrive, "action"),
                                    Table.text(redrive, "target"),
                                    Table.text(redrive, "state"),
                                    Table.text(redrive, "done"),
                                    Table.text(redrive, "skipped"),
                                    Table.text(redrive, "blocked"),
                                    Table.text(redrive, "failed"),
                                    Table.ago(redrive, "startedAt"),
                                    Table.text(redrive, "operatorName")),
                    "There was no redrive.");
        }
    }

    @Command(
            name = "show",
            description =
                    "Show a redrive with its counts, the reasons, and its results compared with its plan.",
            mixinStandardHelpOptions = true)
    static final class ShowRedrive extends OperationsApiCommand {

        @Parameters(paramLabel = "REDRIVE", description = "The id of 'redrives list'.")
        private UUID redrive = new UUID(0, 0);

        @Override
        int execute() {
            return show(get(PATH + "/" + redrive));
        }
    }

    @Command(
            name = "plan",
            description =
                    "Show the plan that a --dry-run stored: how many items have each planned action, and the first ten.",
            mixinStandardHelpOptions = true)
    static final class ShowPlan extends OperationsApiCommand {

        @Parameters(paramLabel = "PLAN", description = "The id that a --dry-run prints.")
        private UUID plan = new UUID(0, 0);

        @Override
        int execute() {
            return show(get(PATH + "/plans/" + plan));
        }
    }

    /// Pauses, resumes or cancels.
    abstract static class ControlCommand extends OperationsApiCommand {

        @Parameters(paramLabel = "REDRIVE", description = "The id of 'redrives list'.")
        private UUID redrive = new UUID(0, 0);

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                required = true,
                description = "The reason, for the audit trail.")
        private String reason = "";

        int control(String action) {
            var answer = post(PATH + "/" + redrive + "/" + action, Map.of("reason", reason));
            if (json) {
                printJson(answer);
            } else {
                printState(answer);
            }
            return 0;
        }

        private void printState(JsonNode answer) {
            out().printf(
                            "The redrive is %s; %s done.%n",
                            Table.text(answer, "state"), Table.text(answer, "done"));
            out().flush();
        }
    }

    @Command(
            name = "pause",
            description =
                    "Pause a redrive before its next item. Its messages become visible again; no"
                            + " other redrive of its queue can start.",
            mixinStandardHelpOptions = true)
    static final class PauseRedrive extends ControlCommand {

        @Override
        int execute() {
            return control("pause");
        }
    }

    @Command(
            name = "resume",
            description = "Continue a paused redrive where it stopped.",
            mixinStandardHelpOptions = true)
    static final class ResumeRedrive extends ControlCommand {

        @Override
        int execute() {
            return control("resume");
        }
    }

    @Command(
            name = "cancel",
            description = "End a redrive before its next item. What it has done stays done.",
            mixinStandardHelpOptions = true)
    static final class CancelRedrive extends ControlCommand {

        @Override
        int execute() {
            return control("cancel");
        }
    }
}
