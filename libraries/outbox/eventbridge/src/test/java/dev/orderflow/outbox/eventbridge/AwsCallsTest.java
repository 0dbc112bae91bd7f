package dev.orderflow.outbox.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.outbox.OutboxTarget.PublishResult.TargetUnavailable;
import dev.orderflow.outbox.OutboxTarget.TargetState.TargetUnknown;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

class AwsCallsTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(ApiCallTimeoutException.create(5_000), "no response in time"),
                Arguments.of(ApiCallAttemptTimeoutException.create(5_000), "no response in time"),
                Arguments.of(SdkClientException.create("no credentials"), "no response"),
                Arguments.of(
                        SdkClientException.create("x", new ConnectException("refused")),
                        "connection refused"),
                Arguments.of(
                        SdkClientException.create("x", new UnknownHostException("x")),
                        "unknown host"),
                Arguments.of(
                        SdkClientException.create("x", new SocketTimeoutException("x")),
                        "no response in time"),
                Arguments.of(
                        SdkClientException.create("x", new SocketException("Connection reset")),
                        "no complete response"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aCallWithoutResponseIsNamedInWords(SdkException failure, String words) {
        assertThat(
                        AwsCalls.publish(
                                "PutEvents",
                                List.of(),
                                () -> {
                                    throw failure;
                                }))
                .isEqualTo(new TargetUnavailable(words));
        assertThat(
                        AwsCalls.describe(
                                () -> {
                                    throw failure;
                                },
                                _ -> false))
                .isEqualTo(new TargetUnknown(words));
    }
}
