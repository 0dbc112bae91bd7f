package dev.orderflow.localcloud.stepfunctions;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The form-encoded request body of an HTTP task, selected by the field `Transform` ([Call HTTPS
/// APIs](https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html)).
final class UrlEncodedBody {

    private UrlEncodedBody() {}

    static boolean isWanted(JsonNode transform) {
        var encoding = transform.path("RequestBodyEncoding").asString("NONE");
        return switch (encoding) {
            case "NONE" -> false;
            case "URL_ENCODED" -> true;
            default ->
                    throw StateFailedException.runtime(
                            "RequestBodyEncoding '%s' is not supported".formatted(encoding));
        };
    }

    static String of(JsonNode body, JsonNode transform) {
        var arrays =
                transform.path("RequestEncodingOptions").path("ArrayFormat").asString("INDICES");
        var pairs = new ArrayList<String>();
        body.properties().forEach(member -> add(member.getKey(), member.getValue(), arrays, pairs));
        return String.join("&", pairs);
    }

    private static void add(String name, JsonNode value, String arrays, List<String> pairs) {
        if (value.isObject()) {
            value.properties()
                    .forEach(
                            member ->
                                    add(
                                            name + "[" + member.getKey() + "]",
                                            member.getValue(),
                                            arrays,
                                            pairs));
        } else if (!value.isArray()) {
            pairs.add(encoded(name) + "=" + encoded(StepFunctionsJson.stringOrJson(value)));
        } else if (arrays.equals("COMMAS")) {
            pairs.add(
                    encoded(name)
                            + "="
                            + value.valueStream()
                                    .map(item -> encoded(StepFunctionsJson.stringOrJson(item)))
                                    .collect(Collectors.joining(",")));
        } else {
            for (int i = 0; i < value.size(); i++) {
                var item =
                        switch (arrays) {
                            case "INDICES" -> name + "[" + i + "]";
                            case "BRACKETS" -> name + "[]";
                            case "REPEAT" -> name;
                            default ->
                                    throw StateFailedException.runtime(
                                            "ArrayFormat '%s' is not supported".formatted(arrays));
                        };
                add(item, value.get(i), arrays, pairs);
            }
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
