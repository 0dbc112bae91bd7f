package dev.orderflow.localcloud.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ArchiveAndReplayTest {

    private static final String BUS = "arn:aws:events:us-east-1:000000000000:event-bus/default";
    private static final String ARCHIVE = "arn:aws:events:us-east-1:000000000000:archive/all";
    private static final String RULES = "arn:aws:events:us-east-1:000000000000:rule/";

    private final EventBridgeFixture fixture = new EventBridgeFixture(1);

    @BeforeEach
    void archive() {
        fixture.call(
                "CreateArchive",
                "{\"ArchiveName\":\"all\",\"EventSourceArn\":\"%s\"}".formatted(BUS));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void put(int n, long time) {
        fixture.call(
                "PutEvents",
                """
                {"Entries":[{"Source":"shop","DetailType":"A","Time":%d,"Detail":"{\\"n\\":%d}"}]}"""
                        .formatted(time, n));
    }

    private static String replay(String name, long start, long end, String filter) {
        return """
        {"ReplayName":"%s","EventSourceArn":"%s","EventStartTime":%d,"EventEndTime":%d,
        "Destination":{"Arn":"%s"%s}}"""
                .formatted(name, ARCHIVE, start, end, BUS, filter);
    }

    private String state(String name) {
        return fixture.call("DescribeReplay", "{\"ReplayName\":\"%s\"}".formatted(name))
                .get("State")
                .stringValue();
    }

    private List<JsonNode> in(String arn) {
        return fixture.queues.messages(arn).stream()
                .map(sent -> EventBridgeJson.MAPPER.readTree(sent.body()))
                .toList();
    }

    @Test
    void aReplaySendsTheEventsOfItsWindowWithItsName() {
        put(1, 100);
        put(2, 200);
        put(3, 300);
        fixture.shopRule("late", "");

        var answer = fixture.call("StartReplay", replay("again", 150, 300, ""));

        assertThat(answer.get("State").stringValue()).isEqualTo("STARTING");
        await().until(() -> state("again").equals("COMPLETED"));
        assertThat(in(EventBridgeFixture.ORDERS))
                .extracting(event -> event.at("/detail/n").intValue())
                .containsExactlyInAnyOrder(2, 3);
        assertThat(in(EventBridgeFixture.ORDERS))
                .allMatch(event -> event.get("replay-name").stringValue().equals("again"));
        var described = fixture.call("DescribeReplay", "{\"ReplayName\":\"again\"}");
        assertThat(described.get("EventLastReplayedTime").doubleValue()).isEqualTo(300);
        assertThat(described.hasNonNull("ReplayEndTime")).isTrue();
    }

    @Test
    void aReplayKeepsTheIdAndTimeOfEachEvent() {
        fixture.shopRule("both", "");
        put(1, 100);
        await().until(() -> in(EventBridgeFixture.ORDERS).size() == 1);

        fixture.call("StartReplay", replay("again", 1, 999, ""));

        await().until(() -> in(EventBridgeFixture.ORDERS).size() == 2);
        var first = in(EventBridgeFixture.ORDERS).getFirst();
        var second = in(EventBridgeFixture.ORDERS).getLast();
        assertThat(second.get("id")).isEqualTo(first.get("id"));
        assertThat(second.get("time")).isEqualTo(first.get("time"));
        assertThat(first.has("replay-name")).isFalse();
    }

    @Test
    void aRuleThatExcludesReplaysReceivesNone() {
        put(1, 100);
        fixture.rule(
                "effect",
                "{\"source\":[\"shop\"],\"replay-name\":[{\"exists\":false}]}",
                EventBridgeFixture.DLQ,
                "");
        fixture.shopRule("projection", "");

        fixture.call("StartReplay", replay("again", 1, 999, ""));

        await().until(() -> state("again").equals("COMPLETED"));
        assertThat(in(EventBridgeFixture.ORDERS)).hasSize(1);
        assertThat(in(EventBridgeFixture.DLQ)).isEmpty();
        put(2, 200);
        await().until(() -> in(EventBridgeFixture.DLQ).size() == 1);
    }

    @Test
    void aReplayForSelectedRulesReachesNoOthers() {
        put(1, 100);
        fixture.shopRule("wanted", "");
        fixture.rule("unwanted", "{\"source\":[\"shop\"]}", EventBridgeFixture.DLQ, "");

        fixture.call(
                "StartReplay",
                replay("again", 1, 999, ",\"FilterArns\":[\"%swanted\"]".formatted(RULES)));

        await().until(() -> state("again").equals("COMPLETED"));
        assertThat(in(EventBridgeFixture.ORDERS)).hasSize(1);
        assertThat(in(EventBridgeFixture.DLQ)).isEmpty();
    }

    @Test
    void aReplayedEventIsNotArchivedAgain() {
        put(1, 100);
        fixture.call("StartReplay", replay("again", 1, 999, ""));
        await().until(() -> state("again").equals("COMPLETED"));

        var archive = fixture.call("DescribeArchive", "{\"ArchiveName\":\"all\"}");

        assertThat(archive.get("EventCount").intValue()).isEqualTo(1);
        assertThat(archive.get("SizeBytes").longValue()).isPositive();
    }

    @Test
    void anArchiveKeepsOnlyWhatItsPatternMatches() {
        fixture.call(
                "CreateArchive",
                """
                {"ArchiveName":"few","EventSourceArn":"%s","EventPattern":"{\\"detail\\":{\\"n\\":[2]}}"}"""
                        .formatted(BUS));
        put(1, 100);
        put(2, 100);

        assertThat(
                        fixture.call("DescribeArchive", "{\"ArchiveName\":\"few\"}")
                                .get("EventCount")
                                .intValue())
                .isEqualTo(1);
    }

    @Test
    void anArchiveRemovesEventsAfterItsRetention() {
        try (var fast = new EventBridgeFixture(50_000_000)) {
            fast.call(
                    "CreateArchive",
                    """
                    {"ArchiveName":"short","EventSourceArn":"%s","RetentionDays":1}"""
                            .formatted(BUS));
            fast.put("{}");
            await().until(
                            () ->
                                    fast.call("DescribeArchive", "{\"ArchiveName\":\"short\"}")
                                                    .get("EventCount")
                                                    .intValue()
                                            == 0);
        }
    }

    @Test
    void aRunningReplayCanBeCancelledAndAFinishedOneCannot() {
        for (int n = 0; n < 100; n++) {
            put(n, 100 + n);
        }
        var door = new CountDownLatch(1);
        fixture.queues.blockUntil(EventBridgeFixture.ORDERS, door);
        fixture.shopRule("blocked", "");
        fixture.call("StartReplay", replay("again", 1, 999, ""));
        await().until(() -> state("again").equals("RUNNING"));

        var answer = fixture.call("CancelReplay", "{\"ReplayName\":\"again\"}");

        assertThat(answer.get("State").stringValue()).isEqualTo("CANCELLING");
        await().until(() -> state("again").equals("CANCELLED"));
        door.countDown();
        assertThat(fixture.callExpectingError("CancelReplay", "{\"ReplayName\":\"again\"}").code())
                .isEqualTo("IllegalStatusException");
        assertThat(fixture.queues.attempts(EventBridgeFixture.ORDERS)).isLessThan(100);
    }

    @Test
    void anInvalidReplayIsRejected() {
        fixture.call("CreateEventBus", "{\"Name\":\"other\"}");

        assertThat(fixture.callExpectingError("StartReplay", replay("r", 300, 100, "")))
                .hasMessageContaining("EventStartTime must be before EventEndTime");
        assertThat(
                        fixture.callExpectingError(
                                "StartReplay",
                                replay("r", 1, 9, "")
                                        .replace("event-bus/default", "event-bus/other")))
                .hasMessageContaining("Cross event bus replay is not permitted");
        assertThat(
                        fixture.callExpectingError(
                                "StartReplay",
                                replay("r", 1, 9, "").replace("archive/all", "archive/no")))
                .hasMessageContaining("Archive no does not exist");
        assertThat(
                        fixture.callExpectingError(
                                "StartReplay",
                                replay("r", 1, 9, ",\"FilterArns\":[\"%sno\"]".formatted(RULES))))
                .hasMessageContaining("is not a rule of event bus default");
        fixture.call("StartReplay", replay("r", 1, 9, ""));
        assertThat(fixture.callExpectingError("StartReplay", replay("r", 1, 9, "")).code())
                .isEqualTo("ResourceAlreadyExistsException");
    }
}
