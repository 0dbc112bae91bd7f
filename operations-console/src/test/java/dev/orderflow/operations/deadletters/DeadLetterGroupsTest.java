package dev.orderflow.operations.deadletters;

import static dev.orderflow.operations.deadletters.DeadLetterFixture.SHIPPING;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadLetter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.OperationsConsoleFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Groups of dead letters over all queues, with owner and note.
@OperationsConsoleFixture
class DeadLetterGroupsTest {

    private static final String GROUPS = "/dead-letter-groups";

    private final DeadLetterFixture deadLetters;
    private final DeadLetterScanner scanner;
    private final JdbcClient jdbc;

    @Autowired
    DeadLetterGroupsTest(@LocalServerPort int port, JdbcClient jdbc, DeadLetterScanner scanner) {
        this.deadLetters = new DeadLetterFixture(port, jdbc);
        this.scanner = scanner;
        this.jdbc = jdbc;
    }

    @BeforeEach
    void scanThree() {
        jdbc.sql("DELETE FROM dead_letter").update();
        jdbc.sql("DELETE FROM dead_letter_group").update();
        put(SHIPPING, "aaaa");
        put(SHIPPING, "aaaa");
        put("analytics", "bbbb");
        put("notifications", "cccc");
        scanner.scanAll();
    }

    private static void put(String queue, String fingerprint) {
        putDeadLetter(
                queue, "x", Map.of("reason", "why " + fingerprint, "fingerprint", fingerprint));
    }

    private JsonNode annotate(int status, String fingerprint, String body) {
        var response = deadLetters.api.send("PUT", GROUPS + "/" + fingerprint + "/note", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JsonMapper.shared().readTree(response.body());
    }

    @Test
    void groupsOfAllQueuesAreListedTheLargestFirstAndPaged() {
        var names = new ArrayList<String>();
        var cursor = "";
        do {
            var page = deadLetters.api.get(GROUPS + "?limit=1" + cursor);
            page.path("groups").forEach(group -> names.add(group.path("fingerprint").asString()));
            cursor = page.has("next") ? "&cursor=" + page.path("next").stringValue() : "";
        } while (!cursor.isEmpty());
        assertThat(names).containsExactly("aaaa", "bbbb", "cccc");
        var largest = deadLetters.api.get(GROUPS + "?queue=" + SHIPPING).path("groups");
        assertThat(largest.size()).isEqualTo(1);
        assertThat(largest.get(0).path("count").intValue()).isEqualTo(2);
        assertThat(largest.get(0).path("note").path("version").intValue()).isZero();
    }

    @Test
    void anOperatorWritesOwnerAndNoteAndRemovesThem() {
        var first =
                annotate(200, "aaaa", "{\"version\":0,\"owner\":\"Grace\",\"note\":\"see 4711\"}");
        assertThat(first.path("version").intValue()).isEqualTo(1);
        assertThat(deadLetters.api.get(GROUPS + "?owner=Grace").path("groups").size()).isEqualTo(1);
        assertThat(deadLetters.api.get(GROUPS + "?owner=Anna").path("groups").isEmpty()).isTrue();
        assertThat(deadLetters.api.get("/audit-trail?subject=aaaa").toString())
                .contains("ANNOTATE_GROUP", "see 4711", "owner=Grace");
        var second = annotate(200, "aaaa", "{\"version\":1}");
        assertThat(second.has("owner")).isFalse();
        assertThat(second.path("version").intValue()).isEqualTo(2);
    }

    @Test
    void ofTwoOperatorsWhoSawTheSameOneIsRefusedAndSeesTheOther() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var statuses =
                    threads
                            .invokeAll(
                                    Stream.of("Grace", "Anna", "Ada", "Eve")
                                            .<Callable<Integer>>map(
                                                    owner ->
                                                            () ->
                                                                    deadLetters
                                                                            .api
                                                                            .send(
                                                                                    "PUT",
                                                                                    GROUPS
                                                                                            + "/bbbb/note",
                                                                                    "{\"version\":0,\"owner\":\"%s\"}"
                                                                                            .formatted(
                                                                                                    owner))
                                                                            .statusCode())
                                            .toList())
                            .stream()
                            .map(each -> each.resultNow())
                            .toList();
            assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 409);
        }
        var refused = annotate(409, "bbbb", "{\"version\":0,\"owner\":\"Late\"}");
        assertThat(refused.path("current").path("version").intValue()).isEqualTo(1);
        annotate(409, "bbbb", "{\"version\":7,\"owner\":\"Late\"}");
    }

    @Test
    void aGroupThatVanishedIsNotFoundAndItsNoteStaysForItsReturn() {
        annotate(200, "cccc", "{\"version\":0,\"note\":\"known\"}");
        jdbc.sql("DELETE FROM dead_letter WHERE fingerprint = 'cccc'").update();
        assertThat(deadLetters.api.send("GET", GROUPS + "/cccc", "").statusCode()).isEqualTo(404);
        annotate(404, "dddd", "{\"version\":0,\"note\":\"unknown\"}");
        annotate(404, "dddd", "{\"version\":3,\"note\":\"unknown\"}");
        put("notifications", "cccc");
        scanner.scanAll();
        assertThat(
                        deadLetters
                                .api
                                .get(GROUPS + "/cccc")
                                .path("groups")
                                .get(0)
                                .path("note")
                                .path("note")
                                .stringValue())
                .isEqualTo("known");
    }

    @Test
    void invalidRequestsAreRefused() {
        for (var body :
                List.of(
                        "{}",
                        "{\"version\":-1}",
                        "{\"version\":0,\"owner\":\"\"}",
                        "{\"version\":0,\"note\":\"two\\nlines\"}",
                        "{\"version\":0,\"note\":\"two\\u2028lines\"}",
                        "{\"version\":0,\"note\":\"\\u202eeno\"}",
                        "{\"version\":0,\"note\":\"a\\u2066b\\u2069\"}",
                        "{\"version\":0,\"owner\":\"Os\\u200bkar\"}",
                        "{\"version\":0,\"owner\":\"Os\\u200dkar\"}",
                        "{\"version\":0,\"note\":\"%s\"}".formatted("x".repeat(501)))) {
            annotate(400, "aaaa", body);
        }
        annotate(400, "XYZ", "{\"version\":0}");
        for (var query : List.of("?queue=none", "?cursor=1", "?limit=0", "?owner=")) {
            assertThat(deadLetters.api.send("GET", GROUPS + query, "").statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
    }
}
