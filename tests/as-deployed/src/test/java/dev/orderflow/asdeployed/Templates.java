package dev.orderflow.asdeployed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The CloudFormation templates of a stage, by the names of their stacks.
///
/// @param byStack the templates
record Templates(Map<String, JsonNode> byStack) {

    /// The templates that `cdk synth` writes for the example stage. A test of deploy ensures that
    /// the golden templates are identical to them; reading the golden ones needs no Node.js.
    private static final Path GOLDEN =
            Path.of("..", "..", "deploy", "src", "test", "resources", "golden");

    private static final String ENDING = ".template.json";

    /// @param stack its stack
    /// @param id its logical id in the stack
    /// @param type its CloudFormation type
    /// @param properties its properties, with unresolved references
    /// @param dependencies the logical ids of resources that must be created before it
    record Resource(
            String stack, String id, String type, JsonNode properties, List<String> dependencies) {
        @Override
        public String toString() {
            return "%s %s of %s".formatted(type, id, stack);
        }
    }

    /// @param stack the stack that exports the value
    record Export(String stack, JsonNode value) {}

    Templates {
        byStack = Map.copyOf(byStack);
    }

    /// Reads the templates of the example stage.
    ///
    /// @param account replaces the account of the example stage
    static Templates ofExampleStage(String account) {
        var byStack = new TreeMap<String, JsonNode>();
        try (var files = Files.newDirectoryStream(GOLDEN, "*" + ENDING)) {
            for (var file : files) {
                var name = file.getFileName().toString();
                byStack.put(
                        name.substring(0, name.length() - ENDING.length()),
                        JsonMapper.shared()
                                .readTree(Files.readString(file).replace("111122223333", account)));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return new Templates(byStack);
    }

    List<Resource> resources() {
        var all = new ArrayList<Resource>();
        new TreeMap<>(byStack)
                .forEach(
                        (stack, template) ->
                                template.path("Resources")
                                        .propertyNames()
                                        .forEach(id -> all.add(resource(stack, id))));
        return all;
    }

    /// @throws DeploymentException if the stack has no such resource
    Resource resource(String stack, String id) {
        var resource = template(stack).path("Resources").path(id);
        if (resource.isMissingNode()) {
            throw new DeploymentException(
                    "%s refers to the resource %s, which it does not have".formatted(stack, id));
        }
        return new Resource(
                stack,
                id,
                resource.path("Type").asString(""),
                resource.path("Properties"),
                dependencies(resource.path("DependsOn")));
    }

    /// One id, or a list of them.
    private static List<String> dependencies(JsonNode dependsOn) {
        return dependsOn.isString()
                ? List.of(dependsOn.stringValue())
                : dependsOn.valueStream().map(JsonNode::stringValue).toList();
    }

    boolean hasParameter(String stack, String name) {
        return template(stack).path("Parameters").has(name);
    }

    /// The default value of a parameter.
    JsonNode parameter(String stack, String name) {
        return template(stack).path("Parameters").path(name).path("Default");
    }

    /// The export with a name.
    ///
    /// @throws DeploymentException if no stack has such an export
    Export export(String name) {
        for (var template : byStack.entrySet()) {
            for (var output : template.getValue().path("Outputs")) {
                if (output.path("Export").path("Name").asString("").equals(name)) {
                    return new Export(template.getKey(), output.path("Value"));
                }
            }
        }
        throw new DeploymentException("no stack exports " + name);
    }

    private JsonNode template(String stack) {
        var template = byStack.get(stack);
        if (template == null) {
            throw new DeploymentException("there is no template of the stack " + stack);
        }
        return template;
    }
}
