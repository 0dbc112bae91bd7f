package dev.orderflow.defaults.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;

class RdsTokenGeneratorTest {

    private static final AwsCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret"));
    private static final String URL = "jdbc:postgresql://db.example.com:5432/orders";

    private final ApplicationContextRunner service =
            new ApplicationContextRunner()
                    .withConfiguration(
                            AutoConfigurations.of(
                                    DataSourceAutoConfiguration.class,
                                    DatabaseAutoConfiguration.class))
                    .withBean(AwsCredentialsProvider.class, () -> CREDENTIALS)
                    .withBean(AwsRegionProvider.class, () -> () -> Region.EU_WEST_1)
                    .withPropertyValues(
                            "spring.datasource.url=" + URL, "spring.datasource.username=orders");

    @Test
    void aTokenIsForOneUserOfOneServerFor15Minutes() {
        var token = new RdsTokenGenerator(CREDENTIALS, Region.EU_WEST_1).generate(URL, "orders");
        assertThat(token)
                .startsWith("db.example.com:5432/?")
                .contains("Action=connect", "DBUser=orders")
                .contains("%2Feu-west-1%2Frds-db%2Faws4_request");
        // The seconds that are left when it is signed, on a slow machine fewer than 900.
        assertThat(Integer.parseInt(token.replaceAll(".*X-Amz-Expires=(\\d+).*", "$1")))
                .isBetween(600, 900);
    }

    @Test
    void aUrlWithoutAPortUsesTheDefaultPort() {
        assertThat(
                        new RdsTokenGenerator(CREDENTIALS, Region.EU_WEST_1)
                                .generate("jdbc:postgresql://db.example.com/orders", "orders"))
                .startsWith("db.example.com:5432/?");
    }

    @Test
    void anInvalidJdbcUrlIsRefused() {
        var tokens = new RdsTokenGenerator(CREDENTIALS, Region.EU_WEST_1);
        assertThatThrownBy(() -> tokens.generate("https://db.example.com", "orders"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thePoolGeneratesATokenForEachConnection() {
        service.withPropertyValues("orderflow.database.iam=true")
                .run(
                        context -> {
                            var credentials =
                                    context.getBean(HikariDataSource.class)
                                            .getCredentialsProvider()
                                            .getCredentials();
                            assertThat(credentials.getUsername()).isEqualTo("orders");
                            assertThat(credentials.getPassword()).contains("DBUser=orders");
                        });
    }

    @Test
    void withoutTheSettingThePasswordIsUsed() {
        service.withPropertyValues("spring.datasource.password=local-only")
                .run(
                        context -> {
                            var pool = context.getBean(HikariDataSource.class);
                            assertThat(pool.getCredentialsProvider()).isNull();
                            assertThat(pool.getPassword()).isEqualTo("local-only");
                        });
    }
}
