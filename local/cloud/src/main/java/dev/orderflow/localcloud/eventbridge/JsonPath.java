package dev.orderflow.localcloud.eventbridge;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The part of JSONPath that EventBridge knows: dots, quoted names, array indices and wildcards.
final class JsonPath {

    private static final Pattern STEP =
            Pattern.compile(
                    "\\.([\\w/@-]+)|\\['([^']*)'\\]|\\[\"([^\"]*)\"\\]|\\[(\\d{1,6})\\]|(\\[\\*\\]|\\.\\*)");

    private final List<Step> steps;

    private JsonPath(List<Step> steps) {
        this.steps = steps;
    }

    private sealed interface Step {
        record Name(String name) implements Step {}

        record Index(int index) implements Step {}

        record Every() implements Step {}
    }

    /// The path in this text, or null when it is not one.
    static @Nullable JsonPath parse(String text) {
        if (!text.startsWith("$")) {
            return null;
        }
        var steps = new ArrayList<Step>();
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
        return new JsonPath(List.copyOf(steps));
    }

    private static Step step(java.util.regex.Matcher matcher) {
        for (int group = 1; group <= 3; group++) {
            var name = matcher.group(group);
            if (name != null) {
                return new Step.Name(name);
            }
        }
        var index = matcher.group(4);
        return index != null ? new Step.Index(Integer.parseInt(index)) : new Step.Every();
    }

    /// What is there, or null when nothing is. A path with a wildcard finds an array.
    @Nullable JsonNode in(JsonNode root) {
        List<JsonNode> found = List.of(root);
        boolean many = false;
        for (Step step : steps) {
            var next = new ArrayList<JsonNode>();
            for (JsonNode node : found) {
                switch (step) {
                    case Step.Name(var name) -> {
                        var child = node.get(name);
                        if (child != null) {
                            next.add(child);
                        }
                    }
                    case Step.Index(var index) -> {
                        var child = node.get(index);
                        if (child != null) {
                            next.add(child);
                        }
                    }
                    case Step.Every() -> {
                        for (JsonNode child : node) {
                            next.add(child);
                        }
                    }
                }
            }
            many |= step instanceof Step.Every;
            found = next;
        }
        if (many) {
            return Json.MAPPER.createArrayNode().addAll(found);
        }
        return found.isEmpty() ? null : found.getFirst();
    }
}
