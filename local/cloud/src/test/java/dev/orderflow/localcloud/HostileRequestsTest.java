package dev.orderflow.localcloud;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.orderflow.contracts.fixture.HostileJson;
import dev.orderflow.localcloud.ValidRequests.ValidRequest;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.w3c.dom.Document;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/// Hostile requests in every wire protocol succeed or are rejected as client errors with a message
/// in the format of the protocol, and the cloud serves the next caller.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileRequestsTest {

    private static final int OF_EACH_PROTOCOL = HostileJson.times(2_000);
    private static final int AT_ONCE = 8;

    /// Longer than the longest long poll that a hostile request may ask for.
    private static final Duration TIMEOUT = Duration.ofSeconds(40);

    private static final Map<String, String> TARGETS =
            Map.of(
                    "sqs", "AmazonSQS",
                    "events", "AWSEvents",
                    "states", "AWSStepFunctions",
                    "monitoring", "GraniteServiceVersion20100801");

    private static final Pattern STACK_TRACE =
            Pattern.compile("\\bat [\\w.$]+\\([\\w$]+\\.(java|scala):\\d+\\)");

    private static final String SIGNED =
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/%s/aws4_request";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final CBORMapper CBOR = new CBORMapper();

    private final LocalCloud cloud = LocalCloud.builder().start();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    void validRequestsSucceed() throws Exception {
        for (var service : List.of("sqs", "events", "states", "monitoring")) {
            for (var good : ValidRequests.of(service)) {
                requireAnswered(json(service, good, good.input()));
            }
        }
        for (var service : List.of("sns", "email", "sts")) {
            for (var good : ValidRequests.of(service)) {
                requireAnswered(query(service, good, good.input()));
            }
        }
        requireAnswered(rest(ValidRequests.SES_V2.input()));
        requireAnswered(s3("PUT", "/hit", ""));
        requireAnswered(s3("PUT", "/hit?lifecycle", LIFECYCLE));
        requireAnswered(s3("PUT", "/hit/key", "{}"));
    }

    @AfterAll
    void close() {
        http.close();
        cloud.close();
    }

    private void requireAnswered(HttpRequest.Builder request) throws Exception {
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private interface RequestFormat {
        HttpRequest.Builder request(String service, ValidRequest good, String hostile);
    }

    @Test
    void hostileJsonRequestsAreClientErrors() throws Exception {
        hit("JSON", List.of("sqs", "events", "states", "monitoring"), this::json);
    }

    @Test
    void hostileCborRequestsAreClientErrors() throws Exception {
        hit("CBOR", List.of("monitoring"), this::cbor);
    }

    @Test
    void hostileQueryRequestsAreClientErrors() throws Exception {
        hit("Query", List.of("sqs", "sns", "monitoring", "email", "sts"), this::query);
    }

    @Test
    void hostileRestRequestsAreClientErrors() throws Exception {
        hit("REST", List.of("email"), (_, _, hostile) -> rest(hostile));
    }

    /// Unsupported features of S3 are errors with status 501.
    @Test
    void hostileObjectRequestsAreClientErrors() throws Exception {
        long seed = HostileJson.seed(20_261_129);
        var hostile = new HostileJson(seed);
        var statuses = new TreeMap<Integer, Integer>();
        for (int i = 0; i < OF_EACH_PROTOCOL; i++) {
            var method = hostile.oneOf(List.of("PUT", "GET", "HEAD", "DELETE", "POST"));
            var path = hostile.oneOf(OBJECTS).replace("*", "x" + encoded(hostile.text()));
            var body =
                    hostile.oneOf(
                            List.of("", LIFECYCLE, hostile.broken(LIFECYCLE), hostile.text()));
            var request = s3(method, path, body);
            if (i % 3 == 0) {
                request.header(
                        hostile.oneOf(OBJECT_HEADERS),
                        hostile.text().replaceAll("[^\\x21-\\x7E]", "x"));
            }
            var which = "seed %d, request %d: %s %s %s".formatted(seed, i, method, path, body);
            statuses.merge(statusOfObject(request, which), 1, Integer::sum);
        }
        System.out.printf(
                "%d hostile requests of objects, seed %d: %s%n", OF_EACH_PROTOCOL, seed, statuses);
        assertThat(statuses).containsKeys(200, 204, 400, 404);
    }

    private static final String LIFECYCLE =
            "<LifecycleConfiguration><Rule><ID>r</ID><Status>Enabled</Status><Filter><Prefix>a</Prefix>"
                    + "</Filter><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>";

    private static final List<String> OBJECTS =
            List.of(
                    "/hit/key",
                    "/hit/*",
                    "/*",
                    "/*/*",
                    "/hit?lifecycle",
                    "/hit?*",
                    "/hit/key?x-id=*",
                    "/");

    private static final List<String> OBJECT_HEADERS =
            List.of(
                    "x-amz-meta-a",
                    "x-amz-checksum-sha256",
                    "x-amz-checksum-crc32",
                    "x-amz-decoded-content-length",
                    "x-amz-trailer",
                    "x-amz-content-sha256",
                    "x-amz-checksum-mode",
                    "x-amz-unheard-of",
                    "Content-MD5",
                    "Content-Encoding",
                    "Range");

    private HttpRequest.Builder s3(String method, String path, String body) {
        return request(path)
                .header("Authorization", SIGNED.formatted("s3"))
                .method(method, BodyPublishers.ofString(body));
    }

    private void hit(String name, List<String> services, RequestFormat protocol) throws Exception {
        long seed = HostileJson.seed(20_261_125) + name.hashCode();
        var hostile = new HostileJson(seed);
        var statuses = new TreeMap<Integer, Integer>();
        int requests = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (requests < OF_EACH_PROTOCOL) {
                var together = new ArrayList<Callable<Integer>>();
                for (int i = 0; i < AT_ONCE; i++) {
                    var service = services.get(requests % services.size());
                    var good = hostile.oneOf(ValidRequests.of(service));
                    var text =
                            hostile.of(
                                    name.equals("REST")
                                            ? ValidRequests.SES_V2.input()
                                            : good.input());
                    var which =
                            "seed %d, request %d: %s %s %s"
                                    .formatted(
                                            seed - name.hashCode(),
                                            requests,
                                            service,
                                            good.operation(),
                                            text.substring(0, Math.min(text.length(), 1_000)));
                    together.add(() -> statusOf(protocol.request(service, good, text), which));
                    requests++;
                }
                for (var answered : threads.invokeAll(together)) {
                    statuses.merge(answered.get(), 1, Integer::sum);
                }
            }
        }
        System.out.printf(
                "%d hostile requests in %s, seed %d: %s%n", requests, name, seed, statuses);
        requireAnswered(json("sqs", new ValidRequest("SendMessage", ""), NEXT_CALLERS));
        assertThat(statuses).as("some hit, some miss").containsKeys(200, 400);
    }

    private static final String NEXT_CALLERS =
            "{\"QueueUrl\":\"http://127.0.0.1/000000000000/untouched\",\"MessageBody\":\"x\"}";

    private int statusOf(HttpRequest.Builder request, String which) {
        var answer = answerTo(request, which);
        var type = answer.headers().firstValue("Content-Type").orElse("");
        var error =
                type.contains("xml")
                        ? errorInXml(answer.body(), which)
                        : errorInJson(answer.body(), type, which);
        requireSound(answer, error, which, answer.statusCode() >= 500);
        return answer.statusCode();
    }

    private int statusOfObject(HttpRequest.Builder request, String which) {
        var answer = answerTo(request, which);
        int status = answer.statusCode();
        // A response to HEAD has no body.
        if (status >= 400 && answer.body().length > 0) {
            var error = errorInXml(answer.body(), which);
            requireSound(answer, error, which, status >= 500 && status != 501);
        }
        return status;
    }

    private HttpResponse<byte[]> answerTo(HttpRequest.Builder request, String which) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (Exception failure) {
            return fail(which, failure);
        }
    }

    private static void requireSound(
            HttpResponse<byte[]> answer, ErrorResponse error, String which, boolean asIfOurFault) {
        var text = new String(answer.body(), UTF_8);
        boolean isDescribed = !error.code().isBlank() && !error.message().isBlank();
        if (asIfOurFault
                || STACK_TRACE.matcher(text).find()
                || answer.statusCode() >= 400 && !isDescribed) {
            fail("%s%nwas answered %d %s", which, answer.statusCode(), text);
        }
    }

    private record ErrorResponse(String code, String message) {}

    private static ErrorResponse errorInXml(byte[] body, String which) {
        try {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(body));
            return new ErrorResponse(element(document, "Code"), element(document, "Message"));
        } catch (Exception failure) {
            return fail(which + "\nwas answered " + new String(body, UTF_8), failure);
        }
    }

    private static String element(Document document, String name) {
        var found = document.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }

    private static ErrorResponse errorInJson(byte[] body, String type, String which) {
        try {
            var answer = (type.contains("cbor") ? CBOR : JSON).readTree(body);
            return new ErrorResponse(
                    answer.path("__type").asString(""),
                    answer.path("message").asString(answer.path("Message").asString("")));
        } catch (JacksonException unreadable) {
            return fail(which + "\nwas answered " + new String(body, UTF_8), unreadable);
        }
    }

    private HttpRequest.Builder json(String service, ValidRequest good, String body) {
        return request("/")
                .header("X-Amz-Target", TARGETS.get(service) + "." + good.operation())
                .header("Content-Type", "application/x-amz-json-1.0")
                .POST(BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder cbor(String service, ValidRequest good, String body) {
        byte[] bytes;
        try {
            bytes = CBOR.writeValueAsBytes(JSON.readTree(body));
        } catch (JacksonException _) {
            bytes = body.getBytes(UTF_8);
        }
        return request("/service/%s/operation/%s".formatted(TARGETS.get(service), good.operation()))
                .header("smithy-protocol", "rpc-v2-cbor")
                .header("Content-Type", "application/cbor")
                .POST(BodyPublishers.ofByteArray(bytes));
    }

    /// Text that is not JSON is sent unchanged.
    private HttpRequest.Builder query(String service, ValidRequest good, String body) {
        String form;
        try {
            var pairs = new ArrayList<String>();
            flatten("", JSON.readTree(body), pairs);
            form = String.join("&", pairs);
        } catch (JacksonException _) {
            form = body;
        }
        return request("/")
                .header("Authorization", SIGNED.formatted(service))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("Action=" + good.operation() + "&" + form));
    }

    private static final List<String> MAPS = List.of("Attributes", "MessageAttributes");

    private static void flatten(String name, JsonNode node, List<String> pairs) {
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(name + ".member." + (i + 1), node.get(i), pairs);
            }
        } else if (MAPS.contains(name) && node.isObject()) {
            int i = 1;
            for (var entry : node.properties()) {
                pairs.add("%s.entry.%d.key=%s".formatted(name, i, encoded(entry.getKey())));
                flatten("%s.entry.%d.value".formatted(name, i++), entry.getValue(), pairs);
            }
        } else if (node.isObject()) {
            for (var entry : node.properties()) {
                var prefix = name.isEmpty() ? "" : name + ".";
                flatten(prefix + encoded(entry.getKey()), entry.getValue(), pairs);
            }
        } else {
            pairs.add(name + "=" + encoded(node.asString()));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private HttpRequest.Builder rest(String body) {
        return request(ValidRequests.SES_V2.operation())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(cloud.endpoint() + path)).timeout(TIMEOUT);
    }
}
