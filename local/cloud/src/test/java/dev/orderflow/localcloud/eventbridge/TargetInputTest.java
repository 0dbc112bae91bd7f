package dev.orderflow.localcloud.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetInputTest {

    private final EventBridgeFixture fixture = new EventBridgeFixture(1);

    @AfterEach
    void close() {
        fixture.close();
    }

    private String delivered(String targetMore) {
        fixture.shopRule("r", targetMore);
        fixture.put(
                """
                {"instance-id":"i-1","state":"RUN\\"NING","n":49.90,"tags":["a","b"],"deep":{"k":[{"v":1},{"v":2}]}}""");
        await().until(() -> fixture.queues.messages(EventBridgeFixture.ORDERS).size() == 1);
        return fixture.queues.messages(EventBridgeFixture.ORDERS).getFirst().body();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "$.detail.n | 49.90",
                "$.detail.instance-id | `\"i-1\"`",
                "$.detail['instance-id'] | `\"i-1\"`",
                "$.detail.tags | `[\"a\",\"b\"]`",
                "$.detail.tags[1] | `\"b\"`",
                "$.detail.deep.k[*].v | `[1,2]`",
                "$.detail.nothing | null",
            })
    void anInputPathSelectsAPartOfTheEvent(String path, String expected) {
        assertThat(delivered(",\"InputPath\":\"%s\"".formatted(path))).isEqualTo(expected);
    }

    @Test
    void aConstantInputReplacesTheEvent() {
        assertThat(delivered(",\"Input\":\"{\\\"a\\\": 1}\"")).isEqualTo("{\"a\": 1}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`{\"i\": <i>, \"n\": <n>}` | `{\"i\":\"i-1\",\"n\":49.90}`",
                "`{\"text\": \"<i> is <s>\"}` | `{\"text\":\"i-1 is RUN\\\"NING\"}`",
                "`{\"q\": \"say \\\"<i>\\\"\"}` | `{\"q\":\"say \\\"i-1\\\"\"}`",
                "`{\"list\": [9, <t>, true]}` | `{\"list\":[9,[\"a\",\"b\"],true]}`",
                "`{\"in\": \"<t>\"}` | `{\"in\":\"[a,b]\"}`",
                "`{\"gone\": <none>, \"too\": \"<none>\"}` | `{\"gone\":\"\",\"too\":\"\"}`",
                "`{\"rule\": <aws.events.rule-name>}` | `{\"rule\":\"r\"}`",
                "`\"<i> is up\"` | `\"i-1 is up\"`",
                "<i> is up | i-1 is up",
                "<t> | `[\"a\",\"b\"]`",
            })
    void aTemplateIsRenderedWithPartsOfTheEvent(String template, String expected) {
        var transformer = EventBridgeJson.object();
        transformer
                .putObject("InputPathsMap")
                .put("i", "$.detail.instance-id")
                .put("s", "$.detail.state")
                .put("n", "$.detail.n")
                .put("t", "$.detail.tags")
                .put("none", "$.detail.nothing");
        transformer.put("InputTemplate", template);

        assertThat(delivered(",\"InputTransformer\":" + transformer)).isEqualTo(expected);
    }

    /// As recorded from AWS: the document is invalid, so nothing is delivered.
    @Test
    void aTemplateThatRendersInvalidJsonDeliversNothing() {
        fixture.shopRule(
                "quoted",
                ",\"InputTransformer\":{\"InputPathsMap\":{\"o\":\"$.detail.deep\"},\"InputTemplate\":\"{\\\"in\\\": \\\"<o>\\\"}\"}");

        var body =
                delivered(
                        ",\"InputTransformer\":{\"InputPathsMap\":{\"o\":\"$.detail.deep\"},\"InputTemplate\":\"\\\"see <o>\\\"\"}");

        assertThat(body)
                .as("a text is one whatever is put in")
                .isEqualTo("\"see {k:[{v:1},{v:2}]}\"");
        await().until(
                        () ->
                                fixture.metrics.sum(
                                                "AWS/Events/FailedInvocations",
                                                Map.of("RuleName", "quoted"))
                                        > 0);
    }

    @Test
    void aTemplateCanContainTheWholeEvent() {
        var body =
                delivered(
                        ",\"InputTransformer\":{\"InputTemplate\":\"{\\\"e\\\": <aws.events.event.json>, \\\"m\\\": <aws.events.event>}\"}");

        var tree = EventBridgeJson.MAPPER.readTree(body);
        assertThat(tree.at("/e/detail/instance-id").stringValue()).isEqualTo("i-1");
        assertThat(tree.at("/m").has("detail")).isFalse();
        assertThat(tree.at("/m/source").stringValue()).isEqualTo("shop");
        assertThat(tree.at("/m/detailType").isString()).isTrue();
        assertThat(tree.at("/m").has("detail-type")).isFalse();
    }
}
