package dev.orderflow.commandline.operations;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The projections of analytics-service.
@Command(
        name = "analytics",
        description =
                "Manage the projections of analytics-service, which a replay of the event archive rebuilds.",
        subcommands = AnalyticsCommand.EmptyProjections.class,
        mixinStandardHelpOptions = true)
final class AnalyticsCommand extends ParentCommand {

    @Command(
            name = "empty",
            description = "Delete all facts and projections, before the event archive is replayed.",
            mixinStandardHelpOptions = true)
    static final class EmptyProjections extends OperationsApiCommand {

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                required = true,
                description = "The reason, for the log of analytics-service.")
        private String reason = "";

        @Override
        TargetService service() {
            return TargetService.ANALYTICS;
        }

        @Override
        int execute() {
            var answer = post("/internal/projections/reset", Map.of("reason", reason));
            if (json) {
                printJson(answer);
            } else {
                out().printf("%d facts deleted.%n", answer.path("deletedFacts").longValue());
                out().flush();
            }
            return 0;
        }
    }
}
