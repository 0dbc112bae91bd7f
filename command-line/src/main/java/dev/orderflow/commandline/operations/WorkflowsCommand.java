package dev.orderflow.commandline.operations;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Failed workflow executions.
@Command(
        name = "workflows",
        description = "List, redrive and dismiss failed, timed-out and aborted workflows.",
        subcommands = {
            WorkflowsCommand.ListFailedWorkflows.class,
            WorkflowsCommand.RedriveWorkflows.class,
            WorkflowsCommand.DismissWorkflows.class
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Restore the failed dependency first, then for example:",
            "  ./orderflow workflows failed",
            "  ./orderflow workflows redrive --group VoidPayment/States.Timeout --canary --reason 'gateway is back'"
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
                Table.text(execution, "orderState"),
                execution.path("redrivable").booleanValue()
                        ? "yes"
                        : "no: " + Table.text(execution, "refusal"));
    }

    @Command(
            name = "failed",
            description =
                    "List failed workflows with their group (failed state and error) and the current state of"
                            + " their order.",
            mixinStandardHelpOptions = true)
    static final class ListFailedWorkflows extends OperationsApiCommand {

        @Mixin private PageOption from = new PageOption();

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "50",
                description =
                        "Maximum number for each status, 1 to 100. Default: ${DEFAULT-VALUE}.")
        private int limit;

        @Override
        int execute() {
            var table = table();
            var next = from.cursor();
            JsonNode page;
            int shown = 0;
            // Each status is listed by itself, so a page that is not the last may be short.
            do {
                page = get(PageOption.addTo(PATH + "/failed?limit=" + limit, next));
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
            PageOption.printNext(page, out());
            if (next == null && shown > 0) {
                out().println(shown + " in all.");
            }
            out().flush();
            return 0;
        }
    }

    /// Selects executions.
    static final class WorkflowSelection {

        @Option(names = "--all", required = true, description = "All failed workflows.")
        private boolean all;

        @Option(
                names = "--group",
                required = true,
                paramLabel = "STATE/ERROR",
                description = "Workflows of this group of 'workflows failed'.")
        private @Nullable String group;

        @Option(
                names = "--execution",
                required = true,
                paramLabel = "NAME",
                description = "The execution with this name (the order id); may be repeated.")
        private @Nullable List<String> executions;

        @Option(
                names = "--plan",
                required = true,
                paramLabel = "PLAN",
                description = "What this plan of an earlier --dry-run selects, with its --force.")
        private @Nullable UUID plan;

        void addTo(Map<String, Object> body) {
            if (plan != null) {
                body.put("planId", plan.toString());
            } else if (group != null) {
                body.put("group", group);
            } else if (executions != null) {
                body.put("executionNames", executions);
            } else {
                body.put("all", all);
            }
        }
    }

    abstract static class WorkflowChangeCommand extends RedriveCommand {

        @ArgGroup(multiplicity = "1")
        private @Nullable WorkflowSelection selected;

        final int startOnWorkflows(String action, Map<String, Object> body) {
            Objects.requireNonNull(selected).addTo(body);
            return start(PATH + "/" + action, body);
        }

        @Override
        final void printPlan(JsonNode plan) {
            var table = table();
            for (var outcome : List.of("redriven", "dismissed", "blocked")) {
                plan.path(outcome).forEach(execution -> row(table, execution));
            }
            table.print(out(), "No workflow matches.");
            for (var outcome : List.of("redriven", "dismissed", "blocked")) {
                if (plan.has(outcome)) {
                    out().printf("%d would be %s.%n", plan.path(outcome).size(), outcome);
                }
            }
        }
    }

    @Command(
            name = "redrive",
            description =
                    "Continue failed workflows at the failed state, with the same idempotency keys, so that"
                            + " nothing is done twice. Possible for 14 days after the failure.",
            mixinStandardHelpOptions = true)
    static final class RedriveWorkflows extends WorkflowChangeCommand {

        @Option(
                names = "--canary",
                description =
                        "Redrive one workflow first; the others when it has left the failed state or waits there for a task token.")
        private boolean canary;

        @Override
        int execute() {
            var body = requestBody();
            body.put("canary", canary);
            return startOnWorkflows("redrive", body);
        }
    }

    @Command(
            name = "dismiss",
            description =
                    "Remove failed workflows that no order needs from the list, without changing them. A"
                            + " workflow that is redriven and fails again is listed again.",
            mixinStandardHelpOptions = true)
    static final class DismissWorkflows extends WorkflowChangeCommand {

        @Override
        int execute() {
            return startOnWorkflows("dismiss", requestBody());
        }
    }
}
