package dev.orderflow.benchmarks;

import dev.orderflow.commandline.CommandProvider;
import dev.orderflow.commandline.SystemCommand;
import java.util.Map;
import java.util.concurrent.Callable;

/// Adds `bench` to the commands of `./orderflow`.
public final class BenchmarkCommands implements CommandProvider {

    @Override
    public Map<SystemCommand, Callable<Integer>> commands() {
        return Map.of(SystemCommand.BENCH, new BenchCommand());
    }
}
