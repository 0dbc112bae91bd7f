package dev.orderflow.localcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class EndpointAddressTest {

    @Test
    void bothLoopbackAddressesAreServedAndAQueueUrlHasTheAddressOfTheRequest() throws Exception {
        try (var cloud = LocalCloud.builder().start();
                var http = HttpClient.newHttpClient()) {
            int port = cloud.endpoint().getPort();
            assertThat(createQueue(http, "http://127.0.0.1:" + port))
                    .contains("http://127.0.0.1:" + port + "/000000000000/q");
            assertThat(createQueue(http, "http://localhost:" + port))
                    .contains("http://localhost:" + port + "/000000000000/q");
            assumeThat(hasIpv6()).as("the machine has ::1").isTrue();
            assertThat(createQueue(http, "http://[::1]:" + port))
                    .contains("http://[::1]:" + port + "/000000000000/q");
        }
    }

    @Test
    void anSqsErrorCarriesItsQueryProtocolCode() throws Exception {
        try (var cloud = LocalCloud.builder().start();
                var http = HttpClient.newHttpClient()) {
            var answer = call(http, cloud.endpoint().toString(), "GetQueueUrl");
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("com.amazonaws.sqs#QueueDoesNotExist");
            assertThat(answer.headers().firstValue("x-amzn-query-error"))
                    .contains("AWS.SimpleQueueService.NonExistentQueue;Sender");
        }
    }

    private static boolean hasIpv6() {
        try (var _ = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static String createQueue(HttpClient http, String endpoint) throws Exception {
        return call(http, endpoint, "CreateQueue").body();
    }

    private static HttpResponse<String> call(HttpClient http, String endpoint, String operation)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(endpoint))
                        .header("X-Amz-Target", "AmazonSQS." + operation)
                        .header("Content-Type", "application/x-amz-json-1.0")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"QueueName\":\"q\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
