package dev.orderflow.commandline.operations;

import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.OperatorName;
import picocli.CommandLine.Option;

/// The option that names the operator, whom the service records with the action.
final class OperatorOption {

    @Option(
            names = "--operator",
            paramLabel = "NAME",
            defaultValue = "${sys:user.name}",
            description = "The operator, recorded with the action. Default: ${DEFAULT-VALUE}.")
    private String name = "";

    /// @throws CommandFailedException if it is no [OperatorName]
    String name() {
        try {
            return new OperatorName(name).value();
        } catch (InvalidValueException invalid) {
            throw new CommandFailedException("--operator " + invalid.rule());
        }
    }
}
