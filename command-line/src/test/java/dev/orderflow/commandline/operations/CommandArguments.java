package dev.orderflow.commandline.operations;

import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The commands that a test walks, and valid values of their arguments.
final class CommandArguments {

    private CommandArguments() {}

    /// The commands that do something themselves.
    static Stream<CommandSpec> leaves(CommandSpec command) {
        return command.subcommands().isEmpty()
                ? Stream.of(command)
                : command.subcommands().values().stream()
                        .distinct()
                        .flatMap(sub -> leaves(sub.getCommandSpec()));
    }

    /// A value that the parser accepts.
    static String usual(ArgSpec argument) {
        var type =
                argument.auxiliaryTypes().length > 0
                        ? argument.auxiliaryTypes()[0]
                        : argument.type();
        if (type == UUID.class) {
            return "0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11";
        }
        return type == BigDecimal.class || type == int.class || type == Integer.class ? "1" : "x";
    }

    static void add(List<String> line, ArgSpec argument, String value) {
        if (!(argument instanceof OptionSpec option)) {
            line.add(value);
        } else if (option.arity().max() == 0) {
            line.add(option.longestName());
        } else {
            line.add(option.longestName() + "=" + value);
        }
    }
}
