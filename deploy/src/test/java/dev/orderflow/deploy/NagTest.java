package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class NagTest {

    private static final int A_SENTENCE = 60;

    private final SynthesizedApp synthesis = SynthesizedApp.get();

    @Test
    void everyFindingOfCdkNagHasAReason() throws IOException {
        assertThat(synthesis.findings())
                .hasSizeGreaterThan(100)
                .filteredOn(
                        finding ->
                                finding.compliance().equals("Non-Compliant")
                                        || finding.compliance().equals("UNKNOWN"))
                .isEmpty();
    }

    @Test
    void everySuppressionIsNeededAndHasAReason() throws IOException {
        var suppressed =
                synthesis.findings().stream()
                        .filter(finding -> finding.compliance().equals("Suppressed"))
                        .toList();
        for (var suppression : Suppressions.ALL) {
            assertThat(suppression.reason()).hasSizeGreaterThan(A_SENTENCE);
            assertThat(suppression.paths())
                    .isNotEmpty()
                    .allSatisfy(
                            path ->
                                    assertThat(suppressed)
                                            .as("what cdk-nag would say without it")
                                            .anyMatch(
                                                    finding ->
                                                            finding.resource().equals(path)
                                                                    && finding.rule()
                                                                            .equals(
                                                                                    suppression
                                                                                            .rule())
                                                                    && finding.reason()
                                                                            .equals(
                                                                                    suppression
                                                                                            .reason())));
        }
    }

    @Test
    void everySuppressionIsInTheList() throws IOException {
        var reasons = Suppressions.ALL.stream().map(Suppressions.Suppression::reason).toList();
        assertThat(synthesis.findings())
                .filteredOn(finding -> finding.compliance().equals("Suppressed"))
                .allSatisfy(finding -> assertThat(reasons).contains(finding.reason()));
    }

    @Test
    void synthesisNeedsNoLookups() throws IOException {
        assertThat(synthesis.manifest().path("missing").isMissingNode()).isTrue();
    }

    @Test
    void theTemplatesPassTheRulesOfCloudFormation() throws IOException {
        for (var report : synthesis.validation().path("pluginReports")) {
            assertThat(report.path("violations")).isEmpty();
        }
    }
}
