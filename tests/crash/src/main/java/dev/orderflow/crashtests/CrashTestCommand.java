package dev.orderflow.crashtests;

import dev.orderflow.localrun.Shutdown;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./orderflow crash-test`.
@Command(
        name = "crash-test",
        description =
                "Run each service in a process of its own, place orders, and meanwhile kill processes and the database"
                        + " server, and refuse, delay, repeat and lose calls, as determined by a seed. Then drain, and"
                        + " verify from outside that no order is lost and nothing is charged, shipped or e-mailed"
                        + " twice. Exit code 0 when all invariants hold, else 1.",
        mixinStandardHelpOptions = true)
public final class CrashTestCommand implements Callable<Integer> {

    private static final int MOST_VIOLATIONS_SHOWN = 10;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The seed that determines all faults. Default: random, and printed.")
    private @Nullable Long seed;

    @Option(
            names = "--orders",
            paramLabel = "M",
            defaultValue = "200",
            description = "The number of orders. Default: ${DEFAULT-VALUE}.")
    private int orders = 200;

    @Option(
            names = "--faults",
            paramLabel = "N",
            description =
                    "The number of calls to refuse, delay, repeat or lose. Default: one per two orders.")
    private @Nullable Integer faults;

    @Option(
            names = "--kills",
            paramLabel = "N",
            description = "The number of processes to kill. Default: one per twenty orders.")
    private @Nullable Integer kills;

    @Option(
            names = "--database-crashes",
            paramLabel = "N",
            description =
                    "The number of crashes of the database server. Default: one per 250 orders.")
    private @Nullable Integer databaseCrashes;

    @Option(
            names = "--clock-factor",
            paramLabel = "N",
            defaultValue = "4",
            description =
                    "How much faster than the wall clock the clock of local-cloud runs. Default:"
                            + " ${DEFAULT-VALUE}.")
    private double clockFactor = 4;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "4",
            description = "The maximum rate of orders per second. Default: ${DEFAULT-VALUE}.")
    private double rate = 4;

    @Option(
            names = "--duration",
            paramLabel = "MINUTES",
            defaultValue = "1440",
            description = "Stop placing orders after this time. Default: ${DEFAULT-VALUE}.")
    private int minutes = 1440;

    @Option(
            names = "--restarts",
            description =
                    "First restart each service under load, as a deployment does, which must break no call.")
    private boolean restarts;

    @Option(
            names = "--single",
            description =
                    "Run one process of each service. Default: two of order-service and"
                            + " payment-service.")
    private boolean single;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        require(orders >= 1 && orders <= 1_000_000, "--orders must be 1 to 1000000");
        require(faults == null || faults >= 0, "--faults must not be negative");
        require(kills == null || kills >= 0, "--kills must not be negative");
        require(
                databaseCrashes == null || databaseCrashes >= 0,
                "--database-crashes must not be negative");
        require(clockFactor >= 1 && clockFactor <= 60, "--clock-factor must be 1 to 60");
        require(rate > 0 && rate <= 1000, "--rate must be more than 0 and at most 1000");
        require(minutes >= 1, "--duration must be at least 1");
        var out = spec().commandLine().getOut();
        long chosen = seed == null ? new Random().nextInt(1_000_000) : seed;
        var settings =
                new CrashRun.CrashRunSettings(
                        chosen,
                        orders,
                        faults == null ? -1 : faults,
                        kills == null ? -1 : kills,
                        databaseCrashes == null ? -1 : databaseCrashes,
                        clockFactor,
                        rate,
                        restarts,
                        !single,
                        Duration.ofMinutes(minutes));
        Shutdown.printUnlessStopping(
                out, "Crash test with seed %d, %d orders".formatted(chosen, orders));
        var began = System.nanoTime();
        var report =
                CrashRun.run(
                        settings,
                        what ->
                                Shutdown.printUnlessStopping(
                                        out,
                                        "  %5.0f s  %s"
                                                .formatted(
                                                        (System.nanoTime() - began) / 1e9, what)));
        print(out, report);
        if (report.violations().isEmpty()) {
            return 0;
        }
        Shutdown.printUnlessStopping(out, "");
        Shutdown.printUnlessStopping(out, "Repeat with: ./orderflow crash-test " + replay(chosen));
        return 1;
    }

    /// The options that repeat this run.
    private String replay(long chosen) {
        var call = new StringBuilder("--seed " + chosen + " --orders " + orders);
        if (faults != null) {
            call.append(" --faults ").append(faults);
        }
        if (kills != null) {
            call.append(" --kills ").append(kills);
        }
        if (databaseCrashes != null) {
            call.append(" --database-crashes ").append(databaseCrashes);
        }
        call.append(" --clock-factor ").append(clockFactor).append(" --rate ").append(rate);
        if (restarts) {
            call.append(" --restarts");
        }
        if (single) {
            call.append(" --single");
        }
        return call.toString();
    }

    private static void print(PrintWriter out, CrashReport report) {
        Shutdown.printUnlessStopping(out, "");
        Shutdown.printUnlessStopping(
                out,
                "%d orders in %d:%02d min: %s"
                        .formatted(
                                report.orders(),
                                report.took().toMinutes(),
                                report.took().toSecondsPart(),
                                new TreeMap<>(report.states())));
        table(out, "", report.counts());
        Shutdown.printUnlessStopping(out, "");
        Shutdown.printUnlessStopping(out, "Injected faults");
        table(out, "", new TreeMap<>(report.injectedFaults()));
        if (!report.deadLetterReasons().isEmpty()) {
            var reasons = new TreeMap<String, Integer>();
            report.deadLetterReasons().forEach(each -> reasons.merge(each, 1, Integer::sum));
            Shutdown.printUnlessStopping(out, "");
            Shutdown.printUnlessStopping(out, "Dead letters redriven");
            table(out, "", reasons);
        }
        Shutdown.printUnlessStopping(out, "");
        Shutdown.printUnlessStopping(
                out, "%-66s %8s %9s".formatted("Invariants", "checked", "violated"));
        for (var invariant : report.invariants()) {
            Shutdown.printUnlessStopping(
                    out,
                    "  %s %-62s %8d %9d"
                            .formatted(
                                    invariant.violations().isEmpty() ? "✓" : "✗",
                                    invariant.name(),
                                    invariant.checked(),
                                    invariant.violations().size()));
            invariant.violations().stream()
                    .limit(MOST_VIOLATIONS_SHOWN)
                    .forEach(violation -> Shutdown.printUnlessStopping(out, "      " + violation));
        }
        Shutdown.printUnlessStopping(out, "");
        Shutdown.printUnlessStopping(
                out,
                report.violations().isEmpty()
                        ? "All invariants hold."
                        : report.violations().size()
                                + " violations; the logs of the processes are in "
                                + report.logs());
    }

    private static void table(PrintWriter out, String indent, Map<String, Integer> rows) {
        rows.forEach(
                (name, count) ->
                        Shutdown.printUnlessStopping(
                                out, "%s  %8d  %s".formatted(indent, count, name)));
    }

    private void require(boolean right, String otherwise) {
        if (!right) {
            throw new ParameterException(spec().commandLine(), otherwise);
        }
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("called without a command line");
        }
        return spec;
    }
}
