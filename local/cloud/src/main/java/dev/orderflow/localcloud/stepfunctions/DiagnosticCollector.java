package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.Diagnostic.Code;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Collects the diagnostics of one definition, at most 100, and checks what every object of a
/// definition has in common.
final class DiagnosticCollector {

    private static final int LIMIT = 100;

    private final List<Diagnostic> diagnostics = new ArrayList<>();

    /// An element of a list of objects, such as `Retry`.
    ///
    /// @param last whether it is the last element
    /// @param at location in the definition
    record ListElement(boolean last, ObjectNode json, String at) {}

    /// @param location path like `/States/A/Next`, null where AWS reports none
    void add(Code code, String message, @Nullable String location) {
        if (diagnostics.size() < LIMIT) {
            diagnostics.add(new Diagnostic(code, message, location));
        }
    }

    void addSchemaError(String message, String location) {
        add(Code.SCHEMA_VALIDATION_FAILED, message, location);
    }

    /// The number of diagnostics so far.
    int size() {
        return diagnostics.size();
    }

    /// All diagnostics, in the order of their discovery.
    List<Diagnostic> all() {
        return List.copyOf(diagnostics);
    }

    void requireKnownFields(ObjectNode object, Set<String> known, String location) {
        for (String field : object.propertyNames()) {
            if (!known.contains(field)) {
                addSchemaError(
                        "Field '%s' is not supported".formatted(field),
                        location.isEmpty() ? "/" : location);
            }
        }
    }

    void requireInteger(ObjectNode object, String field, long least, long most, String location) {
        JsonNode value = object.path(field);
        if (!value.isIntegralNumber()) {
            addSchemaError("Expected value of type Integer", location + "/" + field);
            return;
        }
        var integer = value.bigIntegerValue();
        if (integer.compareTo(BigInteger.valueOf(least)) < 0) {
            addSchemaError("Minimum value is " + least, location + "/" + field);
        } else if (integer.compareTo(BigInteger.valueOf(most)) > 0) {
            addSchemaError("Maximum value is " + most, location + "/" + field);
        }
    }

    void requireAtMostOne(ObjectNode json, String at, String... fields) {
        List<String> present = List.of(fields).stream().filter(json::has).toList();
        if (present.size() > 1) {
            addSchemaError(
                    "There should only be one of the following fields: " + List.of(fields), at);
        }
    }

    /// The objects of a list field; reports elements of another type.
    List<ListElement> requireObjects(ObjectNode json, String field, String at) {
        if (!json.has(field)) {
            return List.of();
        }
        if (!(json.path(field) instanceof ArrayNode array)) {
            addSchemaError("Expected value of type Array", at + "/" + field);
            return List.of();
        }
        var elements = new ArrayList<ListElement>();
        for (int i = 0; i < array.size(); i++) {
            String here = at + "/" + field + "[" + i + "]";
            if (array.get(i) instanceof ObjectNode one) {
                elements.add(new ListElement(i == array.size() - 1, one, here));
            } else {
                addSchemaError("Expected value of type Object", here);
            }
        }
        return elements;
    }
}
