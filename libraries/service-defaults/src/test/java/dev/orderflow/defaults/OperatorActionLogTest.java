package dev.orderflow.defaults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.orderflow.defaults.fixture.QueryPlans;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorActionEntry;
import dev.orderflow.defaults.operators.OperatorActionLog;
import dev.orderflow.defaults.operators.OperatorRequest;
import dev.orderflow.defaults.operators.OperatorRole;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What operators requested, as the audit trail lists it.
class OperatorActionLogTest extends TestServiceFixture {

    private static final Operator OSKAR =
            new Operator("oskar", "Oskar", Set.of(OperatorRole.OPERATOR));
    private static final Operator ANNA =
            new Operator("anna", "Anna", Set.of(OperatorRole.OPERATOR));

    private final String subject = UUID.randomUUID().toString();

    @Autowired private OperatorActionLog log;
    @Autowired private JdbcClient jdbc;
    @Autowired private DataSource database;

    private OperatorRequest request(Operator operator, @Nullable String key) {
        return log.recordRequest(
                operator,
                "POST /internal/refunds/{id}",
                "/internal/refunds/" + subject,
                "REFUND",
                subject,
                key);
    }

    private List<OperatorActionEntry> list() {
        return log.findBefore(Optional.of(subject), Optional.empty(), 0, 50);
    }

    @Test
    void aRequestIsListedBeforeItIsExecutedWithPersonAndReasonAndThenWithItsStatus() {
        var recorded = request(OSKAR, null);
        recorded.describe(subject, "charged twice", "5.00 EUR");
        assertThat(list())
                .singleElement()
                .satisfies(
                        action -> {
                            assertThat(action.operator()).isEqualTo("oskar");
                            assertThat(action.operatorName()).isEqualTo("Oskar");
                            assertThat(action.action()).isEqualTo("REFUND");
                            assertThat(action.reason()).isEqualTo("charged twice");
                            assertThat(action.detail()).isEqualTo("5.00 EUR");
                            assertThat(action.status()).isNull();
                        });
        recorded.recordResponse(200, false);
        assertThat(list()).extracting(OperatorActionEntry::status).containsExactly(200);
    }

    @Test
    void aRequestRepeatedWithItsKeyIsOneAction() {
        var failed = request(OSKAR, subject);
        failed.recordResponse(503, false);
        var unanswered = request(OSKAR, subject);
        assertThat(list()).extracting(OperatorActionEntry::status).containsOnlyNulls().hasSize(1);
        unanswered.recordResponse(409, false);
        var succeeded = request(OSKAR, subject);
        succeeded.recordResponse(200, false);
        request(OSKAR, subject).recordResponse(200, true);
        request(OSKAR, subject).recordResponse(422, false);
        assertThat(list()).extracting(OperatorActionEntry::status).containsExactly(200);
    }

    /// Its first response was that the outcome is unknown, or there was none.
    @Test
    void theResponseThatIsRepeatedIsThatOfTheAction() {
        request(OSKAR, subject).recordResponse(400, false);
        var executed = request(OSKAR, subject);
        executed.describe(subject, "charged twice", null);
        assertThat(list()).extracting(OperatorActionEntry::status).containsOnlyNulls().hasSize(1);
        request(OSKAR, subject).recordResponse(200, true);
        request(OSKAR, subject).recordResponse(422, false);
        assertThat(list())
                .extracting(OperatorActionEntry::status, OperatorActionEntry::reason)
                .containsExactly(tuple(200, "charged twice"));
        executed.recordResponse(503, false);
        assertThat(list())
                .extracting(OperatorActionEntry::status, OperatorActionEntry::reason)
                .containsExactly(tuple(200, "charged twice"));
    }

    /// A machine or another person sent it first.
    @Test
    void aRefusedRequestStaysRefusedWhenTheResponseToAnotherOneIsRepeated() {
        request(OSKAR, subject).recordResponse(422, false);
        request(OSKAR, subject).recordResponse(200, true);
        assertThat(list()).extracting(OperatorActionEntry::status).containsExactly(422);
    }

    /// Another instance executes it while the first one does.
    @Test
    void aRequestThatIsRefusedWhileAnotherInstanceExecutesItIsOneAction() {
        var first = request(OSKAR, subject);
        request(OSKAR, subject).recordResponse(409, false);
        first.recordResponse(202, false);
        request(OSKAR, subject).recordResponse(202, false);
        assertThat(list()).extracting(OperatorActionEntry::status).containsExactly(202);
    }

    @Test
    void theSameKeyOfAnotherPersonOrOfAnotherDayOrNoKeyIsAnotherAction() {
        request(OSKAR, subject).recordResponse(200, false);
        request(ANNA, subject).recordResponse(200, false);
        assertThat(list()).hasSize(2);
        jdbc.sql(
                        """
                        UPDATE operator_action SET recorded_at = recorded_at - interval '25 hours'
                         WHERE subject = :subject
                        """)
                .param("subject", subject)
                .update();
        request(OSKAR, subject).recordResponse(200, false);
        assertThat(list()).hasSize(3);
        request(OSKAR, null).recordResponse(200, false);
        request(OSKAR, null).recordResponse(200, false);
        assertThat(list()).hasSize(5);
    }

    @Test
    void pagesFollowEachOtherAlsoAmongRequestsOfTheSameTime() {
        for (int i = 0; i < 5; i++) {
            request(OSKAR, null);
        }
        jdbc.sql("UPDATE operator_action SET recorded_at = :at WHERE subject = :subject")
                .param("at", java.sql.Timestamp.from(Instant.parse("2026-11-02T09:15:30.123456Z")))
                .param("subject", subject)
                .update();
        var first = log.findBefore(Optional.of(subject), Optional.empty(), 0, 3);
        var last = first.getLast();
        var rest = log.findBefore(Optional.of(subject), Optional.of(last.at()), last.id(), 3);
        assertThat(rest).hasSize(2).doesNotContainAnyElementsOf(first);
    }

    @Test
    void theRequestsAboutOneThingAreFoundWithoutThoseAboutOthers() {
        jdbc.sql(
                        """
                        INSERT INTO operator_action
                               (performed_by, performed_by_name, endpoint, path, action, subject)
                        SELECT 'oskar', 'Oskar', 'POST /x', '/x', 'X', 'other ' || number
                          FROM generate_series(1, 1000) AS number
                        """)
                .update();
        request(OSKAR, null);
        assertThat(
                        QueryPlans.countRead(
                                database,
                                "operator_action",
                                source ->
                                        assertThat(
                                                        new OperatorActionLog(
                                                                        JdbcClient.create(source))
                                                                .findBefore(
                                                                        Optional.of(subject),
                                                                        Optional.empty(),
                                                                        0,
                                                                        50))
                                                .hasSize(1)))
                .isLessThan(10);
    }

    /// Hostile texts of a path must not make the request fail.
    @Test
    void aSubjectMayBeAnyTextOfAPath() {
        log.recordRequest(OSKAR, "POST /x", "/x", "X", "a\0" + "b".repeat(1000), null)
                .recordResponse(404, false);
        assertThat(log.findBefore(Optional.of("a\0" + "b".repeat(1000)), Optional.empty(), 0, 1))
                .hasSize(1);
    }

    /// A person may write the address of a customer in place of the reference.
    @Test
    void anEMailAddressInAPathIsNotRecorded() {
        for (var address : List.of(subject + "@example.com", subject + "%40example.com")) {
            log.recordRequest(
                    OSKAR,
                    "DELETE /x/{customerRef}/data",
                    "/x/" + address + "/data",
                    "X",
                    address,
                    null);
        }
        assertThat(
                        jdbc.sql(
                                        """
                                        SELECT count(*) FROM operator_action
                                         WHERE (path || subject) LIKE '%' || :subject || '%'
                                        """)
                                .param("subject", subject)
                                .query(Long.class)
                                .single())
                .isZero();
        assertThat(
                        jdbc.sql(
                                        "SELECT path || ' ' || subject FROM operator_action ORDER BY id DESC")
                                .query(String.class)
                                .list())
                .startsWith("/x/(withheld)/data (withheld)", "/x/(withheld)/data (withheld)");
    }

    @Test
    void thePageOfAServiceRefusesValuesThatAreNoPlaceInIt() throws Exception {
        assertThat(getWithKey("/internal/operator-actions").statusCode()).isEqualTo(200);
        for (var query :
                List.of(
                        "limit=0",
                        "limit=202",
                        "beforeId=-1",
                        "before=yesterday",
                        "before=%2B1000000000-01-01T00:00:00Z",
                        "before=-999999999-01-01T00:00:00Z")) {
            assertThat(getWithKey("/internal/operator-actions?" + query).statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
    }
}
