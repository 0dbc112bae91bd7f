package dev.orderflow.localrun;

import dev.orderflow.localmachine.LocalMachineException;
import dev.orderflow.localrun.container.CheckCommand;
import dev.orderflow.localrun.container.CloudCommand;
import dev.orderflow.localrun.container.IssuerCommand;
import dev.orderflow.localrun.container.ProvisionCommand;
import dev.orderflow.localrun.container.SandboxesCommand;
import dev.orderflow.localrun.container.SeedCommand;
import dev.orderflow.localrun.cost.CostCommand;
import dev.orderflow.localrun.crash.CrashTestCommand;
import dev.orderflow.localrun.operations.CannotAskException;
import dev.orderflow.localrun.operations.OperationsCommands;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.BindException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line behind `./orderflow`.
///
/// Exit codes: 0 when all went well, 1 when a check failed or a part broke, 2 when the call was
/// wrong or something in the way must be moved by the caller (one line says what).
@Command(
        name = "orderflow",
        description = "An event-driven order workflow, whole, on this machine.",
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            CrashTestCommand.class,
            CostCommand.class,
            CheckCommand.class,
            CloudCommand.class,
            SandboxesCommand.class,
            IssuerCommand.class,
            ProvisionCommand.class,
            SeedCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        version = "orderflow 1.0.0-SNAPSHOT",
        footer = {
            "",
            "Start with:  ./orderflow demo      three orders, start to end, in about a minute",
            "Then:        ./orderflow run       the same system, for you to play with"
        })
public final class Orderflow implements Runnable {

    @Spec private @Nullable CommandSpec spec;

    private Orderflow() {}

    /// Runs one command and exits with its code.
    public static void main(String[] arguments) {
        LogFile.choose(
                Arrays.stream(arguments)
                        .filter(argument -> !argument.startsWith("-"))
                        .findFirst()
                        .orElse("orderflow"));
        Shutdown.announceOn(System.out);
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return OperationsCommands.addTo(new CommandLine(new Orderflow()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Orderflow::wrongCall)
                .setExecutionExceptionHandler(Orderflow::broken);
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    private static int wrongCall(ParameterException wrong, String[] arguments) {
        wrong.getCommandLine()
                .getErr()
                .printf(
                        "orderflow: %s (see ./orderflow %s--help)%n",
                        firstLine(wrong.getMessage()), path(wrong.getCommandLine()));
        return 2;
    }

    private static int broken(
            Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        if (Shutdown.isUnderWay()) {
            // What is being stopped fails; that it is stopped has been said.
            return 1;
        }
        var err = command.getErr();
        if (failure instanceof PortTakenException
                || failure instanceof DataUnusableException
                || failure instanceof CannotAskException
                || failure instanceof LocalMachineException) {
            err.println("orderflow: " + failure.getMessage());
            return 2;
        }
        var root = rootCause(failure);
        var why = firstLine(String.valueOf(failure.getMessage()));
        err.println(
                "orderflow: "
                        + (root == failure
                                ? why
                                : why
                                        + ": "
                                        + firstLine(
                                                Objects.requireNonNullElse(
                                                        root.getMessage(), root.toString()))));
        if (root instanceof BindException) {
            return 2;
        }
        err.println("orderflow: more is in " + LocalRun.logFile());
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        LoggerFactory.getLogger(Orderflow.class).error("{}", trace);
        return 1;
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
