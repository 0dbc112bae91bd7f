package dev.orderflow.cost;

import dev.orderflow.localrun.LocalRun;
import dev.orderflow.localrun.LocalRun.LocalRunSettings;
import dev.orderflow.localrun.ProgressTicker;
import dev.orderflow.localrun.Shutdown;
import dev.orderflow.localrun.StartProgress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Prints what the system costs on AWS.
@Command(
        name = "cost",
        description = {
            "Start the system on free ports, ship orders, count what they use of AWS, and print the cost per"
                    + " 1,000 orders and the monthly cost of three sizes of the installation.",
            "Takes about two minutes. Exit code 1 when the budget is exceeded."
        },
        mixinStandardHelpOptions = true)
public final class CostCommand implements Callable<Integer> {

    private static final int MAX_ORDERS = 1_000;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--orders",
            defaultValue = "50",
            paramLabel = "N",
            description = "The number of orders, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private int orders;

    @Override
    public Integer call() {
        var command = Objects.requireNonNull(spec).commandLine();
        if (orders < 1 || orders > MAX_ORDERS) {
            throw new ParameterException(command, "--orders must be 1 to " + MAX_ORDERS);
        }
        var out = command.getOut();
        Shutdown.printUnlessStopping(
                out, "Starting Orderflow on free ports, then " + orders + " orders …");
        try (var system = LocalRun.start(asInProduction(out));
                var progress =
                        new ProgressTicker(
                                line -> Shutdown.printUnlessStopping(out, "  " + line), () -> "")) {
            return printBills(UsageMeter.measure(system, orders, progress), out);
        }
    }

    /// Metrics are exported more often than in production, to avoid waiting; their number is the
    /// same.
    private static LocalRunSettings asInProduction(PrintWriter out) {
        var usual = LocalRunSettings.forTests();
        return new LocalRunSettings(
                usual.ports(),
                usual.data(),
                usual.clockFactor(),
                usual.approvalLimits(),
                progress(out),
                List.of("--management.cloudwatch.metrics.export.step=5s"));
    }

    private static StartProgress progress(PrintWriter out) {
        return new StartProgress() {
            @Override
            public void reportStarted(String what, Duration took) {
                Shutdown.printUnlessStopping(
                        out, "  %5.1f s  %s".formatted(took.toMillis() / 1000.0, what));
            }

            @Override
            public void reportWaiting(String what) {
                Shutdown.printUnlessStopping(out, "         …  " + what);
            }
        };
    }

    static int printBills(Usage usage, PrintWriter out) {
        var perThousand = Bill.ofThousandOrders(usage.perOrder());
        print("1,000 shipped orders", perThousand, out);
        var naive = NaiveDesign.ofThousandOrders(usage.perOrder());
        print("The same with a naive design", naive, out);
        for (var size : InstallationSize.values()) {
            print("Per month without orders, " + size.description(), month(usage, size), out);
        }
        boolean affordable = isAffordable(usage);
        out.printf(
                "%nBudget: $%.2f per 1,000 orders, $%.0f a month for the small one: %s%n",
                Bill.MAX_PER_THOUSAND_ORDERS,
                Bill.MAX_FIXED_PER_MONTH,
                affordable ? "kept" : "exceeded");
        out.flush();
        return affordable ? 0 : 1;
    }

    private static boolean isAffordable(Usage usage) {
        return Bill.ofThousandOrders(usage.perOrder()).total() <= Bill.MAX_PER_THOUSAND_ORDERS
                && month(usage, InstallationSize.SMALL).total() <= Bill.MAX_FIXED_PER_MONTH;
    }

    private static Bill month(Usage usage, InstallationSize size) {
        return Bill.ofAMonth(usage.always(), size);
    }

    private static void print(String title, Bill bill, PrintWriter out) {
        out.printf("%n%s%n", title);
        for (var item : bill.items()) {
            out.printf("  %-34s %,14.0f  $%9.4f%n", item.what(), item.quantity(), item.dollars());
        }
        out.printf("  %-34s %14s  $%9.4f%n", "total", "", bill.total());
        out.flush();
    }
}
