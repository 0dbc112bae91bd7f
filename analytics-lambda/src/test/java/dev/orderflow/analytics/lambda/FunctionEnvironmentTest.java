package dev.orderflow.analytics.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.analytics.AnalyticsProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionEnvironmentTest {

    private static final Map<String, String> ENOUGH =
            Map.of(
                    "ORDERFLOW_DATABASE_URL",
                            "jdbc:postgresql://db:5432/analytics?sslmode=verify-full",
                    "ORDERFLOW_DATABASE_USER", "analytics",
                    "ORDERFLOW_ANALYTICS_QUEUEURL", "https://sqs/0/analytics");

    @Test
    void optionalValuesDefaultToThoseOfTheContainer() {
        var environment = FunctionEnvironment.of(ENOUGH);
        assertThat(environment.analytics().earliest()).hasToString("2020-01-01T00:00:00Z");
        assertThat(environment.analytics().clockSkew()).isEqualTo(Duration.ofHours(1));
        assertThat(environment.claimChecksBucket()).isEmpty();
    }

    @Test
    void theConfigurationOfTheContainerHasTheSameValues() throws IOException {
        var analytics = FunctionEnvironment.of(ENOUGH).analytics();
        assertThat(container("earliest")).isEqualTo(analytics.earliest().toString());
        assertThat(Duration.parse("PT" + container("clock-skew"))).isEqualTo(analytics.clockSkew());
    }

    private static String container(String property) throws IOException {
        try (var file = AnalyticsProperties.class.getResourceAsStream("/analytics-service.yml")) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith(property + ": "))
                    .map(line -> line.substring(property.length() + 2))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db:5432/analytics",
                "jdbc:postgresql://db:5432/analytics?sslmode=require",
                "jdbc:postgresql://db:5432/analytics?sslmode=verify-full&sslmode=disable"
            })
    void anUnencryptedDatabaseConnectionIsRefused(String url) {
        var variables = new HashMap<>(ENOUGH);
        variables.put("ORDERFLOW_DATABASE_URL", url);
        assertThatThrownBy(() -> FunctionEnvironment.of(variables))
                .hasMessageContaining("sslmode=verify-full");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ORDERFLOW_DATABASE_URL",
                "ORDERFLOW_DATABASE_USER",
                "ORDERFLOW_ANALYTICS_QUEUEURL"
            })
    void aMissingVariableIsReportedByName(String name) {
        var variables = new HashMap<>(ENOUGH);
        variables.put(name, " ");
        assertThatThrownBy(() -> FunctionEnvironment.of(variables)).hasMessageContaining(name);
    }
}
