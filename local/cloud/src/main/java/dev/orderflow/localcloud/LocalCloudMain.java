package dev.orderflow.localcloud;

import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs the local cloud until the process receives a signal.
///
/// Closes the cloud before it exits. Exit code 2 for an invalid option or a port in use.
@Command(
        name = "local-cloud",
        description =
                "Runs the AWS APIs that Orderflow uses on one port. For development and tests only.")
public final class LocalCloudMain implements Callable<Integer> {

    private static final int WRONG_USAGE = 2;

    @Option(
            names = "--port",
            defaultValue = "4566",
            description = "Port to listen on, 0 for a free port (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (default: ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(
            names = "--clock-factor",
            defaultValue = "1",
            description =
                    "Speed of cloud time relative to the wall clock, at least 1 (default: ${DEFAULT-VALUE}).")
    private double clockFactor;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    private LocalCloudMain() {}

    /// Starts the local cloud and does not return while it runs.
    public static void main(String[] arguments) {
        // Must be set before the first logger is created. It has its own name because another
        // program with its own logback.xml may have this module on its class path.
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "local-cloud-logback.xml");
        }
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        return new CommandLine(new LocalCloudMain())
                .setParameterExceptionHandler(
                        (wrong, _) -> {
                            System.err.println("local-cloud: " + oneLine(wrong.getMessage()));
                            return WRONG_USAGE;
                        })
                .execute(arguments);
    }

    @Override
    public Integer call() throws InterruptedException {
        LocalCloud cloud;
        try {
            cloud = LocalCloud.builder().host(host).port(port).clockFactor(clockFactor).start();
        } catch (UncheckedIOException | IllegalArgumentException failure) {
            System.err.println("local-cloud: " + oneLine(failure.getMessage()));
            return WRONG_USAGE;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(cloud::close, "stop"));
        System.out.println("local-cloud listens on " + cloud.endpoint());
        System.out.println("For development and tests only. AWS_ENDPOINT_URL=" + cloud.endpoint());
        // Runs until a signal arrives.
        new CountDownLatch(1).await();
        return 0;
    }

    private static String oneLine(@Nullable String message) {
        return String.valueOf(message).lines().findFirst().orElse("unknown error");
    }
}
