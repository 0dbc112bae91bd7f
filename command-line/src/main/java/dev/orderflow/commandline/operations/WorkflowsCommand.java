package dev.orderflow.commandline.operations;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Failed workflows.
@Command(
        name = "workflows",
        description =
                "Workflows that failed, timed out or were aborted: list, redrive or dismiss them.",
        subcommands = {
            WorkflowsCommand.ListFailedWorkflows.class,
            WorkflowsCommand.RedriveWorkflows.class,
            WorkflowsCommand.DismissWorkflows.class
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "First bring back what was away, then for example:",
            "  ./orderflow workflows failed",
            "  ./orderflow workflows redrive --group VoidPayment/States.Timeout --canary --reason 'gateway is back'",
            "",
            "Exit codes: 0 all went well, 1 not everything was redriven, 2 usage error or connection failure."
        })
final class WorkflowsCommand extends ParentCommand {

    private static final String PATH = "/internal/operations/workflows";

    private static Table table() {
        return new Table(
                "EXECUTION", "STATUS", "GROUP", "STOPPED", "REDRIVES", "ORDER IS", "REDRIVABLE");
    }

    private static void row(Table table, JsonNode execution) {
        table.row(
                Table.text(execution, "executionName"),
                Table.text(execution, "status"),
                Table.text(execution, "group"),
                Table.ago(execution, "stoppedAt"),
                execution.path("redriveCount").intValue(),
                Table.text(execution, "order"),
                execution.path("redrivable").booleanValue()
                        ? "yes"
                        : "no: " + Table.text(execution, "refusal"));
    }

    @Command(
            name = "failed",
            description =
                    "A page of failed workflows, with the state and error they failed with ('group') and how"
                            + " their order is now.",
            mixinStandardHelpOptions = true)
    static final class ListFailedWorkflows extends OperationsApiCommand {

        @Option(names = "--cursor", paramLabel = "C", description = "The page that begins there.")
        private @Nullable String cursor;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "50",
                description = "At most so many of each status, 1 to 100. Default ${DEFAULT-VALUE}.")
        private int limit;

        @Override
        int execute() {
            var table = table();
            var next = cursor;
            int shown = 0;
            // A page may be empty, since each status is listed by itself.
            do {
                var page =
                        get(
                                PATH
                                        + "/failed?limit="
                                        + limit
                                        + (next == null ? "" : "&cursor=" + encoded(next)));
                if (json) {
                    printJson(page);
                    return 0;
                }
                for (var execution : page.path("executions")) {
                    row(table, execution);
                    shown++;
                }
                next = page.path("next").asString(null);
            } while (next != null && shown < limit);
            table.print(out(), "No workflow has failed.");
            if (next != null) {
                out().println("More: --cursor " + Table.plain(next));
            } else if (shown > 0) {
                out().println(shown + " in all.");
            }
            out().flush();
            return 0;
        }

        private static String encoded(String cursor) {
            return URLEncoder.encode(cursor, StandardCharsets.UTF_8);
        }
    }

    /// Which executions.
    static final class WorkflowSelection {

        @Option(names = "--all", required = true, description = "Every failed workflow.")
        private boolean all;

        @Option(
                names = "--group",
                required = true,
                paramLabel = "STATE/ERROR",
                description = "Those that failed alike, as 'workflows failed' names it.")
        private @Nullable String group;

        @Option(
                names = "--execution",
                required = true,
                paramLabel = "NAME",
                description = "This one, which is its order's id; may be given several times.")
        private @Nullable List<String> executions;
    }

    abstract static class WorkflowChangeCommand extends RedriveCommand {

        @ArgGroup(multiplicity = "1")
        private @Nullable WorkflowSelection selected;

        /// What every wish carries, with which executions are meant.
        final Map<String, Object> selectionBody() {
            var wish = requestBody();
            var chosen = Objects.requireNonNull(selected);
            if (chosen.group != null) {
                wish.put("group", chosen.group);
            } else if (chosen.executions != null) {
                wish.put("executionNames", chosen.executions);
            } else {
                wish.put("all", chosen.all);
            }
            return wish;
        }

        /// Tells what would be done.
        final int printPlan(JsonNode plan) {
            if (json) {
                printJson(plan);
                return 0;
            }
            var table = table();
            for (var part : List.of("redriven", "refused", "dismissed", "held")) {
                plan.path(part).forEach(execution -> row(table, execution));
            }
            table.print(out(), "No workflow is selected.");
            for (var part : List.of("redriven", "dismissed", "held")) {
                if (plan.has(part)) {
                    out().printf(
                                    "%d would be %s.%n",
                                    plan.path(part).size(),
                                    part.equals("held") ? "held back" : part);
                }
            }
            out().println("Nothing was changed.");
            out().flush();
            return 0;
        }
    }

    @Command(
            name = "redrive",
            description =
                    "Lets failed workflows go on at the state that failed, with the same idempotency keys, so"
                            + " that nothing is done twice. Possible for 14 days.",
            mixinStandardHelpOptions = true)
    static final class RedriveWorkflows extends WorkflowChangeCommand {

        @Option(
                names = "--canary",
                description =
                        "One first; the rest when it has left the state it failed in, or waits there for an answer.")
        private boolean canary;

        @Override
        int execute() {
            var wish = selectionBody();
            wish.put("canary", canary);
            var answer = post(PATH + "/redrive", wish);
            return dryRun ? printPlan(answer) : awaitCompletion(answer);
        }
    }

    @Command(
            name = "dismiss",
            description =
                    "Takes failed workflows off the list, without touching them: those that no order waits for."
                            + " One that is redriven and fails again is listed again.",
            mixinStandardHelpOptions = true)
    static final class DismissWorkflows extends WorkflowChangeCommand {

        @Override
        int execute() {
            var answer = post(PATH + "/dismiss", selectionBody());
            return dryRun ? printPlan(answer) : awaitCompletion(answer);
        }
    }
}
