package dev.orderflow.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PublishedLanguageTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Set<String> ALLOWED_IN_BROAD_EVENTS =
            Set.of(
                    "eventId",
                    "schemaVersion",
                    "occurredAt",
                    "orderId",
                    "orderVersion",
                    "customerRef",
                    "lines",
                    "sku",
                    "quantity",
                    "total",
                    "amount",
                    "currency",
                    "reason",
                    "traceparent");

    static Stream<Class<?>> events() {
        return Arrays.stream(OrderEvent.class.getPermittedSubclasses());
    }

    static Stream<Class<?>> commands() {
        return Arrays.stream(WorkflowCommand.class.getPermittedSubclasses());
    }

    static Stream<Class<?>> messages() {
        return Stream.concat(Stream.concat(events(), commands()), Stream.of(ClaimCheck.class));
    }

    @Test
    void examplesOfAllMessagesAreFound() {
        assertThat(events()).isNotEmpty();
        assertThat(commands()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void theGoldenExampleObeysItsSchema(Class<?> message) {
        assertThat(schema(message).validate(example(message), InputFormat.JSON)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void theSchemaRefusesAFieldItDoesNotName(Class<?> message) {
        var withAddress = example(message).replaceFirst("\\{", "{\"address\":\"Main Street 1\",");
        assertThat(schema(message).validate(withAddress, InputFormat.JSON)).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventReadsAndWritesBackToTheSameJson(Class<?> type) {
        var read = MessageCodec.readEvent(enveloped(type.getSimpleName(), example(type)));
        assertThat(read).isInstanceOf(ParsedMessage.ValidMessage.class);
        var event = ((ParsedMessage.ValidMessage<OrderEvent>) read).message();
        assertThat(event).isInstanceOf(type);
        assertThat(JSON.readTree(MessageCodec.write(event)))
                .isEqualTo(JSON.readTree(example(type)));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandReadsAndWritesBackToTheSameJson(Class<?> type) {
        var read = MessageCodec.readCommand(example(type));
        assertThat(read).isInstanceOf(ParsedMessage.ValidMessage.class);
        var command = ((ParsedMessage.ValidMessage<WorkflowCommand>) read).message();
        assertThat(JSON.readTree(MessageCodec.write(command)))
                .isEqualTo(JSON.readTree(example(type)));
        assertThat(command.toString()).doesNotContain(command.taskToken());
    }

    @ParameterizedTest
    @MethodSource("events")
    void aBroadEventHasOnlyFieldsOfTheAllowList(Class<?> type) {
        var fields = new TreeSet<String>();
        fieldsOf(JSON.readTree(schemaText(type)), fields);
        assertThat(fields).isNotEmpty().isSubsetOf(ALLOWED_IN_BROAD_EVENTS);
    }

    @Test
    void aClaimCheckHasOnlyRoutingAndTracingFieldsAndThePayloadLocation() {
        var fields = new TreeSet<String>();
        fieldsOf(JSON.readTree(schemaText(ClaimCheck.class)), fields);
        assertThat(fields)
                .containsExactlyInAnyOrder(
                        "eventId",
                        "schemaVersion",
                        "occurredAt",
                        "orderId",
                        "orderVersion",
                        "traceparent",
                        "claimCheck",
                        "bucket",
                        "key",
                        "bytes",
                        "sha256");
    }

    @Test
    void aClaimCheckHasTheFieldValuesOfItsEvent() {
        var place = JSON.readValue(example(ClaimCheck.class), ClaimCheck.class).claimCheck();
        var read = MessageCodec.readDetail("OrderCreated", example(OrderCreated.class));
        var event = ((ParsedMessage.ValidMessage<OrderEvent>) read).message();
        assertThat(JSON.readTree(MessageCodec.write(ClaimCheck.of(event, place))))
                .isEqualTo(JSON.readTree(example(ClaimCheck.class)));
    }

    @Test
    void anUnredeemedClaimCheckIsNotParsedAsItsEvent() {
        assertThat(
                        MessageCodec.readEvent(enveloped("OrderCreated", example(ClaimCheck.class)))
                                .rejectionReason())
                .contains("malformed message: claim check was not redeemed");
    }

    @Test
    void aPayloadLocationWithAnInvalidHashIsRejected() {
        assertThatThrownBy(() -> new ClaimCheck.PayloadLocation("bucket", "key", 1, "ABC"))
                .hasMessageContaining("sha256");
        assertThatThrownBy(() -> new ClaimCheck.PayloadLocation("bucket", "key", 0, "0".repeat(64)))
                .hasMessageContaining("bytes must be at least 1");
    }

    @ParameterizedTest
    @MethodSource("events")
    void aMissingRequiredFieldOfAnEventIsReported(Class<?> type) {
        var required = JSON.readTree(schemaText(type)).get("required");
        assertThat(required).isNotEmpty();
        for (var field : required) {
            var without = JSON.readTree(example(type)).asObject();
            without.remove(field.stringValue());
            assertThat(MessageCodec.readEvent(enveloped(type.getSimpleName(), without.toString())))
                    .as("without " + field)
                    .isInstanceOf(ParsedMessage.Malformed.class);
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventNeedsNoTraceParent(Class<?> type) {
        var without = JSON.readTree(example(type)).asObject();
        without.remove("traceparent");
        var read = MessageCodec.readEvent(enveloped(type.getSimpleName(), without.toString()));
        assertThat(read).isInstanceOf(ParsedMessage.ValidMessage.class);
        var event = ((ParsedMessage.ValidMessage<OrderEvent>) read).message();
        assertThat(JSON.readTree(MessageCodec.write(event))).isEqualTo(without);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aMissingRequiredFieldOfACommandIsReported(Class<?> type) {
        var required = JSON.readTree(schemaText(type)).get("required");
        assertThat(required).isNotEmpty();
        for (var field : required) {
            var without = JSON.readTree(example(type)).asObject();
            without.remove(field.stringValue());
            assertThat(MessageCodec.readCommand(without.toString()))
                    .as("without " + field)
                    .isInstanceOf(ParsedMessage.Malformed.class);
        }
    }

    @Test
    void aFieldAddedWithinAVersionIsTolerated() {
        var grown = example(OrderConfirmed.class).replaceFirst("\\{", "{\"addedLater\":1,");
        assertThat(MessageCodec.readEvent(enveloped("OrderConfirmed", grown)))
                .isInstanceOf(ParsedMessage.ValidMessage.class);
    }

    @Test
    void aNewerVersionIsDistinguishedFromAMalformedMessage() {
        var newer =
                example(OrderConfirmed.class)
                        .replace("\"schemaVersion\": 1", "\"schemaVersion\": 2");
        assertThat(MessageCodec.readEvent(enveloped("OrderConfirmed", newer)))
                .isEqualTo(new ParsedMessage.UnsupportedVersion<>("OrderConfirmed", 2));
    }

    @Test
    void anUnknownTypeIsReportedByName() {
        assertThat(MessageCodec.readEvent(enveloped("OrderTeleported", "{}")))
                .isEqualTo(new ParsedMessage.UnknownType<>("OrderTeleported"));
    }

    @Test
    void generatedBodiesAreMalformedAndNeverThrow() {
        var bodies =
                List.of(
                        "",
                        "null",
                        "[]",
                        "{",
                        "\u0000",
                        "{}",
                        "{\"detail-type\":1}",
                        "[".repeat(5_000),
                        enveloped("OrderCreated", "null"),
                        enveloped("OrderCreated", "[]"),
                        enveloped(
                                "OrderCreated",
                                example(OrderCreated.class).replace("49.90", "49.901")),
                        enveloped(
                                "OrderCreated",
                                example(OrderCreated.class).replace("49.90", "1e9999999")),
                        enveloped(
                                "OrderCreated", example(OrderCreated.class).replace("EUR", "???")),
                        enveloped(
                                "OrderCreated", example(OrderCreated.class).replace(": 2", ": -2")),
                        enveloped("OrderCreated", example(OrderConfirmed.class)));
        for (var body : bodies) {
            assertThat(MessageCodec.readEvent(body)).isInstanceOf(ParsedMessage.Malformed.class);
            assertThat(MessageCodec.readCommand(body)).isInstanceOf(ParsedMessage.Malformed.class);
        }
    }

    @Test
    void theReasonNamesTheFieldWithoutQuotingItsValue() {
        var secret = "ada@example.org";
        var good = example(OrderCreated.class);
        var ruined = JSON.readTree(good).asObject();
        var reasons =
                Stream.of(
                                secret,
                                "{\"detail-type\":" + secret,
                                "{\"" + secret + "\":1,\"" + secret + "\":2}",
                                enveloped(secret, good),
                                enveloped("OrderCreated", good).replace("2026-", secret),
                                enveloped(
                                        "OrderCreated",
                                        ruined.deepCopy().put("orderId", secret).toString()),
                                enveloped(
                                        "OrderCreated",
                                        ruined.deepCopy().put("customerRef", secret).toString()),
                                enveloped(
                                        "OrderCreated",
                                        ruined.deepCopy().put("eventId", secret).toString()),
                                enveloped(
                                        "OrderCreated",
                                        ruined.deepCopy().put("orderVersion", secret).toString()),
                                enveloped(
                                        "OrderCreated",
                                        ruined.deepCopy().put("occurredAt", secret).toString()),
                                enveloped(
                                        "OrderCreated",
                                        ruined.deepCopy().put("lines", secret).toString()),
                                enveloped("OrderCreated", good.replace("MUG-BLUE", secret)))
                        .map(body -> MessageCodec.readEvent(body).rejectionReason().orElseThrow())
                        .toList();
        assertThat(reasons).noneMatch(reason -> reason.contains("ada") || reason.contains("@"));
        assertThat(reasons.getFirst()).isEqualTo("malformed message: not JSON (line 1, column 1)");
        assertThat(reasons)
                .contains(
                        "malformed message: orderId is missing or invalid", "unknown message type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ada Lovelace",
                "ada@example.org",
                "planted1",
                "tok-42",
                "4242424242424242",
                "Order\nCreated"
            })
    void anUnknownTypeThatIsNotASingleWordIsNotQuoted(String type) {
        assertThat(new ParsedMessage.UnknownType<OrderEvent>(type).rejectionReason())
                .contains("unknown message type");
    }

    private static void fieldsOf(JsonNode schema, Set<String> found) {
        schema.path("properties")
                .properties()
                .forEach(
                        field -> {
                            found.add(field.getKey());
                            fieldsOf(field.getValue(), found);
                        });
        if (schema.has("items")) {
            fieldsOf(schema.get("items"), found);
        }
    }

    private static String enveloped(String type, String detail) {
        return """
                {"version":"0","id":"7bf73129-1428-4cd3-a780-95db273d1602","detail-type":"%s",
                 "source":"orderflow.test","account":"000000000000","time":"2026-11-02T09:15:31Z",
                 "region":"us-east-1","resources":[],"detail":%s}
                """
                .formatted(type, detail);
    }

    private static Schema schema(Class<?> message) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schemaText(message));
    }

    private static String schemaText(Class<?> message) {
        return resource(message.getSimpleName() + ".v1.schema.json");
    }

    private static String example(Class<?> message) {
        return resource(message.getSimpleName() + ".v1.example.json");
    }

    private static String resource(String name) {
        try (var in = PublishedLanguageTest.class.getResourceAsStream("/contracts/" + name)) {
            return new String(
                    Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new IllegalStateException(name, unreadable);
        }
    }
}
