package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.wire.AwsError;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Queue attributes that ElasticMQ would take and then not honour, which the local cloud refuses.
///
/// Who sets an access policy or a key on AWS relies on it. A value that asks for nothing passes: an
/// empty one, or a policy that only allows, for here everybody may do everything.
final class UnsupportedAttributes {

    private static final Predicate<String> NOTHING = String::isBlank;

    private static final Map<String, Predicate<String>> HARMLESS_VALUES =
            Map.of(
                    "Policy", NOTHING.or(UnsupportedAttributes::onlyAllows),
                    "KmsMasterKeyId", NOTHING,
                    "KmsDataKeyReusePeriodSeconds", NOTHING,
                    "SqsManagedSseEnabled", NOTHING.or("false"::equals),
                    "RedriveAllowPolicy", NOTHING.or(UnsupportedAttributes::allowsAll));

    private static final Pattern ATTRIBUTE_NAME = Pattern.compile("Attribute\\.(\\d+)\\.Name");

    private UnsupportedAttributes() {}

    /// @param target the operation of a request in the JSON protocol, null in the query protocol
    /// @throws AwsError `InvalidAttributeName` as SQS answers for an attribute it does not know
    static void refuse(@Nullable String target, byte[] body) {
        var text = new String(body, StandardCharsets.UTF_8);
        var attributes = target == null ? fromForm(text) : fromJson(target, text);
        attributes.forEach(
                (name, value) -> {
                    var harmless = HARMLESS_VALUES.get(name);
                    if (harmless != null && !harmless.test(value)) {
                        throw AwsError.client(
                                "InvalidAttributeName",
                                "local-cloud does not support the queue attribute " + name);
                    }
                });
    }

    private static Map<String, String> fromJson(String target, String body) {
        if (!target.equals("AmazonSQS.CreateQueue")
                && !target.equals("AmazonSQS.SetQueueAttributes")) {
            return Map.of();
        }
        try {
            return JsonMapper.shared().readTree(body).path("Attributes").properties().stream()
                    .collect(
                            Collectors.toMap(
                                    Map.Entry::getKey, entry -> entry.getValue().asString("")));
        } catch (JacksonException forSqsToRefuse) {
            return Map.of();
        }
    }

    /// In the query protocol only the two operations that set attributes name a value for them.
    private static Map<String, String> fromForm(String body) {
        var parameters =
                Arrays.stream(body.split("&"))
                        .map(pair -> pair.split("=", 2))
                        .filter(pair -> pair.length == 2)
                        .collect(
                                Collectors.toMap(
                                        pair -> decoded(pair[0]),
                                        pair -> decoded(pair[1]),
                                        (first, _) -> first));
        return parameters.entrySet().stream()
                .filter(parameter -> ATTRIBUTE_NAME.matcher(parameter.getKey()).matches())
                .collect(
                        Collectors.toMap(
                                Map.Entry::getValue,
                                parameter ->
                                        parameters.getOrDefault(
                                                parameter.getKey().replace(".Name", ".Value"), ""),
                                (first, _) -> first));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException forSqsToRefuse) {
            return text;
        }
    }

    private static boolean onlyAllows(String policy) {
        try {
            JsonNode statements = JsonMapper.shared().readTree(policy).path("Statement");
            return statements.isObject()
                    ? allows(statements)
                    : !statements.isEmpty()
                            && statements.valueStream().allMatch(UnsupportedAttributes::allows);
        } catch (JacksonException notJson) {
            return false;
        }
    }

    private static boolean allows(JsonNode statement) {
        return statement.path("Effect").asString("").equals("Allow");
    }

    private static boolean allowsAll(String policy) {
        try {
            JsonNode permission = JsonMapper.shared().readTree(policy).path("redrivePermission");
            return permission.asString("").equals("allowAll");
        } catch (JacksonException notJson) {
            return false;
        }
    }
}
