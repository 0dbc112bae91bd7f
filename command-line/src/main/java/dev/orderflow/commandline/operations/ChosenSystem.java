package dev.orderflow.commandline.operations;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which of this user's systems a command is for.
public final class ChosenSystem {

    @Option(
            names = "--run",
            paramLabel = "PROCESS",
            description =
                    "Which system, when several of yours run: the number of the process that './orderflow run'"
                            + " said. Without it, the only one, or the one on the usual ports.")
    private @Nullable Long process;

    /// @return empty when none runs
    /// @throws CannotAskException when it is unclear which one is meant
    public Optional<RunningSystem> find() {
        return RunningSystem.choose(
                RunningSystem.all(),
                Optional.ofNullable(process),
                RunningSystem.STANDARD_CONSOLE_PORT);
    }

    /// @param otherwise what the caller can do instead of starting one, such as `give --url`
    /// @throws CannotAskException when none runs, or it is unclear which one is meant
    public RunningSystem require(String otherwise) {
        return find().orElseThrow(
                        () ->
                                new CannotAskException(
                                        "no running system found; start one with './orderflow run' or "
                                                + otherwise));
    }
}
