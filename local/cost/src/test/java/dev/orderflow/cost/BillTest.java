package dev.orderflow.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BillTest {

    private static final Usage.OrderUsage ORDER = new Usage.OrderUsage(8, 3, 30, 2, 2, 10_000);
    private static final Usage.BaseUsage ALWAYS = new Usage.BaseUsage(0.5, 100, 45, 2);

    @Test
    void theCostOfAThousandOrdersIsTheSumOfItsParts() {
        // 8 × 0.025 + 3 × 0.001 + 30 × 0.0004 + 2 × 0.0005 + 2 × 0.1 + 0.01 GB × 0.5
        assertThat(Bill.ofThousandOrders(ORDER).total()).isCloseTo(0.421, within(1e-9));
    }

    @Test
    void theMonthlyCostIncreasesWithTheSize() {
        double before = 0;
        for (var size : InstallationSize.values()) {
            double total = Bill.ofAMonth(ALWAYS, size).total();
            assertThat(total).isGreaterThan(before);
            before = total;
        }
    }

    @Test
    void theMonthlyCostOfTheSmallestSizeIsExact() {
        // tasks 7 × (0.25 × 0.03238 + 0.00356) × 730, database 47.45, endpoints 80.3, NAT gateway
        // 32.85, firewall 10, balancers 32.85, metrics 30, alarms 4.5, 8.5 and 6.5,
        // dashboards 6, polls 0.5/s × 730 h, keys 3, secrets 1.2
        assertThat(Bill.ofAMonth(ALWAYS, InstallationSize.SMALL).total())
                .isCloseTo(
                        7 * (0.25 * 0.03238 + 0.00356) * 730
                                + 47.45
                                + 80.3
                                + 32.85
                                + 10
                                + 32.85
                                + 30
                                + 4.5
                                + 8.5
                                + 6.5
                                + 6
                                + 0.5 * 730 * 3_600 * 0.4e-6
                                + 3
                                + 1.2,
                        within(0.005));
    }

    /// `CostTest` of deploy counts them in the templates.
    @Test
    void theDocumentNamesEveryCountedMetric() throws IOException {
        assertThat(Files.readString(Path.of("..", "..", "docs", "cost.md")))
                .contains(
                        "%d VPC endpoints, %d load balancers, %d keys, %d secrets, %d composite alarms and %d alarms"
                                .formatted(
                                        InstallationSize.ENDPOINTS,
                                        InstallationSize.LOAD_BALANCERS,
                                        InstallationSize.KEYS,
                                        InstallationSize.SECRETS,
                                        InstallationSize.COMPOSITE_ALARMS,
                                        InstallationSize.MORE_ALARMS));
    }

    @Test
    void theNaiveDesignCostsMore() {
        assertThat(NaiveDesign.ofThousandOrders(ORDER).total())
                .isGreaterThan(2 * Bill.ofThousandOrders(ORDER).total());
    }

    @Test
    void anExceededBudgetEndsWithExitCodeOne() {
        var out = new StringWriter();
        assertThat(CostCommand.printBills(new Usage(ORDER, ALWAYS), new PrintWriter(out))).isZero();
        assertThat(out.toString()).endsWith("kept" + System.lineSeparator());

        var retries = new Usage.OrderUsage(20, 3, 30, 2, 2, 10_000);
        assertThat(CostCommand.printBills(new Usage(retries, ALWAYS), new PrintWriter(out)))
                .isOne();
        assertThat(out.toString()).endsWith("exceeded" + System.lineSeparator());
    }
}
