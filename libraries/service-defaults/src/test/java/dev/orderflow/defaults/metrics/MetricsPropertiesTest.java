package dev.orderflow.defaults.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsPropertiesTest {

    private final MetricsProperties properties =
            new MetricsProperties(List.of("orders.", "process.cpu.usage"));

    @ParameterizedTest
    @CsvSource({
        "orders.accepted, true",
        "orders.acceptance.percentile, true",
        "orders, false",
        "ordersX, false",
        "process.cpu.usage, true",
        "process.cpu.usage.more, false",
        "jvm.threads.live, false"
    })
    void aMeterIsPublishedIfItsNameOrPrefixIsConfigured(String meter, boolean published) {
        assertThat(properties.publishes(meter)).isEqualTo(published);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "."})
    void aPrefixThatMatchesEverythingIsRejected(String name) {
        assertThatThrownBy(() -> new MetricsProperties(List.of(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("orderflow.metrics.published must name meters");
    }

    @Test
    void anEmptyListPublishesNoMeter() {
        assertThat(new MetricsProperties(List.of()).publishes("orders.accepted")).isFalse();
    }
}
