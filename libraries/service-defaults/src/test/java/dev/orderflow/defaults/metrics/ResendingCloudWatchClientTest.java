package dev.orderflow.defaults.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.fixture.AwsHttpStub;
import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;

class ResendingCloudWatchClientTest {

    private static final StubResponse ACCEPTED = new StubResponse(200, "");
    private static final StubResponse UNAVAILABLE = new StubResponse(503, "");
    private static final StubResponse REJECTED = new StubResponse(400, "");

    private static final Pattern METRIC = Pattern.compile("metric-[0-9]{3}");

    private final HttpStub cloudWatch = new HttpStub(_ -> ACCEPTED);
    private final ResendingCloudWatchClient client =
            new ResendingCloudWatchClient(
                    AwsHttpStub.client(cloudWatch, CloudWatchAsyncClient.builder()));

    @AfterEach
    void close() {
        client.close();
        cloudWatch.close();
    }

    @Test
    void aRequestThatFailedIsSentAgainAfterTheNextThatSucceeds() {
        cloudWatch.respondWith(_ -> UNAVAILABLE);
        sendAndFail(1);
        sendAndFail(2);
        cloudWatch.respondWith(_ -> ACCEPTED);
        send(3);
        send(4);
        assertThat(sent())
                .containsExactly(
                        "metric-001",
                        "metric-002",
                        "metric-003",
                        "metric-001",
                        "metric-002",
                        "metric-004");
    }

    @Test
    void aRequestThatFailsAgainIsKeptAndTheOthersWait() {
        cloudWatch.respondWith(_ -> UNAVAILABLE);
        sendAndFail(1);
        sendAndFail(2);
        respondByMetric(metric -> metric.equals("metric-001") ? UNAVAILABLE : ACCEPTED);
        send(3);
        cloudWatch.respondWith(_ -> ACCEPTED);
        send(4);
        assertThat(sent())
                .containsExactly(
                        "metric-001",
                        "metric-002",
                        "metric-003",
                        "metric-001",
                        "metric-004",
                        "metric-001",
                        "metric-002");
    }

    /// It would fail forever.
    @Test
    void aRequestThatIsRejectedIsNotSentAgain() {
        cloudWatch.respondWith(_ -> REJECTED);
        sendAndFail(1);
        cloudWatch.respondWith(_ -> UNAVAILABLE);
        sendAndFail(2);
        sendAndFail(3);
        respondByMetric(metric -> metric.equals("metric-002") ? REJECTED : ACCEPTED);
        send(4);
        send(5);
        assertThat(sent())
                .containsExactly(
                        "metric-001",
                        "metric-002",
                        "metric-003",
                        "metric-004",
                        "metric-002",
                        "metric-003",
                        "metric-005");
    }

    @Test
    void theOldestRequestsOfALongOutageAreDropped() {
        int failures = ResendingCloudWatchClient.MAX_KEPT + 2;
        cloudWatch.respondWith(_ -> UNAVAILABLE);
        IntStream.rangeClosed(1, failures).forEach(this::sendAndFail);
        cloudWatch.respondWith(_ -> ACCEPTED);
        send(100);
        assertThat(sent().stream().skip(failures + 1L))
                .hasSize(ResendingCloudWatchClient.MAX_KEPT)
                .startsWith("metric-003")
                .endsWith("metric-062");
    }

    private void send(int number) {
        var unused = client.putMetricData(request(number)).join();
    }

    private void sendAndFail(int number) {
        assertThatThrownBy(() -> send(number)).isInstanceOf(CompletionException.class);
    }

    private static PutMetricDataRequest request(int number) {
        return PutMetricDataRequest.builder()
                .namespace("Shop")
                .metricData(
                        MetricDatum.builder()
                                .metricName("metric-%03d".formatted(number))
                                .timestamp(Instant.ofEpochSecond(number))
                                .value(1.0)
                                .build())
                .build();
    }

    private void respondByMetric(Function<String, StubResponse> response) {
        cloudWatch.respondWith(request -> response.apply(metric(request)));
    }

    private List<String> sent() {
        return cloudWatch.requests(_ -> true).stream()
                .map(ResendingCloudWatchClientTest::metric)
                .toList();
    }

    private static String metric(HttpStub.RecordedRequest request) {
        var found = METRIC.matcher(request.body());
        assertThat(found.find()).as(request.body()).isTrue();
        return found.group();
    }
}
