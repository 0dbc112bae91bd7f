package dev.orderflow.commandline;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `help COMMAND SUBCOMMAND`: the same as `COMMAND SUBCOMMAND --help`. picocli's own help command
/// ignores all names but the first.
@Command(name = "help", helpCommand = true, description = "Print the help of a command.")
final class HelpCommand implements Runnable {

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description = "The command and its subcommand. Default: orderflow itself.")
    private List<String> names = List.of();

    @Override
    public void run() {
        var own = Objects.requireNonNull(spec).commandLine();
        var command = own.getParent();
        for (var name : names) {
            var subcommand = command.getSubcommands().get(name);
            if (subcommand == null) {
                throw new ParameterException(command, "Unknown subcommand '%s'.".formatted(name));
            }
            command = subcommand;
        }
        command.usage(own.getOut());
    }
}
