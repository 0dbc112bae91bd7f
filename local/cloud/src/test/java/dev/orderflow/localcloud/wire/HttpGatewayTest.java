package dev.orderflow.localcloud.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class HttpGatewayTest {

    private static final String SIGNED =
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/%s/aws4_request";

    private static final String FORM = "application/x-www-form-urlencoded";

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpGateway gateway;

    HttpGatewayTest() throws Exception {
        this.gateway = new HttpGateway("127.0.0.1", 0);
    }

    private record BrokenService(String signingName) implements AwsService {

        @Override
        public ObjectNode handle(AwsRequest request) {
            throw new NumberFormatException("a mistake of ours");
        }
    }

    @BeforeEach
    void open() {
        for (var name : new String[] {"sqs", "sns", "monitoring"}) {
            gateway.add(new BrokenService(name));
        }
        gateway.addDiagnosticPage(
                "broken",
                (_, _) -> {
                    throw new NumberFormatException("a mistake of ours");
                });
        gateway.start();
    }

    @AfterEach
    void close() {
        gateway.close();
        http.close();
    }

    @ParameterizedTest
    @CsvSource({
        "sqs, application/x-amz-json-1.0, AmazonSQS.ListQueues, {}",
        "sns, application/x-www-form-urlencoded, , Action=ListTopics",
        "sqs, application/x-www-form-urlencoded, , Action=ListQueues"
    })
    void anUnexpectedExceptionIsAnswered500InTheShapeOfTheProtocol(
            String service, String type, String target, String body) throws Exception {
        var request = request("/", service, type, body);
        if (target != null) {
            request.header("X-Amz-Target", target);
        }
        var answer = send(request);
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("InternalFailure").doesNotContain("a mistake of ours");
        assertThat(answer.body().startsWith("{")).isEqualTo(target != null);
    }

    /// AWS CLI and SDKs parse an error in the protocol of the service they called.
    @ParameterizedTest
    @CsvSource({
        "iam, application/x-www-form-urlencoded, Action=ListUsers, <",
        "lambda, application/json, {}, {"
    })
    void anUnknownServiceIsRejectedInTheProtocolOfTheRequest(
            String service, String type, String body, String begin) throws Exception {
        var answer = send(request("/2015-03-31/functions", service, type, body));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body())
                .startsWith(begin)
                .contains("UnknownService", "local-cloud does not support the service " + service);
    }

    @Test
    void anUnexpectedExceptionOfAPageIsAnswered500() throws Exception {
        var answer = send(HttpRequest.newBuilder(gateway.endpoint().resolve("/_aws/broken")).GET());
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("InternalFailure");
    }

    /// Clients retry a 503, as they do when AWS has a failure.
    @Test
    void aServiceThatIsSwitchedOffIsAnswered503UntilItIsOnAgain() throws Exception {
        assertThat(faults("PUT", "?service=sns").body()).contains("\"off\" : [ \"sns\" ]");
        var off = send(request("/", "sns", FORM, "Action=ListTopics"));
        assertThat(off.statusCode()).isEqualTo(503);
        assertThat(off.body()).contains("ServiceUnavailable", "sns is switched off");
        assertThat(send(request("/", "sqs", FORM, "Action=ListQueues")).statusCode())
                .as("another service")
                .isEqualTo(500);
        assertThat(faults("DELETE", "?service=sns").body()).contains("\"off\" : [ ]");
        assertThat(send(request("/", "sns", FORM, "Action=ListTopics")).statusCode())
                .isEqualTo(500);
        faults("PUT", "?service=sns");
        faults("PUT", "?service=sqs");
        assertThat(faults("DELETE", "").body()).contains("\"off\" : [ ]");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, '', 400",
        "PUT, ?service=, 400",
        "PUT, ?service=nonsense, 400",
        "PUT, ?service=sns&service=sqs, 400",
        "DELETE, ?service=nonsense, 400",
        "POST, ?service=sns, 405"
    })
    void onlyAServiceThatExistsIsSwitched(String method, String query, int status)
            throws Exception {
        assertThat(faults(method, query).statusCode()).isEqualTo(status);
        assertThat(faults("GET", "").body())
                .contains("\"services\" : [ \"monitoring\", \"sns\", \"sqs\" ]", "\"off\" : [ ]");
    }

    private HttpResponse<String> faults(String method, String query) throws Exception {
        return send(
                HttpRequest.newBuilder(gateway.endpoint().resolve("/_aws/faults" + query))
                        .method(method, HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void anUnsupportedServiceIsRejectedInXmlToXmlClients() throws Exception {
        var answer =
                send(
                        request(
                                "/",
                                "iam",
                                "application/x-www-form-urlencoded",
                                "Action=ListUsers&Version=2010-05-08"));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/xml");
        assertThat(answer.body())
                .contains(
                        "<Code>UnknownService</Code>",
                        "local-cloud does not support the service iam");
    }

    /// The service would fail, so the rejection must happen before it is called.
    @Test
    void aCallWithATemporaryKeyIsAuthorizedByItsOperationAndMembers() throws Exception {
        var authorized = new ArrayList<String>();
        gateway.setAuthorizer(
                (accessKey, service, operation, input, _) -> {
                    authorized.add("%s %s %s %s".formatted(accessKey, service, operation, input));
                    throw AwsErrorException.withStatus(403, "AccessDenied", "not allowed");
                });
        var permanent = request("/", "sns", FORM, "Action=ListTopics");
        assertThat(send(permanent).statusCode()).isEqualTo(500);
        var temporary =
                request("/", "sns", FORM, "Action=Publish&Message=m")
                        .setHeader(
                                "Authorization",
                                SIGNED.formatted("sns").replace("=test/", "=ASIA1/"));
        assertThat(send(temporary).statusCode()).isEqualTo(403);
        assertThat(authorized).containsExactly("ASIA1 sns Publish {\"Message\":\"m\"}");
    }

    private HttpRequest.Builder request(String path, String service, String type, String body) {
        URI uri = gateway.endpoint().resolve(path);
        return HttpRequest.newBuilder(uri)
                .header("Authorization", SIGNED.formatted(service))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
