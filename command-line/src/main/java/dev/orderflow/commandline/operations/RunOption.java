package dev.orderflow.commandline.operations;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option that selects one of several running systems of this user.
public final class RunOption {

    @Option(
            names = "--run",
            paramLabel = "PROCESS",
            description =
                    "The system to use when several of yours run: the process id printed by './orderflow run'."
                            + " Default: the only one, or the one on the standard ports.")
    private @Nullable Long process;

    /// @return empty when none runs
    /// @throws CommandFailedException when several systems run and none is selected
    public Optional<RunRegistration> find() {
        return RunRegistration.choose(
                RunRegistration.all(),
                Optional.ofNullable(process),
                RunRegistration.STANDARD_CONSOLE_PORT);
    }

    /// @param otherwise what the caller can do instead of starting one, such as `give --url`
    /// @throws CommandFailedException when none runs, or several run and none is selected
    public RunRegistration require(String otherwise) {
        return find().orElseThrow(
                        () ->
                                new CommandFailedException(
                                        "no running system found; start one with './orderflow run' or "
                                                + otherwise));
    }
}
