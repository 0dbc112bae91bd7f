package dev.orderflow.commandline.operations;

import picocli.CommandLine.Option;

/// Who does something, for the record of the service that is asked.
final class OperatorOption {

    @Option(
            names = "--by",
            paramLabel = "NAME",
            defaultValue = "${sys:user.name}",
            description = "Who, for the record. Default: ${DEFAULT-VALUE}.")
    private String name = "";

    String name() {
        return name;
    }
}
