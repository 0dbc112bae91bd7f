package dev.orderflow.commandline.operations;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which of this user's systems a command is for.
public final class RunOption {

    @Option(
            names = "--run",
            paramLabel = "PROCESS",
            description =
                    "Which system, when several of yours run: the number of the process that './orderflow run'"
                            + " said. Without it, the only one, or the one on the usual ports.")
    private @Nullable Long process;

    /// @return empty when none runs
    /// @throws CommandFailedException when it is unclear which one is meant
    public Optional<RunRegistration> find() {
        return RunRegistration.choose(
                RunRegistration.all(),
                Optional.ofNullable(process),
                RunRegistration.STANDARD_CONSOLE_PORT);
    }

    /// @param otherwise what the caller can do instead of starting one, such as `give --url`
    /// @throws CommandFailedException when none runs, or it is unclear which one is meant
    public RunRegistration require(String otherwise) {
        return find().orElseThrow(
                        () ->
                                new CommandFailedException(
                                        "no running system found; start one with './orderflow run' or "
                                                + otherwise));
    }
}
