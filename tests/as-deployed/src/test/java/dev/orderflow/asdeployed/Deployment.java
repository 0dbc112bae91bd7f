package dev.orderflow.asdeployed;

import dev.orderflow.asdeployed.Templates.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Deploys templates: resolves references, and creates each resource after the resources it refers
/// to, as CloudFormation does.
final class Deployment {

    private static final String REGION = "us-east-1";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^!}][^}]*)}");

    /// A created resource.
    ///
    /// @param reference the value of `Ref`
    /// @param attributes the values of `Fn::GetAtt`
    record Created(String reference, Function<String, @Nullable String> attributes) {

        Created(String reference, Map<String, String> attributes) {
            this(reference, attributes::get);
        }

        static Created named(String reference) {
            return new Created(reference, Map.of());
        }

        static Created withArn(String reference, String arn) {
            return new Created(reference, Map.of("Arn", arn));
        }
    }

    /// Creates resources.
    interface Factory {

        /// @param properties its properties, with resolved references
        Created create(Resource resource, Properties properties);
    }

    private final Templates templates;
    private final String account;
    private final Factory factory;
    private final Map<String, Created> created = new LinkedHashMap<>();
    private final Set<String> underWay = new LinkedHashSet<>();

    Deployment(Templates templates, String account, Factory factory) {
        this.templates = templates;
        this.account = account;
        this.factory = factory;
    }

    /// Creates every resource of every stack.
    ///
    /// @throws DeploymentException for the first resource that cannot be created
    void deployAll() {
        templates.resources().forEach(resource -> create(resource.stack(), resource.id()));
    }

    private Created create(String stack, String id) {
        var key = stack + "/" + id;
        var existing = created.get(key);
        if (existing != null) {
            return existing;
        }
        var resource = templates.resource(stack, id);
        if (!underWay.add(key)) {
            throw new DeploymentException(
                    "%s refers to itself through %s".formatted(key, underWay));
        }
        resource.dependencies().forEach(dependency -> create(stack, dependency));
        var properties = new Properties(resource.toString(), resolve(stack, resource.properties()));
        var made = factory.create(resource, properties);
        created.put(key, made);
        underWay.remove(key);
        return made;
    }

    /// Resolves the references in a value of a template.
    private JsonNode resolve(String stack, JsonNode value) {
        if (value.isArray()) {
            var list = JSON.arrayNode();
            value.forEach(one -> list.add(resolve(stack, one)));
            return list;
        }
        if (!value.isObject()) {
            return value;
        }
        if (value.size() == 1) {
            var name = value.propertyNames().iterator().next();
            if (name.equals("Ref") || name.startsWith("Fn::")) {
                return function(stack, name, value.path(name));
            }
        }
        var object = JSON.objectNode();
        value.properties().forEach(it -> object.set(it.getKey(), resolve(stack, it.getValue())));
        return object;
    }

    private JsonNode function(String stack, String name, JsonNode argument) {
        return switch (name) {
            case "Ref" -> JSON.stringNode(reference(stack, argument.asString()));
            case "Fn::GetAtt" ->
                    JSON.stringNode(
                            argument.isArray()
                                    ? attribute(
                                            stack,
                                            argument.path(0).asString(),
                                            argument.path(1).asString())
                                    : attribute(stack, argument.asString()));
            case "Fn::ImportValue" -> {
                var export = templates.export(text(stack, argument));
                yield resolve(export.stack(), export.value());
            }
            case "Fn::Join" ->
                    JSON.stringNode(
                            resolve(stack, argument.path(1))
                                    .valueStream()
                                    .map(JsonNode::asString)
                                    .collect(Collectors.joining(argument.path(0).asString())));
            case "Fn::Split" -> {
                var parts = JSON.arrayNode();
                for (var part :
                        text(stack, argument.path(1))
                                .split(Pattern.quote(argument.path(0).asString()), -1)) {
                    parts.add(part);
                }
                yield parts;
            }
            case "Fn::Select" -> {
                var chosen = resolve(stack, argument.path(1)).path(argument.path(0).asInt(-1));
                if (chosen.isMissingNode()) {
                    throw new DeploymentException(
                            "%s: Fn::Select finds nothing at %s"
                                    .formatted(stack, argument.path(0)));
                }
                yield chosen;
            }
            case "Fn::Sub" -> JSON.stringNode(substitute(stack, argument));
            default ->
                    throw new DeploymentException(
                            "%s: the function %s is not known here".formatted(stack, name));
        };
    }

    private String text(String stack, JsonNode value) {
        return resolve(stack, value).asString();
    }

    private String substitute(String stack, JsonNode argument) {
        var template = argument.isArray() ? argument.path(0).asString() : argument.asString();
        var own = argument.isArray() ? argument.path(1) : JSON.objectNode();
        return VARIABLE.matcher(template)
                .replaceAll(
                        match -> {
                            var name = match.group(1);
                            var value =
                                    own.has(name)
                                            ? text(stack, own.path(name))
                                            : name.contains(".") && !name.startsWith("AWS::")
                                                    ? attribute(stack, name)
                                                    : reference(stack, name);
                            return java.util.regex.Matcher.quoteReplacement(value);
                        })
                .replace("${!", "${");
    }

    private String reference(String stack, String name) {
        return switch (name) {
            case "AWS::AccountId" -> account;
            case "AWS::Region" -> REGION;
            case "AWS::Partition" -> "aws";
            case "AWS::URLSuffix" -> "amazonaws.com";
            case "AWS::StackName" -> stack;
            default ->
                    templates.hasParameter(stack, name)
                            ? templates.parameter(stack, name).asString()
                            : create(stack, name).reference();
        };
    }

    private String attribute(String stack, String path) {
        int dot = path.indexOf('.');
        return attribute(stack, path.substring(0, dot), path.substring(dot + 1));
    }

    private String attribute(String stack, String id, String name) {
        var value = create(stack, id).attributes().apply(name);
        if (value == null) {
            throw new DeploymentException(
                    "%s has no attribute %s here".formatted(templates.resource(stack, id), name));
        }
        return value;
    }

    /// The resources in the order in which they were created, as `stack/id`.
    List<String> created() {
        return new ArrayList<>(created.keySet());
    }
}
