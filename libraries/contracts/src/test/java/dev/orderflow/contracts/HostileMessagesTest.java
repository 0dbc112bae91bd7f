package dev.orderflow.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.HostileJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Whatever a queue holds is either a message, which can be written and read again, or has a reason
/// for the dead-letter queue that quotes nothing of it.
class HostileMessagesTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// The characters of a valid reason: one line without control characters.
    private static final String ONE_SHORT_LINE = "[\\x20-\\x7E]{1,300}";

    @Test
    void everyGeneratedMessageIsParsedOrHasAReasonThatQuotesNothing() throws Exception {
        var examples = goldenExamples();
        var results =
                HostileJson.run(
                        "messages",
                        20_261_123,
                        30_000,
                        hostile -> hostile.of(hostile.oneOf(examples)),
                        (body, _, outcomes) -> {
                            for (var received : read(body)) {
                                assertThat(received.rejectionReason().orElse("read"))
                                        .matches(ONE_SHORT_LINE)
                                        .doesNotContain(HostileJson.PLANTED);
                                if (received
                                        instanceof
                                        ParsedMessage.ValidMessage<?>(var message, var _)) {
                                    assertThat(readAgain(message)).isEqualTo(message);
                                }
                                outcomes.accept(received.getClass().getSimpleName());
                            }
                        });
        assertThat(results)
                .containsOnlyKeys("ValidMessage", "Malformed", "UnknownType", "UnsupportedVersion");
    }

    @ParameterizedTest
    @CsvSource({
        "49.90,   PLANTED,     currency must be an ISO 4217 code",
        "-424242, EUR,         amount must not be negative",
        "abc,     EUR,         total.amount is missing or invalid",
    })
    void anInvalidTotalIsNotQuoted(String amount, String currency, String why) {
        var received =
                MessageCodec.readEvent(
                        envelope(
                                "OrderCreated",
                                """
                                {"eventId":"019a7f3e-5b1c-7d42-9e6a-0c1f2a3b4c5d/OrderCreated",
                                 "schemaVersion":1,"occurredAt":"2026-11-02T09:15:30Z",
                                 "orderId":"019a7f3e-5b1c-7d42-9e6a-0c1f2a3b4c5d","orderVersion":1,
                                 "customerRef":"cust-1","lines":[{"sku":"A","quantity":1}],
                                 "total":{"amount":"%s","currency":"%s"}}
                                """
                                        .formatted(amount, currency)));
        assertThat(received).isEqualTo(new ParsedMessage.Malformed<>(why));
    }

    private static List<ParsedMessage<?>> read(String body) {
        return List.of(
                MessageCodec.readEvent(body),
                MessageCodec.readCommand(body),
                MessageCodec.readDetail("OrderCreated", body));
    }

    private static Object readAgain(Object message) {
        ParsedMessage<?> again =
                switch (message) {
                    case OrderEvent event ->
                            MessageCodec.readEvent(
                                    envelope(event.type(), MessageCodec.write(event)));
                    case WorkflowCommand command ->
                            MessageCodec.readCommand(MessageCodec.write(command));
                    default -> throw new IllegalStateException("neither event nor command");
                };
        return again instanceof ParsedMessage.ValidMessage<?>(var known, var _) ? known : again;
    }

    /// Every golden example, events by themselves and as their queues hold them.
    private static List<String> goldenExamples() throws IOException {
        var examples = new ArrayList<String>();
        examples.add(envelope("OrderCreated", example("ClaimCheck")));
        for (var type :
                Stream.of(
                                OrderEvent.class.getPermittedSubclasses(),
                                WorkflowCommand.class.getPermittedSubclasses())
                        .flatMap(Stream::of)
                        .toList()) {
            var name = type.getSimpleName();
            var text = example(name);
            examples.add(text);
            if (OrderEvent.class.isAssignableFrom(type)) {
                examples.add(envelope(name, text));
            }
        }
        return examples;
    }

    private static String example(String name) throws IOException {
        try (var in =
                Objects.requireNonNull(
                        HostileMessagesTest.class.getResourceAsStream(
                                "/contracts/" + name + ".v1.example.json"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String envelope(String type, String detail) {
        ObjectNode envelope =
                JSON.valueToTree(
                        Map.of(
                                "version", "0",
                                "id", "0f6e7a3c-0000-4000-8000-000000000001",
                                "detail-type", type,
                                "source", "orderflow.workflow",
                                "account", "000000000000",
                                "time", "2026-11-02T09:15:31Z",
                                "region", "us-east-1"));
        envelope.set("detail", JSON.readTree(detail));
        return envelope.toString();
    }
}
