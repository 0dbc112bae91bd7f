package dev.orderflow.commandline.operations;

import picocli.CommandLine.Option;

/// The option that names the operator for the audit trail.
final class OperatorOption {

    @Option(
            names = "--by",
            paramLabel = "NAME",
            defaultValue = "${sys:user.name}",
            description = "The operator, for the audit trail. Default: ${DEFAULT-VALUE}.")
    private String name = "";

    String name() {
        return name;
    }
}
