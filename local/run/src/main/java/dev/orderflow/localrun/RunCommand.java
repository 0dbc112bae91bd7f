package dev.orderflow.localrun;

import dev.orderflow.commandline.operations.RunEndpoints;
import dev.orderflow.commandline.operations.RunRegistration;
import dev.orderflow.localrun.LocalRun.LocalRunSettings;
import dev.orderflow.topology.ApprovalLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description =
                "Start the system and keep it running until Ctrl-C: Postgres, local-cloud, the sandboxes of the"
                        + " payment gateway, the carrier and the token issuer, and the services.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    @Mixin private StartOptions start = new StartOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Keep the databases in this folder for the next run. Without it all data are deleted at the"
                            + " end. Queues, workflows and sandboxes are in memory in any case, so let orders"
                            + " finish before you stop the system.")
    private @Nullable Path data;

    @Option(
            names = "--clock-factor",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "How much faster than the wall clock the clock of local-cloud runs: retries, time-outs,"
                            + " visibility, alarms. 1 to 3600. Default: ${DEFAULT-VALUE}.")
    private double clockFactor = 1;

    @Option(
            names = "--approval-limits",
            paramLabel = "CURRENCY=AMOUNT,…",
            defaultValue = ApprovalLimits.STANDARD,
            converter = ApprovalLimitsOption.class,
            description = ApprovalLimitsOption.DESCRIPTION)
    private ApprovalLimits approvalLimits = ApprovalLimits.parse(ApprovalLimits.STANDARD);

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (!(clockFactor >= 1 && clockFactor <= 3600)) {
            throw wrong("--clock-factor must be 1 to 3600 but was " + clockFactor);
        }
        if (data != null && Files.exists(data) && !Files.isDirectory(data)) {
            throw new DataUnusableException(data + " is not a folder; --data needs a folder");
        }
        var began = System.nanoTime();
        var console =
                new ConsoleOutput(
                        "Starting Orderflow (development and demonstration only, on loopback) …");
        var ports = start.ports(ComponentPorts.standard());
        var system =
                LocalRun.start(
                        new LocalRunSettings(
                                ports,
                                Optional.ofNullable(data).map(Path::toAbsolutePath),
                                clockFactor,
                                approvalLimits,
                                console));
        var here = RunRegistration.current(ports.byLabel(), endpoints(system));
        Shutdown.register(here.publish());
        console.heading(
                "Ready after %.0f s, as process %d. The log is in %s. Ctrl-C stops everything."
                        .formatted(
                                (System.nanoTime() - began) / 1e9, here.pid(), LocalRun.logFile()));
        printSuggestions(console, system, runOption(here));
        // Only a signal ends it.
        new CountDownLatch(1).await();
        return 0;
    }

    private static RunEndpoints endpoints(LocalRun system) {
        return new RunEndpoints(
                system.url(Component.OPERATIONS_CONSOLE),
                system.url(Component.ORDER_SERVICE_INTERNAL),
                system.url(Component.DEVELOPMENT_ISSUER),
                system.internalApiKey(),
                system.internalUrls());
    }

    private ParameterException wrong(String why) {
        if (spec == null) {
            throw new IllegalStateException(why);
        }
        return new ParameterException(spec.commandLine(), why);
    }

    /// The option that commands need to select this system when it is not on the standard ports.
    private static String runOption(RunRegistration here) {
        return here.url(Component.OPERATIONS_CONSOLE.label()).getPort()
                        == Component.OPERATIONS_CONSOLE.standardPort()
                ? ""
                : " --run " + here.pid();
    }

    private static void printSuggestions(
            ConsoleOutput console, LocalRun system, String thisSystem) {
        var orders = system.url(Component.ORDER_SERVICE);
        console.heading("Place an order and follow it");
        console.line(
                """
                TOKEN=$(./orderflow token --customer ada%2$s)
                curl -i %1$s/orders -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
                     -H "Idempotency-Key: $(date +%%s)$RANDOM" \\
                     -d '{"lines":[{"sku":"MUG-BLUE","quantity":2}],"paymentMethodId":"pm_card_visa",
                          "email":"ada@example.org","shippingAddress":{"recipient":"Ada Lovelace",
                          "street":"12 St James Square","postalCode":"SW1Y 4JH","city":"London","country":"GB"}}'
                curl -s -H "Authorization: Bearer $TOKEN" %1$s/orders/<id>

                The token is valid for customer ada and for 8 hours. --operator NAME prints a token that can read all orders."""
                        .formatted(orders, thisSystem));
        console.heading("Cause failures");
        console.line(
                """
                "paymentMethodId":"pm_card_chargeDeclined"   declined: order rejected, stock released
                "paymentMethodId":"pm_card_answerLost"       charged, but the response is lost: charged only once
                "sku":"LAMP-RARE","quantity":2               only one in stock: order rejected, nothing charged
                "sku":"TABLE-OAK"                            above the limit: waits for approval
                curl -X PUT %1$s/sandbox/availability -H 'Content-Type: application/json' -d '{"available":false}'   the carrier is unavailable"""
                        .formatted(system.url(Component.SANDBOX_CARRIER)));
        console.heading("Operate the system");
        console.line(
                """
                %1$s   the pages of the operations console: choose an operator, no password
                %1$s/workbench   place orders, cause failures with switches, and follow their progress"""
                        .formatted(system.url(Component.OPERATIONS_CONSOLE_PAGES)));
        console.heading("Inspect the system");
        console.line(
                """
                %1$s/swagger-ui.html        the public API
                %2$s/sandbox/ledger         charges of the payment gateway
                %3$s/_aws/ses               sent e-mails
                %4$s/actuator/health        health of order-service; each service has such a port, 1000 above its main port
                KEY=%5$s
                curl -H "X-Api-Key: $KEY" %6$s/internal/summary    order statistics
                curl -H "X-Api-Key: $KEY" %7$s/internal/stock       stock and reservations
                psql %8$s   tables of order-service
                AWS_ENDPOINT_URL=%3$s AWS_REGION=%9$s AWS_DEFAULT_REGION=%9$s AWS_ACCESS_KEY_ID=local \\
                  AWS_SECRET_ACCESS_KEY=local aws sqs list-queues
                ./orderflow login --as adam%10$s   sign in as an operator; vera, oskar and anna have smaller roles
                ./orderflow dlq list%10$s   dead letters; also workflows failed, work-items list, audit, check"""
                        .formatted(
                                orders,
                                system.url(Component.SANDBOX_GATEWAY),
                                system.url(Component.LOCAL_CLOUD),
                                system.url(Component.ORDER_SERVICE_MANAGEMENT),
                                system.internalApiKey(),
                                system.url(Component.ANALYTICS_SERVICE),
                                system.url(Component.INVENTORY_SERVICE),
                                system.database(Component.ORDER_SERVICE),
                                ServiceSettings.REGION,
                                thisSystem));
    }
}
