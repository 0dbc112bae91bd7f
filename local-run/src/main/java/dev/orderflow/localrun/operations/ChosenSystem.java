package dev.orderflow.localrun.operations;

import dev.orderflow.localrun.Part;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which of this user's systems a command is for.
final class ChosenSystem {

    @Option(
            names = "--run",
            paramLabel = "PROCESS",
            description =
                    "Which system, when several of yours run: the number of the process that './orderflow run'"
                            + " said. Without it, the only one, or the one on the usual ports.")
    private @Nullable Long process;

    @Option(names = "--run-file", hidden = true)
    private @Nullable Path runFile;

    /// @return empty when none runs
    /// @throws CannotAskException when it is unclear which one is meant
    Optional<RunFile> find() {
        return runFile == null
                ? RunningSystem.choose(
                                RunningSystem.all(),
                                Optional.ofNullable(process),
                                Part.OPERATIONS_CONSOLE.standardPort())
                        .map(RunningSystem::at)
                : RunFile.read(runFile);
    }
}
