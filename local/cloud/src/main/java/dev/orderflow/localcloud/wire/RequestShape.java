package dev.orderflow.localcloud.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The members that a request may have, at any depth, and their types.
///
/// A shape is written as text: `AlarmName Period:number Tags:[Key Value]`. A member is a string by
/// default; other types are `:number`, `:whole`, `:flag`, `:time`, `:texts` (a list), `:numbers`,
/// `:map` (of strings), `:any`, `:{…}` (a structure), `:[…]` (a list of structures), `:<…>` (a map
/// of structures).
///
/// In the query protocol numbers, flags and times are strings, and an empty list is an empty
/// string.
public final class RequestShape {

    private final Map<String, MemberKind> members = new LinkedHashMap<>();

    private sealed interface MemberKind {
        record ScalarMember(String name) implements MemberKind {}

        record StructureMember(RequestShape shape) implements MemberKind {}

        record StructureListMember(RequestShape shape) implements MemberKind {}

        record MapMember(RequestShape shape) implements MemberKind {}
    }

    private RequestShape() {}

    /// @param text the members in the notation above
    public static RequestShape of(String text) {
        return new ShapeReader(text).members();
    }

    /// Rejects a request that does not conform to the shape.
    ///
    /// @param place name of the request in error messages
    /// @param invalid creates this service's error for an invalid value
    /// @throws AwsErrorException that names the first member that is unknown or of the wrong type
    public void require(
            String place,
            ObjectNode request,
            AwsProtocol protocol,
            Function<String, AwsErrorException> invalid) {
        for (var member : request.properties()) {
            if (member.getValue().isNull()) {
                continue;
            }
            var kind = members.get(member.getKey());
            if (kind == null) {
                throw invalid.apply(
                        "local-cloud does not support the parameter %s of %s"
                                .formatted(member.getKey(), place));
            }
            require(
                    member.getKey(),
                    place,
                    kind,
                    member.getValue(),
                    protocol == AwsProtocol.QUERY,
                    protocol,
                    invalid);
        }
    }

    /// Same as above, but checks only the types of members. A member that is not in the shape must
    /// be a string.
    ///
    /// @param invalid creates this service's error for a member of the wrong type
    /// @param unknown creates its error for a member that is not in the shape
    public void requireKinds(
            String place,
            ObjectNode request,
            Function<String, AwsErrorException> invalid,
            Function<String, AwsErrorException> unknown) {
        for (var member : request.properties()) {
            var kind = members.get(member.getKey());
            if (!member.getValue().isNull()) {
                require(
                        member.getKey(),
                        place,
                        kind == null ? new MemberKind.ScalarMember("text") : kind,
                        member.getValue(),
                        false,
                        AwsProtocol.JSON_1_0,
                        kind == null ? unknown : invalid);
            }
        }
    }

    private static void require(
            String name,
            String place,
            MemberKind kind,
            JsonNode value,
            boolean text,
            AwsProtocol protocol,
            Function<String, AwsErrorException> invalid) {
        boolean nothing = text && value.isString() && value.stringValue().isEmpty();
        switch (kind) {
            case MemberKind.ScalarMember(var scalar) ->
                    requireKind(
                            nothing || isScalar(scalar, value, text),
                            name,
                            place,
                            describeKind(scalar),
                            invalid);
            case MemberKind.StructureMember(var shape) -> {
                requireKind(nothing || value.isObject(), name, place, "structure", invalid);
                if (value instanceof ObjectNode object) {
                    shape.require(name, object, protocol, invalid);
                }
            }
            case MemberKind.StructureListMember(var shape) -> {
                requireKind(nothing || value.isArray(), name, place, "list", invalid);
                for (var item : value) {
                    requireKind(item.isObject(), name, place, "list of structures", invalid);
                    shape.require(name, (ObjectNode) item, protocol, invalid);
                }
            }
            case MemberKind.MapMember(var shape) -> {
                requireKind(nothing || value.isObject(), name, place, "map", invalid);
                for (var item : value) {
                    requireKind(item.isObject(), name, place, "map of structures", invalid);
                    shape.require(name, (ObjectNode) item, protocol, invalid);
                }
            }
        }
    }

    private static boolean isScalar(String kind, JsonNode value, boolean text) {
        return switch (kind) {
            case "text" -> value.isString();
            case "number" -> value.isNumber() || text && value.isString();
            case "whole" -> value.isInt() || text && value.isString();
            case "flag" -> value.isBoolean() || text && value.isString();
            case "time" -> value.isNumber() || value.isString();
            case "texts" -> value.isArray() && value.valueStream().allMatch(JsonNode::isString);
            case "numbers" ->
                    value.isArray()
                            && value.valueStream()
                                    .allMatch(it -> it.isNumber() || text && it.isString());
            case "map" -> value.isObject() && value.valueStream().allMatch(JsonNode::isString);
            case "any" -> true;
            default -> throw new IllegalArgumentException("unknown member type " + kind);
        };
    }

    private static String describeKind(String kind) {
        return switch (kind) {
            case "whole" -> "whole number";
            case "flag" -> "boolean";
            case "texts" -> "list of strings";
            case "numbers" -> "list of numbers";
            case "map" -> "map of strings";
            case String itself -> itself;
        };
    }

    private static void requireKind(
            boolean so,
            String name,
            String place,
            String kind,
            Function<String, AwsErrorException> invalid) {
        if (!so) {
            throw invalid.apply("Parameter %s of %s must be a %s".formatted(name, place, kind));
        }
    }

    /// Parses the notation of a shape.
    private static final class ShapeReader {

        private final String text;
        private int at;

        ShapeReader(String text) {
            this.text = text;
        }

        RequestShape members() {
            var shape = new RequestShape();
            while (true) {
                while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                    at++;
                }
                if (at == text.length() || "]}>".indexOf(text.charAt(at)) >= 0) {
                    at++;
                    return shape;
                }
                var name = word();
                MemberKind kind = new MemberKind.ScalarMember("text");
                if (at < text.length() && text.charAt(at) == ':') {
                    at++;
                    kind = kind();
                }
                shape.members.put(name, kind);
            }
        }

        private MemberKind kind() {
            char first = text.charAt(at);
            if ("[{<".indexOf(first) < 0) {
                return new MemberKind.ScalarMember(word());
            }
            at++;
            var inner = members();
            return switch (first) {
                case '[' -> new MemberKind.StructureListMember(inner);
                case '{' -> new MemberKind.StructureMember(inner);
                default -> new MemberKind.MapMember(inner);
            };
        }

        private String word() {
            int from = at;
            while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
                at++;
            }
            return text.substring(from, at);
        }
    }
}
