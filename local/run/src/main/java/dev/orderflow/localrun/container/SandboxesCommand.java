package dev.orderflow.localrun.container;

import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.Shutdown;
import dev.orderflow.sandboxes.carrier.SandboxCarrier;
import dev.orderflow.sandboxes.gateway.SandboxGateway;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs the sandboxes of the payment gateway and the carrier until the process is terminated.
@Command(
        name = "sandboxes",
        description =
                "Run the sandboxes of the payment gateway (port 8090) and the carrier (port 8091) until terminated."
                        + " 'run' includes them; this command is for containers.",
        mixinStandardHelpOptions = true)
public final class SandboxesCommand implements Callable<Integer> {

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "The name or address to listen on. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Override
    public Integer call() throws InterruptedException {
        Shutdown.register(SandboxGateway.start(host, Component.SANDBOX_GATEWAY.standardPort()));
        Shutdown.register(SandboxCarrier.start(host, Component.SANDBOX_CARRIER.standardPort()));
        System.out.println("the sandboxes listen on " + host);
        // Until a signal terminates the process.
        new CountDownLatch(1).await();
        return 0;
    }
}
