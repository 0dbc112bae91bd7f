package dev.orderflow.commandline.operations;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A command that only has subcommands.
abstract class ParentCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Override
    public final Integer call() {
        var command = Objects.requireNonNull(spec).commandLine();
        throw new ParameterException(
                command,
                "a subcommand is required: "
                        + String.join(", ", command.getSubcommands().keySet()));
    }
}
