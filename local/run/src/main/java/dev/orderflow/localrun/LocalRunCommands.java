package dev.orderflow.localrun;

import dev.orderflow.commandline.CommandProvider;
import dev.orderflow.commandline.SystemCommand;
import dev.orderflow.localrun.container.CheckCommand;
import dev.orderflow.localrun.container.CloudCommand;
import dev.orderflow.localrun.container.IssuerCommand;
import dev.orderflow.localrun.container.ProvisionCommand;
import dev.orderflow.localrun.container.SandboxesCommand;
import dev.orderflow.localrun.container.SeedCommand;
import dev.orderflow.localrun.container.TrainCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;

/// The commands of `./orderflow` that start the system or a component of it.
public final class LocalRunCommands implements CommandProvider {

    @Override
    public Map<SystemCommand, Callable<Integer>> commands() {
        return Map.of(
                SystemCommand.RUN, new RunCommand(),
                SystemCommand.DEMO, new DemoCommand(),
                SystemCommand.CHECK, new CheckCommand(),
                SystemCommand.CLOUD, new CloudCommand(),
                SystemCommand.SANDBOXES, new SandboxesCommand(),
                SystemCommand.ISSUER, new IssuerCommand(),
                SystemCommand.PROVISION, new ProvisionCommand(),
                SystemCommand.SEED, new SeedCommand(),
                SystemCommand.TRAIN, new TrainCommand());
    }

    @Override
    public void prepare(String command) {
        LogFile.choose(command);
        Shutdown.setOutput(System.out);
    }

    @Override
    public boolean isStopping() {
        return Shutdown.isInProgress();
    }

    @Override
    public Optional<Path> log(Exception failure) {
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        LoggerFactory.getLogger(LocalRunCommands.class).error("{}", trace);
        return Optional.of(LocalRun.logFile());
    }
}
