package dev.orderflow.localcloud.eventbridge;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The subset of JSONPath that EventBridge supports: dots, quoted names, array indices and
/// wildcards.
final class EventJsonPath {

    private static final Pattern STEP =
            Pattern.compile(
                    "\\.([\\w/@-]+)|\\['([^']*)'\\]|\\[\"([^\"]*)\"\\]|\\[(\\d{1,6})\\]|(\\[\\*\\]|\\.\\*)");

    private final List<PathStep> steps;

    private EventJsonPath(List<PathStep> steps) {
        this.steps = steps;
    }

    private sealed interface PathStep {
        record NameStep(String name) implements PathStep {}

        record IndexStep(int index) implements PathStep {}

        record WildcardStep() implements PathStep {}
    }

    /// Parses a path; null if the text is not a supported path.
    static @Nullable EventJsonPath parse(String text) {
        if (!text.startsWith("$")) {
            return null;
        }
        var steps = new ArrayList<PathStep>();
        var matcher = STEP.matcher(text);
        int at = 1;
        while (at < text.length()) {
            matcher.region(at, text.length());
            if (!matcher.lookingAt()) {
                return null;
            }
            steps.add(step(matcher));
            at = matcher.end();
        }
        return new EventJsonPath(List.copyOf(steps));
    }

    private static PathStep step(java.util.regex.Matcher matcher) {
        for (int group = 1; group <= 3; group++) {
            var name = matcher.group(group);
            if (name != null) {
                return new PathStep.NameStep(name);
            }
        }
        var index = matcher.group(4);
        return index != null
                ? new PathStep.IndexStep(Integer.parseInt(index))
                : new PathStep.WildcardStep();
    }

    /// Evaluates the path; null if nothing matches. A path with a wildcard returns an array.
    @Nullable JsonNode in(JsonNode root) {
        List<JsonNode> found = List.of(root);
        boolean many = false;
        for (PathStep step : steps) {
            var next = new ArrayList<JsonNode>();
            for (JsonNode node : found) {
                switch (step) {
                    case PathStep.NameStep(var name) -> {
                        var child = node.get(name);
                        if (child != null) {
                            next.add(child);
                        }
                    }
                    case PathStep.IndexStep(var index) -> {
                        var child = node.get(index);
                        if (child != null) {
                            next.add(child);
                        }
                    }
                    case PathStep.WildcardStep() -> {
                        for (JsonNode child : node) {
                            next.add(child);
                        }
                    }
                }
            }
            many |= step instanceof PathStep.WildcardStep;
            found = next;
        }
        if (many) {
            return EventBridgeJson.MAPPER.createArrayNode().addAll(found);
        }
        return found.isEmpty() ? null : found.getFirst();
    }
}
