package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class StageTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Path EXAMPLE = Path.of("stages/example.json");

    @TempDir private Path folder;

    /// The example contains every component of [Stage] and no other field.
    @Test
    void theExampleSetsEveryFieldOfAStage() throws IOException {
        assertThat(example().propertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Stage.class.getRecordComponents())
                                .map(RecordComponent::getName)
                                .toList());
    }

    @Test
    void everyValueOfTheFileIsRead() throws IOException {
        ObjectNode read = JSON.valueToTree(Stage.read(EXAMPLE));
        read.set("approvalLimits", read.path("approvalLimits").path("byCurrency"));
        assertThat(read.toString()).isEqualTo(example().toString());
    }

    static Stream<String> fields() {
        return Stream.concat(
                Arrays.stream(Stage.class.getRecordComponents()).map(RecordComponent::getName),
                Stream.of("backup/region", "backup/keyArn"));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void aMissingFieldIsReportedByName(String field) throws IOException {
        var stage = example();
        parentOf(stage, field).remove(nameOf(field));
        assertThatThrownBy(() -> read(stage)).hasMessageContaining(nameOf(field));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void aNullFieldIsReportedByName(String field) throws IOException {
        var stage = example();
        parentOf(stage, field).putNull(nameOf(field));
        assertThatThrownBy(() -> read(stage)).hasMessageContaining(nameOf(field));
    }

    @Test
    void anUnknownFieldIsReportedByName() throws IOException {
        var stage = example().put("colour", "blue");
        assertThatThrownBy(() -> read(stage)).hasMessageContaining("colour");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    hoursWithoutOrders | 0 | hoursWithoutOrders must be 1 to 24 but was 0
                    hoursWithoutOrders | 25 | hoursWithoutOrders must be 1 to 24 but was 25
                    monthlyBudgetDollars | 0 | monthlyBudgetDollars must be at least 1
                    account | "12345678901" | account must be twelve digits but was 12345678901
                    account | "1234567890123" | account must be twelve digits
                    account | "12345678901x" | account must be twelve digits
                    availabilityZones | ["us-west-2a"] | availabilityZones must contain at least two zones
                    carrierUrl | "http://carrier.example" | carrierUrl must be https
                    s3PrefixList | "pl-XYZ" | s3PrefixList must be the id of a prefix list
                    imageTag | "latest" | imageTag must not be latest
                    clientAddresses | ["192.0.2.1"] | clientAddresses must be IPv4 networks
                    clientAddresses | ["2001:db8::/32"] | clientAddresses must be IPv4 networks
                    region | "us-west-2" | backup.region must be another region than us-west-2
                    backup/keyArn | "arn:aws:kms:us-east-1:123456789012:key/1" | backup.keyArn must be the ARN of a key of us-west-2
                    backup/keyArn | "alias/backup" | backup.keyArn must be the ARN of a key of us-west-2
                    approvalLimits | {"EUX": 1000} | an approval limit needs an ISO 4217 code
                    approvalLimits | {"EUR": -1} | the approval limit of EUR must not be negative
                    scale | "HUGE" | scale
                    analytics | "BATCH" | analytics
                    """)
    void anInvalidValueIsRejectedWithItsField(String field, String value, String message)
            throws IOException {
        var stage = with(field, value);
        assertThatThrownBy(() -> read(stage)).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    hoursWithoutOrders | 1
                    hoursWithoutOrders | 24
                    monthlyBudgetDollars | 1
                    clientAddresses | []
                    clientAddresses | ["192.0.2.0/24", "198.51.100.7/32"]
                    approvalLimits | {"EUR": 0}
                    approvalLimits | {}
                    backup/keyArn | "arn:aws-us-gov:kms:us-west-2:123456789012:key/1234abcd"
                    """)
    void aValueAtTheLimitIsAccepted(String field, String value) throws IOException {
        var stage = with(field, value);
        assertThatCode(() -> read(stage)).doesNotThrowAnyException();
    }

    @Test
    void aMissingStageIsReportedByName() {
        assertThatThrownBy(() -> Stage.read(Path.of("stages/nowhere.json")))
                .hasMessage("stage file does not exist: stages/nowhere.json");
    }

    private static ObjectNode example() throws IOException {
        return (ObjectNode) JSON.readTree(Files.readString(EXAMPLE));
    }

    private static ObjectNode with(String field, String json) throws IOException {
        var stage = example();
        parentOf(stage, field).set(nameOf(field), JSON.readTree(json));
        return stage;
    }

    private static ObjectNode parentOf(ObjectNode stage, String field) {
        return field.contains("/")
                ? (ObjectNode) stage.path(field.substring(0, field.indexOf('/')))
                : stage;
    }

    private static String nameOf(String field) {
        return field.substring(field.indexOf('/') + 1);
    }

    private Stage read(JsonNode stage) throws IOException {
        var file = folder.resolve("stage.json");
        Files.writeString(file, stage.toString());
        return Stage.read(file);
    }
}
