package dev.orderflow.topology;

import static com.dashjoin.jsonata.Jsonata.jsonata;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ApprovalLimitsTest {

    /// Evaluates the limits with the expression of the workflow.
    @ParameterizedTest
    @CsvSource({
        "1000.00, EUR, false",
        "1000.01, EUR, true",
        "0.50, EUR, false",
        "1000.01, JPY, false",
        "160000, JPY, false",
        "160001, JPY, true",
        "99.999, KWD, false",
        "0.01, USD, true",
        "1, XXX, true",
        "0.01, CHF, true"
    })
    void anOrderNeedsApprovalAboveTheLimitOfItsCurrencyAndAlwaysWithoutALimit(
            String amount, String currency, boolean waits) {
        assertThat(isAsked("EUR=1000,JPY=160000,KWD=100,CHF=0", amount, currency)).isEqualTo(waits);
    }

    @Test
    void withoutLimitsEveryOrderNeedsApproval() {
        assertThat(isAsked(new ApprovalLimits(Map.of()), "0.01", "EUR")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1000",
                "EUR",
                "EUR=",
                "EUR=-1",
                "EUR=1e9",
                "eur=1",
                "EUR=1;USD=1",
                "EUR=1,",
                "EUR=1,EUR=2",
                "EUX=1",
                "EUR='1'"
            })
    void anInvalidLimitIsRefused(String text) {
        assertThatThrownBy(() -> ApprovalLimits.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNegativeLimitIsRejected() {
        assertThatThrownBy(() -> new ApprovalLimits(Map.of("EUR", new BigDecimal("-0.01"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EUR");
    }

    @Test
    void limitsAreReadFromAnOptionAndFromAStage() {
        assertThat(ApprovalLimits.parse("USD=1.50, EUR=1000"))
                .hasToString("EUR=1000,USD=1.50")
                .isEqualTo(
                        JsonMapper.shared()
                                .readValue("{\"EUR\":1000,\"USD\":1.50}", ApprovalLimits.class));
    }

    private static boolean isAsked(String limits, String amount, String currency) {
        return isAsked(ApprovalLimits.parse(limits), amount, currency);
    }

    private static boolean isAsked(ApprovalLimits limits, String amount, String currency) {
        var condition =
                JsonMapper.shared()
                        .readTree(
                                Topology.load()
                                        .workflowDefinition()
                                        .replace("${ApprovalLimits}", limits.toJsonata()))
                        .at("/States/ReserveInventory/Assign/needsApproval")
                        .asString();
        var expression = jsonata(condition.replaceAll("^\\{%|%}$", ""));
        var frame = expression.createFrame();
        var total = Map.of("amount", amount, "currency", currency);
        frame.bind("states", Map.of("input", Map.of("total", total)));
        return (boolean) expression.evaluate(null, frame);
    }
}
