package dev.orderflow.cost;

import dev.orderflow.commandline.CommandProvider;
import dev.orderflow.commandline.SystemCommand;
import java.util.Map;
import java.util.concurrent.Callable;

/// Adds `cost` to the commands of `./orderflow`.
public final class CostCommands implements CommandProvider {

    @Override
    public Map<SystemCommand, Callable<Integer>> commands() {
        return Map.of(SystemCommand.COST, new CostCommand());
    }
}
