package dev.orderflow.operations.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.operations.deadletters.EditableMessage.EditResult;
import dev.orderflow.operations.deadletters.EditableMessage.EditableField;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class EditableMessageTest {

    private static final UUID ORDER = UUID.fromString("01a2075e-2d34-7f3b-b418-3925c9610246");

    private static String rejected(String fields) {
        return """
        {"id":"1","detail-type":"OrderRejected","time":"2026-11-02T09:15:30Z","detail":{"eventId":"%s/OrderRejected",
         "schemaVersion":1,"orderId":"%s","orderVersion":3,"customerRef":"ada",
         "total":{"amount":"49.90","currency":"EUR"},%s}}
        """
                .formatted(ORDER, ORDER, fields);
    }

    private static final String UNKNOWN_REASON =
            rejected(
                    "\"occurredAt\":\"2026-11-02T09:15:30Z\",\"reason\":\"Ada Lovelace has moved\"");

    private static EditResult edit(String body, Map<String, String> changes) {
        return EditableMessage.of(body).orElseThrow().apply(changes);
    }

    private static String problemOf(String body, Map<String, String> changes) {
        var invalid = (EditResult.InvalidEdit) edit(body, changes);
        return invalid.field() + " " + invalid.problem();
    }

    @Test
    void aChangedFieldIsValidAndEverythingElseStays() {
        var edited = (EditResult.Edited) edit(UNKNOWN_REASON, Map.of("reason", "OUT_OF_STOCK"));
        assertThat(MessageCodec.readEvent(edited.body()).rejectionReason()).isEmpty();
        assertThat(JsonMapper.shared().readTree(edited.body()))
                .isEqualTo(
                        JsonMapper.shared()
                                .readTree(
                                        UNKNOWN_REASON.replace(
                                                "Ada Lovelace has moved", "OUT_OF_STOCK")));
    }

    /// A dead letter may contain anything.
    @Test
    void theDifferenceShowsOnlyValuesOfTheExpectedFormat() {
        var edited = (EditResult.Edited) edit(UNKNOWN_REASON, Map.of("reason", "OUT_OF_STOCK"));
        assertThat(edited.changes())
                .extracting(EditableMessage.FieldChange::describe)
                .containsExactly("reason: (not shown) -> OUT_OF_STOCK");
        var known = UNKNOWN_REASON.replace("Ada Lovelace has moved", "PAYMENT_DECLINED");
        assertThat(((EditResult.Edited) edit(known, Map.of("reason", "OUT_OF_STOCK"))).changes())
                .extracting(EditableMessage.FieldChange::describe)
                .containsExactly("reason: PAYMENT_DECLINED -> OUT_OF_STOCK");
    }

    @Test
    void aMissingFieldCanBeAdded() {
        var body = rejected("\"reason\":\"OUT_OF_STOCK\"");
        var edited = (EditResult.Edited) edit(body, Map.of("occurredAt", "2026-11-02T09:15:30Z"));
        assertThat(edited.changes().getFirst().before()).isEqualTo("(missing)");
    }

    @Test
    void valuesThatTheSchemaForbidsAreRefused() {
        assertThat(problemOf(UNKNOWN_REASON, Map.of("reason", "BECAUSE")))
                .startsWith("reason must be one of OUT_OF_STOCK, ");
        assertThat(problemOf(UNKNOWN_REASON, Map.of("orderVersion", "0")))
                .isEqualTo("orderVersion must be a whole number of at least 1");
        assertThat(problemOf(UNKNOWN_REASON, Map.of("orderVersion", "99999999999")))
                .isEqualTo("orderVersion must be a whole number of at least 1");
        assertThat(problemOf(UNKNOWN_REASON, Map.of("schemaVersion", "2")))
                .isEqualTo("schemaVersion must be 1");
        assertThat(problemOf(UNKNOWN_REASON, Map.of("occurredAt", "yesterday")))
                .isEqualTo("occurredAt must be an ISO 8601 instant in UTC");
        assertThat(problemOf(UNKNOWN_REASON, Map.of("reason", "x".repeat(201))))
                .startsWith("reason must be");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eventId",
                "orderId",
                "customerRef",
                "total",
                "lines",
                "command",
                "taskToken",
                "traceparent",
                "detail",
                "x",
                "detail.reason",
                ""
            })
    void onlyFieldsThatNothingWasDoneWithCanBeChanged(String field) {
        assertThat(problemOf(UNKNOWN_REASON, Map.of(field, ORDER.toString())))
                .isEqualTo("changes may only have schemaVersion, occurredAt, orderVersion, reason");
    }

    @Test
    void aMessageThatIsStillInvalidOrUnchangedIsRefused() {
        assertThat(problemOf(UNKNOWN_REASON, Map.of("orderVersion", "4")))
                .startsWith("changes leave a message that is not valid: malformed message: ");
        assertThat(problemOf(UNKNOWN_REASON, Map.of("orderVersion", "3")))
                .isEqualTo("changes must change the message");
        assertThat(problemOf(UNKNOWN_REASON, Map.of()))
                .isEqualTo("changes must change the message");
    }

    @Test
    void aCommandCanBeEdited() {
        var command =
                "{\"command\":\"ArrangeShipment\",\"schemaVersion\":2,\"orderId\":\"%s\",\"taskToken\":\"secret\"}"
                        .formatted(ORDER);
        var edited = (EditResult.Edited) edit(command, Map.of("schemaVersion", "1"));
        assertThat(MessageCodec.readCommand(edited.body()).rejectionReason()).isEmpty();
        assertThat(edited.changes().toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{}",
                "{\"detail-type\":\"OrderRejected\"}",
                "{\"detail-type\":\"OrderRejected\",\"detail\":7}",
                "{\"detail-type\":\"Step Functions Execution Status Change\",\"detail\":{}}",
                "{\"detail-type\":\"OrderCreated\",\"detail\":{\"claimCheck\":{}}}",
                "{\"detail-type\":\"../../application\",\"detail\":{}}",
                "{\"command\":\"Unknown\"}",
                "{\"command\":7}",
                "{\"command\":\"ArrangeShipment\",\"command\":\"ApproveOrder\"}"
            })
    void whatIsNoPublishedMessageCannotBeEdited(String body) {
        assertThat(EditableMessage.of(body)).isEmpty();
    }

    /// Every published event has at least its version and time, and none has an id or an amount.
    @Test
    void theEditableFieldsOfAllEventsAreThoseOfTheirSchemas() {
        for (var type : OrderEvent.class.getPermittedSubclasses()) {
            var body = "{\"detail-type\":\"%s\",\"detail\":{}}".formatted(type.getSimpleName());
            assertThat(EditableMessage.of(body).orElseThrow().fields())
                    .extracting(EditableField::name)
                    .contains("schemaVersion", "occurredAt", "orderVersion")
                    .isSubsetOf("schemaVersion", "occurredAt", "orderVersion", "reason");
        }
        assertThat(Arrays.asList(OrderEvent.class.getPermittedSubclasses())).hasSizeGreaterThan(3);
    }
}
