package dev.orderflow.localcloud;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.localcloud.ValidRequests.ValidRequest;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// No member of a request is ignored silently: every member of AWS's models, at any depth, is
/// supported or rejected by name, and so is an unknown member.
class EveryRequestMemberTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String UNHEARD_OF = "UnheardOf";

    private static final Map<String, String> TARGETS =
            Map.of(
                    "sqs", "AmazonSQS",
                    "events", "AWSEvents",
                    "states", "AWSStepFunctions",
                    "monitoring", "GraniteServiceVersion20100801");

    private static final Map<String, String> MODELS =
            Map.of(
                    "sqs", "sqs",
                    "sns", "sns",
                    "events", "eventbridge",
                    "states", "sfn",
                    "monitoring", "cloudwatch",
                    "email", "ses");

    private static final Map<String, String> CLIENTS =
            Map.of(
                    "sqs", "Sqs",
                    "sns", "Sns",
                    "events", "EventBridge",
                    "states", "Sfn",
                    "monitoring", "CloudWatch",
                    "email", "Ses");

    @ParameterizedTest
    @ValueSource(strings = {"sqs", "sns", "events", "states", "monitoring", "email"})
    void everyMemberIsSupportedOrRejectedByName(String service) throws Exception {
        try (var cloud = LocalCloud.builder().start();
                var http = HttpClient.newHttpClient()) {
            var goods = ValidRequests.of(service);
            if (!service.equals("sqs")) {
                for (var queue : ValidRequests.of("sqs")) {
                    send(http, cloud, "sqs", queue, (ObjectNode) JSON.readTree(queue.input()));
                }
            }
            for (var good : goods) {
                var answer =
                        send(http, cloud, service, good, (ObjectNode) JSON.readTree(good.input()));
                assertThat(answer.statusCode()).as(good + answer.body()).isEqualTo(200);
            }
            var ignored = new ArrayList<String>();
            int walked = 0;
            // Operations that need earlier requests are tested without a successful request.
            var all = new ArrayList<>(goods);
            for (var operation : operations(service)) {
                var bare = new ValidRequest(operation, "{}");
                if (goods.stream().noneMatch(it -> it.operation().equals(operation))
                        && isClaimed(send(http, cloud, service, bare, JSON.createObjectNode()))) {
                    all.add(bare);
                }
            }
            for (var good : all) {
                for (var variant : variants(service, good)) {
                    walked++;
                    var answer = send(http, cloud, service, good, variant.request());
                    if (answer.statusCode() < 400
                            || !isAboutTheRequest(answer.body(), variant.member())) {
                        ignored.add(
                                "%s %s was answered %d %s"
                                        .formatted(
                                                good.operation(),
                                                variant.path(),
                                                answer.statusCode(),
                                                answer.body()));
                    }
                }
            }
            System.out.printf(
                    "%d members of %d operations of %s walked%n", walked, all.size(), service);
            assertThat(ignored).isEmpty();
            assertThat(walked).isPositive();
        }
    }

    private static boolean isClaimed(HttpResponse<String> answer) {
        return !answer.body().contains("UnknownOperation")
                && !answer.body().contains("InvalidAction")
                && !answer.body().contains("does not support the operation");
    }

    /// All that AWS has, by the methods of the SDK's client.
    private static List<String> operations(String service) throws Exception {
        var client =
                Class.forName(
                        "software.amazon.awssdk.services.%s.%sClient"
                                .formatted(MODELS.get(service), CLIENTS.get(service)));
        return Arrays.stream(client.getMethods())
                .flatMap(method -> Arrays.stream(method.getParameterTypes()))
                .filter(AwsRequest.class::isAssignableFrom)
                .map(type -> type.getSimpleName().replaceFirst("Request$", ""))
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void theModelsHaveMembers() throws Exception {
        assertThat(fields("sqs", "SendMessage")).hasSizeGreaterThan(5);
    }

    /// A refusal for another reason, for example that the name is taken, would show nothing.
    private static boolean isAboutTheRequest(String body, String member) {
        return body.toLowerCase(Locale.ROOT).contains(member.toLowerCase(Locale.ROOT))
                || VALIDATIONS.stream().anyMatch(body::contains);
    }

    private static final List<String> VALIDATIONS =
            List.of(
                    "SerializationException",
                    "ValidationException",
                    "ValidationError",
                    "InvalidParameter",
                    "MissingRequiredParameter");

    /// @param path of the member, for people
    private record RequestVariant(String path, String member, ObjectNode request) {}

    private static List<RequestVariant> variants(String service, ValidRequest good)
            throws Exception {
        var variants = new ArrayList<RequestVariant>();
        walk(
                fields(service, good.operation()),
                (ObjectNode) JSON.readTree(good.input()),
                "",
                (path, member, change) -> {
                    var request = (ObjectNode) JSON.readTree(good.input());
                    change.on(request);
                    variants.add(new RequestVariant(path, member, request));
                });
        return variants;
    }

    private static List<SdkField<?>> fields(String service, String operation) throws Exception {
        var type =
                Class.forName(
                        "software.amazon.awssdk.services.%s.model.%sRequest"
                                .formatted(MODELS.get(service), operation));
        var builder = type.getMethod("builder").invoke(null);
        return ((AwsRequest) ((AwsRequest.Builder) builder).build()).sdkFields();
    }

    private interface RequestChange {
        void on(ObjectNode request);
    }

    private interface VariantCollector {
        void add(String path, String member, RequestChange change);
    }

    /// @param at the part of the good request that has these members, or would
    private static void walk(
            List<SdkField<?>> fields, ObjectNode at, String path, VariantCollector sink) {
        sink.add(
                path + "/" + UNHEARD_OF,
                UNHEARD_OF,
                request -> part(request, path).put(UNHEARD_OF, "x"));
        for (var field : fields) {
            var name = field.locationName();
            var here = path + "/" + name;
            sink.add(
                    here,
                    name,
                    request -> {
                        if (isScalar(field)) {
                            part(request, path).putObject(name).put("no", "scalar");
                        } else {
                            part(request, path).put(name, "no structure");
                        }
                    });
            var value = at.path(name);
            if (structure(field) instanceof SdkPojo inner && deeper(value) instanceof ObjectNode) {
                walk(inner.sdkFields(), deeper(value), value.isArray() ? here + "/0" : here, sink);
            }
        }
    }

    private static ObjectNode deeper(JsonNode value) {
        return value.isArray() && !value.isEmpty()
                ? (value.get(0) instanceof ObjectNode first ? first : null)
                : value instanceof ObjectNode object ? object : null;
    }

    private static boolean isScalar(SdkField<?> field) {
        var type = field.marshallingType();
        return !type.equals(MarshallingType.LIST)
                && !type.equals(MarshallingType.MAP)
                && !type.equals(MarshallingType.SDK_POJO);
    }

    /// The members of a structure, or of the structures of a list; null where there are none.
    private static SdkPojo structure(SdkField<?> field) {
        if (field.marshallingType().equals(MarshallingType.SDK_POJO)) {
            return field.constructor().get();
        }
        if (field.marshallingType().equals(MarshallingType.LIST)) {
            return structure(field.getTrait(ListTrait.class).memberFieldInfo());
        }
        return null;
    }

    private static ObjectNode part(ObjectNode request, String path) {
        return path.isEmpty() ? request : (ObjectNode) request.at(path);
    }

    private static HttpResponse<String> send(
            HttpClient http, LocalCloud cloud, String service, ValidRequest good, ObjectNode input)
            throws Exception {
        var request = HttpRequest.newBuilder(cloud.endpoint());
        if (TARGETS.get(service) instanceof String target) {
            request.header("X-Amz-Target", target + "." + good.operation())
                    .header("Content-Type", "application/x-amz-json-1.0")
                    .POST(BodyPublishers.ofString(input.toString()));
        } else {
            var form = new ArrayList<>(List.of("Action=" + good.operation()));
            flatten("", input, form);
            request.header(
                            "Authorization",
                            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/%s/aws4_request"
                                    .formatted(service))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(String.join("&", form)));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void flatten(String name, JsonNode node, List<String> form) {
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(name + ".member." + (i + 1), node.get(i), form);
            }
        } else if (List.of("Attributes", "MessageAttributes").contains(name) && node.isObject()) {
            int i = 1;
            for (var entry : node.properties()) {
                form.add("%s.entry.%d.key=%s".formatted(name, i, encoded(entry.getKey())));
                flatten("%s.entry.%d.value".formatted(name, i++), entry.getValue(), form);
            }
        } else if (node.isObject()) {
            for (var entry : node.properties()) {
                flatten(
                        (name.isEmpty() ? "" : name + ".") + entry.getKey(),
                        entry.getValue(),
                        form);
            }
        } else {
            form.add(name + "=" + encoded(node.asString()));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
