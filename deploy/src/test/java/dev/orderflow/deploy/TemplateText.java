package dev.orderflow.deploy;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Readable values of templates: joins are resolved, and a reference to a resource of any stack is
/// its name.
final class TemplateText {

    /// The suffix that CDK appends to the name of a resource.
    private static final String HASH = "[0-9A-F]{8}$";

    private final Map<String, JsonNode> exports = new TreeMap<>();

    TemplateText(SynthesizedApp synthesis) {
        synthesis
                .templates()
                .values()
                .forEach(
                        template ->
                                template.path("Outputs")
                                        .forEach(
                                                output ->
                                                        exports.put(
                                                                output.path("Export")
                                                                        .path("Name")
                                                                        .asString(),
                                                                output.path("Value"))));
    }

    /// A reference reads `name.attribute`, an ARN begins with the service.
    String text(JsonNode value) {
        return plain(value).replaceAll("arn:aws:([a-z0-9-]+):[a-z0-9-]*:[0-9]*:", "$1:");
    }

    private String plain(JsonNode value) {
        if (!value.isObject()) {
            return value.asString();
        }
        var name = value.propertyNames().iterator().next();
        var inside = value.path(name);
        return switch (name) {
            case "Ref" -> inside.asString().replaceAll(HASH, "");
            case "Fn::GetAtt" ->
                    inside.path(0).asString().replaceAll(HASH, "")
                            + "."
                            + inside.path(1).asString();
            case "Fn::ImportValue" -> plain(exports.getOrDefault(inside.asString(), inside));
            case "Fn::Join" ->
                    inside.path(1)
                            .valueStream()
                            .map(this::plain)
                            .collect(Collectors.joining(inside.path(0).asString()));
            default -> value.toString();
        };
    }
}
