package dev.orderflow.analytics.lambda;

import dev.orderflow.analytics.AnalyticsProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;

/// The configuration of the function, from its environment variables.
///
/// @param databaseUrl `ORDERFLOW_DATABASE_URL`, a JDBC URL that requires TLS and verifies the
///     server's certificate
/// @param databaseUser `ORDERFLOW_DATABASE_USER`, which authenticates with an IAM token
/// @param claimChecksBucket `ORDERFLOW_CLAIMCHECKS_BUCKET`; without it claim checks are
///     dead-lettered
/// @param queueUrl `ORDERFLOW_ANALYTICS_QUEUEURL`
/// @param analytics `ORDERFLOW_ANALYTICS_EARLIEST` and
///     `ORDERFLOW_ANALYTICS_CLOCKSKEW` (ISO 8601) where they differ from the container's
record FunctionEnvironment(
        String databaseUrl,
        String databaseUser,
        String claimChecksBucket,
        String queueUrl,
        AnalyticsProperties analytics) {

    private static final Pattern SSL_MODE = Pattern.compile("[?&]sslmode=([^&]*)");

    /// @throws IllegalArgumentException if a variable is missing or the connection would not be
    ///     encrypted
    static FunctionEnvironment of(Map<String, String> variables) {
        return new FunctionEnvironment(
                requireEncrypted(require(variables, "ORDERFLOW_DATABASE_URL")),
                require(variables, "ORDERFLOW_DATABASE_USER"),
                variables.getOrDefault("ORDERFLOW_CLAIMCHECKS_BUCKET", ""),
                require(variables, "ORDERFLOW_ANALYTICS_QUEUEURL"),
                new AnalyticsProperties(
                        Instant.parse(
                                variables.getOrDefault(
                                        "ORDERFLOW_ANALYTICS_EARLIEST", "2020-01-01T00:00:00Z")),
                        Duration.parse(
                                variables.getOrDefault("ORDERFLOW_ANALYTICS_CLOCKSKEW", "PT1H"))));
    }

    /// If there are several modes the last one counts, as in the driver.
    private static String requireEncrypted(String databaseUrl) {
        var mode =
                SSL_MODE.matcher(databaseUrl)
                        .results()
                        .map(parameter -> parameter.group(1))
                        .reduce("", (_, last) -> last);
        if (!mode.equals("verify-full")) {
            throw new IllegalArgumentException(
                    "ORDERFLOW_DATABASE_URL must have sslmode=verify-full");
        }
        return databaseUrl;
    }

    private static String require(Map<String, String> variables, String name) {
        var value = variables.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + " must be set in the environment");
        }
        return value;
    }
}
