package dev.orderflow.systemtests;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One operation of the OpenAPI document of a service, and the check of a response against it.
///
/// @param service the URL of the service
/// @param method the HTTP method in capital letters
/// @param path the path with names in braces
/// @param operation the operation object of the document
/// @param document the whole document, to resolve references
record OpenApiOperation(
        URI service, String method, String path, JsonNode operation, JsonNode document) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    private static final String PROBLEMS = "https://orderflow.dev/problems/";

    /// Texts that reveal implementation details.
    private static final Pattern LEAK =
            Pattern.compile(
                    "Exception|\\bat [a-z]+(\\.[\\w$]+)+\\(|stackTrace|<html|org\\.springframework"
                            + "|tools\\.jackson|org\\.postgresql|SQLSTATE|PSQL");

    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    /// All operations of a document whose path has a prefix.
    static List<OpenApiOperation> all(URI service, JsonNode document, String prefix) {
        var all = new ArrayList<OpenApiOperation>();
        document.path("paths")
                .forEachEntry(
                        (path, item) ->
                                item.forEachEntry(
                                        (method, operation) -> {
                                            if (METHODS.contains(method)
                                                    && path.startsWith(prefix)) {
                                                all.add(
                                                        new OpenApiOperation(
                                                                service,
                                                                method.toUpperCase(Locale.ROOT),
                                                                path,
                                                                operation,
                                                                document));
                                            }
                                        }));
        return all;
    }

    /// A schema with its references resolved.
    JsonNode resolved(JsonNode schema) {
        var reference = schema.path("$ref").asString("");
        return reference.isEmpty() ? schema : resolved(document.at(reference.substring(1)));
    }

    JsonNode bodySchema() {
        return resolved(operation.at("/requestBody/content/application~1json/schema"));
    }

    /// Checks a response and returns its defect, if any.
    ///
    /// @param made the request
    Optional<String> findMismatch(FuzzRequests.FuzzRequest made, RawHttp.Answer answer) {
        if (answer.status() == 0) {
            return Optional.of("no answer");
        }
        if (answer.status() >= 500) {
            return Optional.of("a server error: " + answer.status());
        }
        if (LEAK.matcher(answer.body()).find()) {
            return Optional.of("it reveals implementation details");
        }
        if (answer.headers().containsKey("x-injected")) {
            return Optional.of("a header was injected");
        }
        if (made.request().line().startsWith("HEAD ")) {
            return Optional.empty();
        }
        if (answer.status() >= 400) {
            return noProblem(answer);
        }
        return made.faithful() ? notAsDescribed(answer) : Optional.empty();
    }

    private static Optional<String> noProblem(RawHttp.Answer answer) {
        if (!answer.headers()
                .getOrDefault("content-type", "")
                .startsWith("application/problem+json")) {
            return Optional.of("no problem but " + answer.headers().get("content-type"));
        }
        try {
            var problem = JSON.readTree(answer.body());
            return problem.path("type").asString("").startsWith(PROBLEMS)
                            && problem.path("status").intValue(0) == answer.status()
                            && problem.path("title").isString()
                    ? Optional.empty()
                    : Optional.of("a problem without type, title or status");
        } catch (JacksonException _) {
            return Optional.of("a problem that is no JSON");
        }
    }

    private Optional<String> notAsDescribed(RawHttp.Answer answer) {
        var response = operation.path("responses").path(Integer.toString(answer.status()));
        if (response.isMissingNode()) {
            // The documents of internal APIs are generated from the code and contain no error
            // statuses.
            return path.startsWith("/internal")
                    ? Optional.empty()
                    : Optional.of("status %d is not described".formatted(answer.status()));
        }
        for (var content : response.path("content")) {
            var schema = content.path("schema");
            if (schema.isObject() && !answer.body().isEmpty()) {
                var errors = schema(schema).validate(answer.body(), InputFormat.JSON);
                return errors.isEmpty()
                        ? Optional.empty()
                        : Optional.of("not as described: " + errors.getFirst());
            }
        }
        return Optional.empty();
    }

    private Schema schema(JsonNode schema) {
        return SCHEMAS.computeIfAbsent(
                service + schema.toString(),
                _ -> {
                    var whole = (ObjectNode) schema.deepCopy();
                    whole.set("components", document.path("components"));
                    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(whole.toString(), InputFormat.JSON);
                });
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
