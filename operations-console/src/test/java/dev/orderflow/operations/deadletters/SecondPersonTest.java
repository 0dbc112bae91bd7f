package dev.orderflow.operations.deadletters;

import static dev.orderflow.operations.deadletters.DeadLetterFixture.SHIPPING;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.all;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadShipmentRequest;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.operations.OperationsConsoleFixture;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Large and forced redrives, discards and dismissals wait for a second person.
@OperationsConsoleFixture
class SecondPersonTest {

    private static final Map<String, Object> FORCED = with(all(), "force", true);

    private final DeadLetterFixture deadLetters;
    private final JdbcClient jdbc;

    @Autowired
    SecondPersonTest(@LocalServerPort int port, JdbcClient jdbc) {
        this.deadLetters = new DeadLetterFixture(port, jdbc);
        this.jdbc = jdbc;
    }

    private String requestForced() {
        var waiting = deadLetters.start(SHIPPING, FORCED);
        assertThat(waiting.path("requestedBy").stringValue()).isEqualTo("adam");
        assertThat(waiting.has("redriveId")).isFalse();
        return waiting.path("id").stringValue();
    }

    private static String problem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        var type = JsonMapper.shared().readTree(answer.body()).path("type").stringValue();
        return type.substring(type.lastIndexOf('/') + 1);
    }

    private int redrives() {
        return jdbc.sql("SELECT count(*) FROM redrive").query(Integer.class).single();
    }

    private List<String> trailOf(String id) {
        return jdbc.sql(
                        """
                        SELECT performed_by || ' ' || action FROM audit_trail
                         WHERE detail = 'waitingAction=' || :id ORDER BY id
                        """)
                .param("id", id)
                .query(String.class)
                .list();
    }

    @Test
    void aForcedRedriveWaitsUntilAnotherPersonConfirmsIt() {
        putDeadShipmentRequest();
        int before = redrives();
        var id = requestForced();
        assertThat(redrives()).isEqualTo(before);
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);

        assertThat(problem(deadLetters.api.confirm("adam", id), 403)).isEqualTo("own-confirmation");
        assertThat(redrives()).isEqualTo(before);

        var confirmed = deadLetters.api.confirm("anna", id);
        assertThat(confirmed.statusCode()).as(confirmed.body()).isEqualTo(202);
        JsonNode started = JsonMapper.shared().readTree(confirmed.body());
        assertThat(started.path("redriveId").stringValue()).isEqualTo(id);
        assertThat(started.path("operator").stringValue()).isEqualTo("adam");
        assertThat(deadLetters.api.awaitEnd(started).path("done").intValue()).isEqualTo(1);
        assertThat(trailOf(id)).containsExactly("adam REDRIVE_WAITING", "anna REDRIVE_CONFIRMED");

        assertThat(problem(deadLetters.api.confirm("bob", id), 409)).isEqualTo("already-confirmed");
        assertThat(redrives()).isEqualTo(before + 1);
    }

    @Test
    void moreThanAHundredMessagesWaitForASecondPersonAlsoWithoutForce() {
        for (int message = 0; message < 100; message++) {
            putDeadShipmentRequest();
        }
        var started = deadLetters.start(SHIPPING, all());
        assertThat(deadLetters.api.awaitEnd(started).path("done").intValue()).isEqualTo(100);

        for (int message = 0; message < 101; message++) {
            putDeadShipmentRequest();
        }
        var waiting = deadLetters.start(SHIPPING, all());
        assertThat(waiting.has("redriveId")).isFalse();
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(101);
        assertThat(deadLetters.api.awaitEnd(waiting).path("done").intValue()).isEqualTo(101);
    }

    @Test
    void aRepeatedRequestIsAnsweredWithTheActionThatWaits() {
        putDeadShipmentRequest();
        var id = requestForced();
        assertThat(requestForced()).isEqualTo(id);
        assertThat(deadLetters.api.confirm("anna", id).statusCode()).isEqualTo(202);
        assertThat(requestForced()).isNotEqualTo(id);
    }

    @Test
    void anExpiredActionIsNotExecuted() {
        putDeadShipmentRequest();
        int before = redrives();
        var id = requestForced();
        expire(id);
        assertThat(problem(deadLetters.api.confirm("anna", id), 409))
                .isEqualTo("confirmation-expired");
        assertThat(redrives()).isEqualTo(before);
    }

    private void expire(String id) {
        jdbc.sql(
                        """
                        UPDATE waiting_action SET expires_at = now() - interval '1 second'
                         WHERE id = :id::uuid
                        """)
                .param("id", id)
                .update();
    }

    @Test
    void concurrentConfirmationsExecuteOnce() throws Exception {
        putDeadShipmentRequest();
        int before = redrives();
        var id = requestForced();
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new ArrayList<Callable<Integer>>();
            for (var person : List.of("anna", "bob", "carol", "dave")) {
                calls.add(() -> deadLetters.api.confirm(person, id).statusCode());
            }
            var codes = new ArrayList<Integer>();
            for (var answer : people.invokeAll(calls)) {
                codes.add(answer.get());
            }
            assertThat(codes).containsExactlyInAnyOrder(202, 409, 409, 409);
        }
        assertThat(redrives()).isEqualTo(before + 1);
    }

    /// Another redrive keeps the queue, so the first confirmation has no effect.
    @Test
    void aRefusedActionNeedsAnotherConfirmationOfWhichThePersonIsNamed() {
        putDeadShipmentRequest();
        var id = requestForced();
        var other = DeadLetterFixture.storeRunningRedrive(jdbc);
        assertThat(problem(deadLetters.api.confirm("anna", id), 409)).isEqualTo("redrive-running");
        end(other);

        assertThat(deadLetters.api.confirm("bob", id).statusCode()).isEqualTo(202);
        assertThat(trailOf(id))
                .containsExactly(
                        "adam REDRIVE_WAITING",
                        "anna REDRIVE_CONFIRMED",
                        "anna REDRIVE_REFUSED",
                        "bob REDRIVE_CONFIRMED");
        assertThat(confirmedBy(id)).isEqualTo("bob");
    }

    @Test
    void aRefusedActionExpiresLikeOneThatWasNotConfirmed() {
        putDeadShipmentRequest();
        var id = requestForced();
        var other = DeadLetterFixture.storeRunningRedrive(jdbc);
        assertThat(problem(deadLetters.api.confirm("anna", id), 409)).isEqualTo("redrive-running");
        end(other);
        int before = redrives();

        expire(id);
        assertThat(problem(deadLetters.api.confirm("anna", id), 409))
                .isEqualTo("confirmation-expired");
        assertThat(deadLetters.api.confirmations().toString()).doesNotContain(id);
        assertThat(redrives()).isEqualTo(before);
    }

    private void end(UUID redrive) {
        jdbc.sql("UPDATE redrive SET state = 'DONE', ended_at = now() WHERE id = :id")
                .param("id", redrive)
                .update();
    }

    private String confirmedBy(String id) {
        return jdbc.sql("SELECT confirmed_by FROM waiting_action WHERE id = :id::uuid")
                .param("id", id)
                .query(String.class)
                .single();
    }

    /// As when the instance stopped after it started the redrive and before it stored the outcome.
    @Test
    void aConfirmationThatIsRepeatedAfterACrashStartsNoSecondRedrive() {
        putDeadShipmentRequest();
        int before = redrives();
        var id = requestForced();
        assertThat(deadLetters.api.confirm("anna", id).statusCode()).isEqualTo(202);
        loseOutcome(id, "now() + interval '1 minute'");
        assertThat(problem(deadLetters.api.confirm("bob", id), 409))
                .isEqualTo("confirmation-in-progress");
        loseOutcome(id, "now() - interval '1 second'");
        await().until(() -> outcome(id).equals(Optional.of("done")));
        assertThat(redrives()).isEqualTo(before + 1);
    }

    /// @param lease the end of the lease of the instance that executes the action, in SQL
    private void loseOutcome(String id, String lease) {
        jdbc.sql(
                        "UPDATE waiting_action SET outcome = NULL, lease_expires_at = %s WHERE id = :id::uuid"
                                .formatted(lease))
                .param("id", id)
                .update();
    }

    private Optional<String> outcome(String id) {
        return jdbc
                .sql("SELECT outcome FROM waiting_action WHERE id = :id::uuid")
                .param("id", id)
                .query(String.class)
                .list()
                .stream()
                .filter(Objects::nonNull)
                .findFirst();
    }
}
