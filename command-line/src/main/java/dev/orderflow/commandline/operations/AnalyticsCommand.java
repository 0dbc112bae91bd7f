package dev.orderflow.commandline.operations;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Figures that can be made again.
@Command(
        name = "analytics",
        description = "The figures of analytics, which a replay of the archive makes again.",
        subcommands = AnalyticsCommand.EmptyProjections.class,
        mixinStandardHelpOptions = true)
final class AnalyticsCommand extends ParentCommand {

    @Command(
            name = "empty",
            description = "Empties the projections, before the archive is replayed into them.",
            mixinStandardHelpOptions = true)
    static final class EmptyProjections extends OperationsApiCommand {

        @Mixin private OperatorOption operator = new OperatorOption();

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                required = true,
                description = "Why, for the record.")
        private String reason = "";

        @Override
        TargetService service() {
            return TargetService.ANALYTICS;
        }

        @Override
        int execute() {
            var answer =
                    post(
                            "/internal/projections/emptying",
                            Map.of("by", operator.name(), "reason", reason));
            if (json) {
                printJson(answer);
            } else {
                out().printf("Emptied of %d facts.%n", answer.path("facts").longValue());
                out().flush();
            }
            return 0;
        }
    }
}
