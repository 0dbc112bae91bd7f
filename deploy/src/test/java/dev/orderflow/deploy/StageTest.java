package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageTest {

    @Test
    void theExampleCanBeRead() {
        assertThat(Stage.read(Path.of("stages/example.json")).name()).isEqualTo("example");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "hoursWithoutOrders": 6 | "hoursWithoutOrders": 0 | hoursWithoutOrders must be 1 to 24
                    192.0.2.0/28 | 192.0.2.1 | clientAddresses must be IPv4 networks
                    "region": "us-west-2" | "region": "us-east-1" | backup.keyArn must be the ARN of a key of us-east-1
                    "approvalLimits" | "approvalLimit" | approvalLimit
                    "EUR": 1000 | "EUX": 1000 | an approval limit needs an ISO 4217 code
                    "EUR": 1000 | "EUR": -1 | the approval limit of EUR must not be negative
                    """)
    void whatAStageCannotBeIsRefusedByName(
            String part, String other, String why, @TempDir Path folder) throws IOException {
        var example = Files.readString(Path.of("stages/example.json"));
        assertThat(example).contains(part);
        var file = folder.resolve("other.json");
        Files.writeString(file, example.replace(part, other));
        assertThatThrownBy(() -> Stage.read(file)).hasMessageContaining(why);
    }

    @Test
    void aStageThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> Stage.read(Path.of("stages/nowhere.json")))
                .hasMessageContaining("nowhere.json");
    }
}
