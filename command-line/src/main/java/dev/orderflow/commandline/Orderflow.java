package dev.orderflow.commandline;

import dev.orderflow.commandline.operations.CommandFailedException;
import dev.orderflow.commandline.operations.OperationsCommands;
import dev.orderflow.localmachine.LocalMachineException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line behind `./orderflow`.
///
/// Exit codes: 0 success; 1 a check failed or a component failed; 2 usage error, connection failure
/// or a condition that the caller must change first. Each failure is reported in one line.
@Command(
        name = "orderflow",
        description = "Runs Orderflow, an event-driven order workflow, and operates it.",
        mixinStandardHelpOptions = true,
        version = "orderflow 1.0.0-SNAPSHOT",
        footer = {
            "",
            "Start with:  ./orderflow demo      three orders from start to end, in about a minute",
            "Then:        ./orderflow run       the same system, to try out by hand"
        })
public final class Orderflow implements Runnable {

    @Spec private @Nullable CommandSpec spec;

    private Orderflow() {}

    /// Runs one command and exits with its code.
    public static void main(String[] arguments) {
        var providers = providers();
        var command =
                Arrays.stream(arguments)
                        .filter(argument -> !argument.startsWith("-"))
                        .findFirst()
                        .orElse("orderflow");
        providers.forEach(provider -> provider.prepare(command));
        System.exit(commandLine(providers).execute(arguments));
    }

    /// The command line with the commands of all modules on the class path.
    public static CommandLine commandLine() {
        return commandLine(providers());
    }

    private static List<CommandProvider> providers() {
        return ServiceLoader.load(CommandProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    private static CommandLine commandLine(List<CommandProvider> providers) {
        var commandLine = new CommandLine(new Orderflow());
        addSystemCommands(commandLine, providers);
        commandLine.addSubcommand(new HelpCommand());
        return OperationsCommands.addTo(commandLine)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, _) -> reportUsageError(wrong))
                .setExecutionExceptionHandler(
                        (failure, failed, _) -> reportFailure(failure, failed, providers));
    }

    private static void addSystemCommands(
            CommandLine commandLine, List<CommandProvider> providers) {
        var implemented = new HashMap<SystemCommand, Callable<Integer>>();
        providers.forEach(provider -> implemented.putAll(provider.commands()));
        for (var command : SystemCommand.values()) {
            var implementation = implemented.get(command);
            var subcommand =
                    implementation == null
                            ? notOnClassPath(command)
                            : new CommandLine(implementation);
            subcommand.getCommandSpec().usageMessage().header(command.summary());
            commandLine.addSubcommand(command.label(), subcommand);
        }
    }

    /// Keeps a command in the list although its module is not on the class path.
    private static CommandLine notOnClassPath(SystemCommand command) {
        Callable<Integer> refusal =
                () -> {
                    throw new CommandFailedException(
                            "'%1$s' is not part of this installation; run ./orderflow %1$s in a checkout"
                                    .formatted(command.label()));
                };
        var spec = CommandSpec.wrapWithoutInspection(refusal).mixinStandardHelpOptions(true);
        spec.parser().unmatchedArgumentsAllowed(true);
        return new CommandLine(spec);
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    private static int reportUsageError(ParameterException wrong) {
        wrong.getCommandLine()
                .getErr()
                .printf(
                        "orderflow: %s (see ./orderflow %s--help)%n",
                        firstLine(wrong.getMessage()), path(wrong.getCommandLine()));
        return 2;
    }

    private static int reportFailure(
            Exception failure, CommandLine command, List<CommandProvider> providers) {
        if (providers.stream().anyMatch(CommandProvider::isStopping)) {
            return 1;
        }
        var err = command.getErr();
        if (failure instanceof LocalMachineException || failure instanceof CommandFailedException) {
            err.println("orderflow: " + failure.getMessage());
            return 2;
        }
        var root = rootCause(failure);
        var message = firstLine(String.valueOf(failure.getMessage()));
        err.println(
                "orderflow: "
                        + (root == failure
                                ? message
                                : message
                                        + ": "
                                        + firstLine(
                                                Objects.requireNonNullElse(
                                                        root.getMessage(), root.toString()))));
        if (root instanceof BindException) {
            return 2;
        }
        log(failure, providers).ifPresent(file -> err.println("orderflow: details are in " + file));
        return 1;
    }

    private static Optional<Path> log(Exception failure, List<CommandProvider> providers) {
        return providers.stream().flatMap(provider -> provider.log(failure).stream()).findFirst();
    }

    private static Throwable rootCause(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String path(CommandLine command) {
        var name = command.getCommandSpec().qualifiedName();
        return name.contains(" ") ? name.substring(name.indexOf(' ') + 1) + " " : "";
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }
}
