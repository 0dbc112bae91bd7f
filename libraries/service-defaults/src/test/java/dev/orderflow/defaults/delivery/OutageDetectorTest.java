package dev.orderflow.defaults.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.CannotCreateTransactionException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

class OutageDetectorTest {

    @ParameterizedTest
    @ValueSource(strings = {"08000", "08001", "08003", "08006", "53300", "57P01", "57P03", "25006"})
    void anUnreachableServerIsAnOutageAtAnyDepthOfCauses(String state) {
        var cause = new SQLException("ada@example.org", state);
        assertThat(OutageDetector.findOutage(cause)).isPresent();
        assertThat(
                        OutageDetector.findOutage(
                                new CannotCreateTransactionException(
                                        "no", new IllegalStateException(cause))))
                .hasValueSatisfying(
                        outage -> {
                            assertThat(outage.dependency()).isEqualTo("database");
                            assertThat(outage.reason()).isEqualTo("SQLSTATE " + state);
                        });
    }

    @Test
    void aPoolWithoutConnectionsIsAnOutage() {
        assertThat(
                        OutageDetector.findOutage(
                                new DataAccessResourceFailureException(
                                        "no", new SQLTransientConnectionException("none left"))))
                .isPresent();
    }

    /// Not null, unique, too long, deadlock, serialisation, syntax, no table.
    @ParameterizedTest
    @ValueSource(strings = {"23502", "23505", "22001", "40P01", "40001", "55P03", "42601", "42P01"})
    void anInvalidStatementIsNoOutage(String state) {
        assertThat(
                        OutageDetector.findOutage(
                                new IllegalStateException(new SQLException("x", state))))
                .isEmpty();
    }

    @Test
    void anUnavailableOrThrottlingAwsServiceIsAnOutage() {
        assertThat(OutageDetector.findOutage(SdkClientException.create("unable to connect")))
                .isPresent();
        assertThat(
                        OutageDetector.findOutage(
                                new CompletionException(answer(503, "ServiceUnavailable"))))
                .hasValueSatisfying(
                        outage ->
                                assertThat(outage.reason())
                                        .isEqualTo("answered 503 ServiceUnavailable"));
        assertThat(OutageDetector.findOutage(answer(400, "ThrottlingException"))).isPresent();
        assertThat(OutageDetector.findOutage(answer(400, "ValidationException"))).isEmpty();
    }

    private static AwsServiceException answer(int status, String code) {
        return AwsServiceException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }

    @Test
    void aFailureThatHasNothingToDoWithTheDatabaseIsNoOutage() {
        assertThat(OutageDetector.findOutage(new IllegalStateException("boom"))).isEmpty();
        assertThat(OutageDetector.findOutage(new SQLException("without a state"))).isEmpty();
    }
}
