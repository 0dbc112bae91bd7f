package dev.orderflow.crashtests;

import dev.orderflow.commandline.CommandProvider;
import dev.orderflow.commandline.SystemCommand;
import java.util.Map;
import java.util.concurrent.Callable;

/// Adds `crash-test` to the commands of `./orderflow`.
public final class CrashTestCommands implements CommandProvider {

    @Override
    public Map<SystemCommand, Callable<Integer>> commands() {
        return Map.of(SystemCommand.CRASH_TEST, new CrashTestCommand());
    }
}
