package dev.orderflow.defaults.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.orderflow.defaults.fixture.ServiceEnvironments;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@ExtendWith(OutputCaptureExtension.class)
class EncryptionAutoConfigurationTest {

    private static final String DATABASE = "jdbc:postgresql://db.example.org/orders";

    private final ApplicationContextRunner service =
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(EncryptionAutoConfiguration.class));

    @Test
    void aServiceWithEncryptedConnectionsStarts() {
        service.withPropertyValues(
                        "spring.datasource.url=" + DATABASE + "?sslmode=verify-full",
                        "spring.cloud.aws.endpoint=https://vpce.example.org",
                        "orderflow.order.url=https://orders.example.org",
                        "orderflow.metrics.published[0]=orders.")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    orderflow.payment.gateway.url  | http://gateway.example.org
                    orderflow.some.list[0]              | http://gateway.example.org
                    orderflow.order.url                 | HTTP://orders.example.org:8080/
                    orderflow.order.url                 | http://localhost:8080
                    spring.cloud.aws.endpoint           | http://localhost:4566
                    spring.cloud.aws.sqs.endpoint       | http://sqs.example.org
                    aws.endpointUrl                     | http://localhost:4566
                    aws.endpointUrlSqs                  | http://sqs.example.org
                    spring.security.oauth2.resourceserver.jwt.issuer-uri       | http://issuer.example.org
                    management.opentelemetry.tracing.export.otlp.endpoint      | http://collector.example.org
                    """)
    void anUnencryptedAddressIsRejectedByTheNameOfItsProperty(String setting, String address) {
        service.withPropertyValues(setting + "=" + address)
                .run(
                        context ->
                                assertThat(context)
                                        .getFailure()
                                        .isInstanceOf(UnencryptedConnectionException.class)
                                        .hasMessageContaining(setting.replace("[0]", ""))
                                        .hasMessageContaining("needs https"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AWS_ENDPOINT_URL",
                "AWS_ENDPOINT_URL_SQS",
                "ORDERFLOW_SHIPPING_CARRIER_URL",
                "SPRING_CLOUD_AWS_ENDPOINT"
            })
    void anUnencryptedAddressInAnEnvironmentVariableIsRejected(String variable) {
        service.withInitializer(
                        context ->
                                context.getEnvironment()
                                        .getPropertySources()
                                        .addFirst(
                                                new SystemEnvironmentPropertySource(
                                                        "test-systemEnvironment",
                                                        Map.of(
                                                                variable,
                                                                "http://example.org:4566"))))
                .run(
                        context ->
                                assertThat(context)
                                        .getFailure()
                                        .hasMessageContaining("is http://example.org"));
    }

    @ParameterizedTest
    @CsvSource({
        "'',                                                no sslmode",
        "'?sslmode=require',                                sslmode=require",
        "'?sslmode=verify-full&sslmode=disable',            sslmode=disable",
        "'?sslmode=verify-full&sslfactory=org.postgresql.ssl.NonValidatingFactory', any certificate"
    })
    void theCertificateOfTheDatabaseIsVerifiedAgainstItsHostName(String parameters, String why) {
        service.withPropertyValues("spring.datasource.url=" + DATABASE + parameters)
                .run(context -> assertThat(context).getFailure().hasMessageContaining(why));
    }

    @Test
    void propertiesOfTheDatabaseUrlOverrideThoseOfThePool() {
        var pool = "spring.datasource.hikari.data-source-properties.sslmode=verify-full";
        service.withPropertyValues(pool, "spring.datasource.url=" + DATABASE)
                .run(context -> assertThat(context).hasNotFailed());
        service.withPropertyValues(pool, "spring.datasource.url=" + DATABASE + "?sslmode=allow")
                .run(context -> assertThat(context).hasFailed());
        service.withPropertyValues(
                        pool, "spring.datasource.url=" + DATABASE, "spring.flyway.user=migrator")
                .run(
                        context ->
                                assertThat(context)
                                        .getFailure()
                                        .hasMessageContaining("for spring.flyway.user"));
        service.withPropertyValues(pool, "spring.flyway.url=" + DATABASE)
                .run(
                        context ->
                                assertThat(context)
                                        .getFailure()
                                        .hasMessageContaining("flyway.url"));
    }

    @Test
    void anUnencryptedCollectorOnLoopbackIsAccepted() {
        service.withPropertyValues(
                        "management.opentelemetry.tracing.export.otlp.endpoint=http://localhost:4318/v1/traces")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void theProfileLocalAllowsUnencryptedConnections() {
        service.withInitializer(context -> context.getEnvironment().addActiveProfile("local"))
                .withPropertyValues(
                        "spring.datasource.url=" + DATABASE,
                        "spring.cloud.aws.endpoint=http://localhost:4566")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aServiceWithUnencryptedConnectionsDoesNotStartAndNamesEveryPropertyWithoutSecrets(
            CapturedOutput output) {
        var application =
                new SpringApplicationBuilder(EmptyConfiguration.class)
                        .properties("spring.config.name=defaults-test");
        var refused =
                catchThrowable(
                        () ->
                                application.run(
                                        "--spring.datasource.url="
                                                + DATABASE
                                                + "?password=geheim&sslmode=disable",
                                        "--orderflow.order.url=http://user:geheim@orders.example.org"));
        assertThat(refused).hasStackTraceContaining("Unencrypted connections");
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains(
                        "Unencrypted connections are not allowed: spring.datasource.url has"
                                + " sslmode=disable, needs verify-full; orderflow.order.url is"
                                + " http://orders.example.org, needs https.")
                .contains("activate the profile 'local'")
                .doesNotContain("geheim");
    }

    @EnableAutoConfiguration
    static class EmptyConfiguration {}

    @Test
    void theDatabaseIsVerifiedAgainstTheBundleOfTheImageExceptWithTheProfileLocal() {
        assertThat(pool("sslmode")).isEqualTo("verify-full");
        assertThat(pool("sslrootcert")).isEqualTo("/app/certificates/database.pem");
        assertThat(pool("sslmode", "local")).isEqualTo("prefer");
    }

    private static String pool(String property, String... profiles) {
        return ServiceEnvironments.read("defaults-test", profiles)
                .getRequiredProperty("spring.datasource.hikari.data-source-properties." + property);
    }
}
