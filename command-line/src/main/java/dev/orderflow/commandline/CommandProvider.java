package dev.orderflow.commandline;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Implements commands of [SystemCommand]. An implementation is registered with
/// [java.util.ServiceLoader] by the module that it is in.
public interface CommandProvider {

    /// The picocli commands, whose names are the labels of the keys.
    Map<SystemCommand, Callable<Integer>> commands();

    /// Called once, before a command is parsed and before anything is logged.
    ///
    /// @param command the name given on the command line, or `orderflow` when none is given
    default void prepare(String command) {}

    /// Whether the process is stopping because of a signal: a command that fails then is not
    /// reported.
    default boolean isStopping() {
        return false;
    }

    /// Logs the unexpected failure of a command.
    ///
    /// @return the log file; empty when this provider has none
    default Optional<Path> log(Exception failure) {
        return Optional.empty();
    }
}
