package dev.orderflow.analytics.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.localpostgres.fixture.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Runs the function with the class path of its zip.
class ArtefactTest {

    @Test
    void theZipContainsAllDependencies() throws Exception {
        var url = TestDatabase.create().url();
        Flyway.configure()
                .dataSource(new DriverManagerDataSource(url))
                .locations("classpath:db/analytics-service")
                .load()
                .migrate();
        var order = UUID.randomUUID();
        var detail =
                """
                {"eventId":"%s/OrderConfirmed","schemaVersion":1,"occurredAt":"2026-11-02T09:15:31Z",
                 "orderId":"%s","orderVersion":2,"customerRef":"c","total":{"amount":"1.00","currency":"EUR"}}"""
                        .formatted(order, order);
        var body =
                """
                {"id":"1","detail-type":"OrderConfirmed","time":"2026-11-02T09:15:31Z","detail":%s}"""
                        .formatted(detail)
                        .replace("\n", " ")
                        .replace("\"", "\\\"");
        var event =
                """
                {"Records":[{"messageId":"m","receiptHandle":"r","body":"%s","eventSource":"aws:sqs",
                 "eventSourceARN":"arn:aws:sqs:us-east-1:000000000000:analytics"}]}"""
                        .formatted(body);
        assertThat(answer(url, event)).isEqualTo("{\"batchItemFailures\":[]}");
        assertThat(
                        JdbcClient.create(new DriverManagerDataSource(url))
                                .sql("SELECT count(*) FROM fact")
                                .query(Integer.class)
                                .single())
                .isEqualTo(1);
    }

    private static String answer(String databaseUrl, String event) throws Exception {
        try (var zip = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            var postgres = zip.loadClass("org.postgresql.ds.PGSimpleDataSource");
            var database = postgres.getConstructor().newInstance();
            postgres.getMethod("setUrl", String.class).invoke(database, databaseUrl);
            var propertiesType = zip.loadClass("dev.orderflow.analytics.AnalyticsProperties");
            var properties =
                    propertiesType
                            .getConstructor(Instant.class, Duration.class)
                            .newInstance(Instant.EPOCH, Duration.ofDays(365_000));
            var type = zip.loadClass("dev.orderflow.analytics.lambda.FactFunction");
            var constructor =
                    type.getDeclaredConstructor(
                            DataSource.class,
                            propertiesType,
                            String.class,
                            String.class,
                            Supplier.class,
                            Supplier.class);
            constructor.setAccessible(true);
            Supplier<Object> unneeded =
                    () -> {
                        throw new IllegalStateException("no client is needed");
                    };
            var function =
                    constructor.newInstance(
                            database,
                            properties,
                            "http://localhost/000000000000/analytics",
                            "",
                            unneeded,
                            unneeded);
            var out = new ByteArrayOutputStream();
            type.getMethod(
                            "handleRequest",
                            InputStream.class,
                            OutputStream.class,
                            zip.loadClass("com.amazonaws.services.lambda.runtime.Context"))
                    .invoke(
                            function,
                            new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
                            out,
                            null);
            return out.toString(StandardCharsets.UTF_8);
        }
    }

    private static URL[] classPath() throws Exception {
        var paths = new ArrayList<>(List.of("target/classes"));
        paths.addAll(
                List.of(
                        Files.readString(Path.of("target/runtime.classpath"))
                                .split(File.pathSeparator)));
        return paths.stream().map(ArtefactTest::url).toArray(URL[]::new);
    }

    private static URL url(String path) {
        try {
            return Path.of(path.strip()).toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
