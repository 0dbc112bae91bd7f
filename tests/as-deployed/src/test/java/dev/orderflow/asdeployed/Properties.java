package dev.orderflow.asdeployed;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// The properties of a resource or of a part of one, with resolved references. A property that was
/// not read is an error, so that no property of a template is ignored.
final class Properties {

    private final String owner;
    private final JsonNode values;
    private final Set<String> read = new HashSet<>();

    /// @param owner the resource or part, for error messages
    Properties(String owner, JsonNode values) {
        this.owner = owner;
        this.values = values;
    }

    JsonNode get(String name) {
        read.add(name);
        return values.path(name);
    }

    String text(String name) {
        return optional(name)
                .orElseThrow(() -> new DeploymentException("%s has no %s".formatted(owner, name)));
    }

    Optional<String> optional(String name) {
        var value = get(name);
        return value.isMissingNode() ? Optional.empty() : Optional.of(value.asString());
    }

    /// A part that has properties of its own; it has none if it is absent.
    Properties part(String name) {
        return new Properties(owner + "." + name, get(name));
    }

    /// A list of parts.
    List<Properties> parts(String name) {
        return get(name).valueStream().map(one -> new Properties(owner + "." + name, one)).toList();
    }

    /// A boolean, false when absent.
    boolean flag(String name) {
        return get(name).asBoolean(false);
    }

    /// A list of strings.
    List<String> texts(String name) {
        return get(name).valueStream().map(JsonNode::asString).toList();
    }

    /// Ignores properties without effect in local-cloud.
    Properties accept(String... names) {
        read.addAll(List.of(names));
        return this;
    }

    /// @throws DeploymentException that names the properties that were not read
    void requireAllRead() {
        var unread = new TreeSet<>(values.propertyNames());
        unread.removeAll(read);
        if (!unread.isEmpty()) {
            throw new DeploymentException(
                    "%s: local-cloud cannot create it with %s".formatted(owner, unread));
        }
    }
}
