package dev.orderflow.asdeployed;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// The properties of a resource or of a part of one, references resolved, read strictly: what
/// nobody read is an error, so that no template says more than was deployed.
final class Properties {

    private final String owner;
    private final JsonNode values;
    private final Set<String> read = new HashSet<>();

    /// @param owner whose they are, for errors
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

    /// A part that has properties of its own; without any when it is not there.
    Properties part(String name) {
        return new Properties(owner + "." + name, get(name));
    }

    /// A list of parts.
    List<Properties> parts(String name) {
        return get(name).valueStream().map(one -> new Properties(owner + "." + name, one)).toList();
    }

    /// Takes properties that make no difference in local-cloud: what they are about does not exist
    /// there.
    Properties accept(String... names) {
        read.addAll(List.of(names));
        return this;
    }

    /// @throws DeploymentException naming what was not read
    void requireAllRead() {
        var unread = new TreeSet<>(values.propertyNames());
        unread.removeAll(read);
        if (!unread.isEmpty()) {
            throw new DeploymentException(
                    "%s: local-cloud cannot create it with %s".formatted(owner, unread));
        }
    }
}
