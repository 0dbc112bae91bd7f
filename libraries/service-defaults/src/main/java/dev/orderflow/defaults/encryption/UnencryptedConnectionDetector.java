package dev.orderflow.defaults.encryption;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/// Finds the configured connections of a service that are not encrypted.
///
/// It checks every property below `orderflow` and below the prefixes of the libraries, so that a
/// new address needs no change here.
final class UnencryptedConnectionDetector {

    private static final List<String> ADDRESSES =
            List.of("orderflow", "spring.cloud.aws", "spring.security.oauth2");

    /// Exporters of spans and meters. A collector may run beside the service and be reached over
    /// the loopback interface.
    private static final String TELEMETRY = "management";

    /// Environment variables and system properties that the SDK reads itself.
    private static final Pattern AWS_SDK =
            Pattern.compile("AWS_ENDPOINT_URL.*|aws\\.endpointUrl.*");

    private static final Pattern SSL_MODE = Pattern.compile("[?&]sslmode=([^&]*)");
    private static final String ENCRYPTED = "verify-full";

    private final ConfigurableEnvironment environment;

    private UnencryptedConnectionDetector(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    static List<UnencryptedConnection> of(ConfigurableEnvironment environment) {
        var connections = new UnencryptedConnectionDetector(environment);
        var found = new ArrayList<UnencryptedConnection>();
        found.addAll(connections.toDatabases());
        for (var prefix : ADDRESSES) {
            connections
                    .settings(prefix)
                    .flatMap(UnencryptedConnectionDetector::http)
                    .forEach(found::add);
        }
        connections.ofTheAwsSdk().flatMap(UnencryptedConnectionDetector::http).forEach(found::add);
        connections
                .settings(TELEMETRY)
                .filter(setting -> !toLoopback(setting.getValue()))
                .flatMap(UnencryptedConnectionDetector::http)
                .forEach(found::add);
        return List.copyOf(found);
    }

    private List<UnencryptedConnection> toDatabases() {
        var found = new ArrayList<UnencryptedConnection>();
        var url = environment.getProperty("spring.datasource.url");
        var ofThePool =
                environment.getProperty("spring.datasource.hikari.data-source-properties.sslmode");
        database("spring.datasource.url", url, ofThePool).ifPresent(found::add);
        var ofFlyway = environment.getProperty("spring.flyway.url");
        if (ofFlyway != null) {
            database("spring.flyway.url", ofFlyway, null).ifPresent(found::add);
        } else if (environment.containsProperty("spring.flyway.user")) {
            // Flyway with its own user opens its own connection, which ignores the properties of
            // the pool.
            database("spring.datasource.url (for spring.flyway.user)", url, null)
                    .ifPresent(found::add);
        }
        return found;
    }

    /// As in the driver, the URL takes precedence, and in it the last occurrence.
    private static Optional<UnencryptedConnection> database(
            String setting, @Nullable String url, @Nullable String otherwise) {
        if (url == null) {
            return Optional.empty(); // Spring Boot reports the missing URL.
        }
        var mode =
                SSL_MODE.matcher(url)
                        .results()
                        .map(parameter -> parameter.group(1))
                        .reduce(otherwise == null ? "" : otherwise, (_, last) -> last);
        if (!mode.equals(ENCRYPTED)) {
            return Optional.of(
                    new UnencryptedConnection(
                            setting,
                            "has "
                                    + (mode.isEmpty() ? "no sslmode" : "sslmode=" + mode)
                                    + ", needs "
                                    + ENCRYPTED));
        }
        return url.contains("NonValidatingFactory")
                ? Optional.of(new UnencryptedConnection(setting, "accepts any certificate"))
                : Optional.empty();
    }

    private Stream<Map.Entry<String, String>> settings(String prefix) {
        return Binder.get(environment)
                .bind(prefix, Bindable.mapOf(String.class, String.class))
                .orElse(Map.of())
                .entrySet()
                .stream()
                .map(setting -> Map.entry(prefix + "." + setting.getKey(), setting.getValue()));
    }

    private Stream<Map.Entry<String, String>> ofTheAwsSdk() {
        return environment.getPropertySources().stream()
                .filter(EnumerablePropertySource.class::isInstance)
                .map(EnumerablePropertySource.class::cast)
                .flatMap(source -> Stream.of(source.getPropertyNames()))
                .filter(name -> AWS_SDK.matcher(name).matches())
                .distinct()
                .map(name -> Map.entry(name, value(name)));
    }

    private String value(String name) {
        var value = environment.getProperty(name);
        return value == null ? "" : value;
    }

    private static Stream<UnencryptedConnection> http(Map.Entry<String, String> setting) {
        return setting.getValue().strip().toLowerCase(Locale.ROOT).startsWith("http:")
                ? Stream.of(
                        new UnencryptedConnection(
                                setting.getKey(),
                                "is http://" + host(setting.getValue()) + ", needs https"))
                : Stream.empty();
    }

    private static boolean toLoopback(String url) {
        return List.of("localhost", "127.0.0.1", "[::1]").contains(host(url));
    }

    /// Without user name and password.
    private static String host(String url) {
        try {
            var host = URI.create(url.strip()).getHost();
            return host == null ? "" : host;
        } catch (IllegalArgumentException _) {
            return "";
        }
    }
}
