package dev.orderflow.localcloud.pattern;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Machine;
import software.amazon.event.ruler.MachineComplexityEvaluator;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A validated and compiled event pattern that matches single events.
public final class EventPattern {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long MOST_COMBINATIONS = 1_000;
    private static final int MOST_COMPLEX = 100;
    private static final int DEEPEST = 100;

    private final String text;
    private final Machine machine;
    private final MatchedFields fields;

    private EventPattern(String text, Machine machine) {
        this.text = text;
        this.machine = machine;
        this.fields = new MatchedFields(List.of(text));
    }

    /// Validates and compiles a pattern.
    ///
    /// @throws InvalidPatternException with the reason, in Event Ruler's words if available
    public static EventPattern of(String text) throws InvalidPatternException {
        var tree = tree(text);
        if (tree != null && combinations(tree, 0) > MOST_COMBINATIONS) {
            throw new InvalidPatternException(
                    "Rule has more than %d combinations of $or conditions"
                            .formatted(MOST_COMBINATIONS));
        }
        var problem = JsonRuleCompiler.check(text);
        if (problem != null) {
            throw new InvalidPatternException(problem);
        }
        if (tree == null) {
            // Event Ruler ignores text after the pattern.
            throw new InvalidPatternException("Event pattern is not valid JSON");
        }
        var machine = Machine.builder().withStructuredMatching(true).build();
        try {
            machine.addRule("it", text);
        } catch (IOException | RuntimeException e) {
            throw new InvalidPatternException(String.valueOf(e.getMessage()));
        }
        if (machine.evaluateComplexity(new MachineComplexityEvaluator(MOST_COMPLEX))
                >= MOST_COMPLEX) {
            throw new InvalidPatternException(
                    "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character");
        }
        return new EventPattern(text, machine);
    }

    /// The pattern as given.
    public String text() {
        return text;
    }

    /// Whether a JSON object matches; one with [too many values][MatchedFields] does not.
    ///
    /// @throws IllegalArgumentException if the text is not a JSON object
    public boolean matches(String event) {
        try {
            return !fields.exceedsLimit(event) && !machine.rulesForJSONEvent(event).isEmpty();
        } catch (Exception e) {
            throw new IllegalArgumentException("not a JSON object: " + e.getMessage(), e);
        }
    }

    /// The pattern as JSON, or null if it is invalid; then Event Ruler reports the error in AWS's
    /// words.
    private static @Nullable JsonNode tree(String text) throws InvalidPatternException {
        try {
            return JSON.readTree(text);
        } catch (StreamConstraintsException _) {
            throw new InvalidPatternException(
                    "Rule is nested more than %d levels deep".formatted(DEEPEST));
        } catch (JacksonException _) {
            return null;
        }
    }

    /// Event Ruler compiles one rule for each combination of `$or` branches; a pattern of one
    /// kilobyte can need more combinations than memory allows.
    private static long combinations(JsonNode node, int depth) throws InvalidPatternException {
        if (depth > DEEPEST) {
            throw new InvalidPatternException(
                    "Rule is nested more than %d levels deep".formatted(DEEPEST));
        }
        long product = 1;
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                long factor = 1;
                if (field.getKey().equals("$or") && field.getValue().isArray()) {
                    factor = 0;
                    for (JsonNode branch : field.getValue()) {
                        factor += combinations(branch, depth + 1);
                    }
                    factor = Math.max(factor, 1);
                } else if (field.getValue().isObject()) {
                    factor = combinations(field.getValue(), depth + 1);
                }
                product = Math.min(product * factor, MOST_COMBINATIONS + 1);
            }
        }
        return product;
    }

    /// The pattern is invalid.
    public static final class InvalidPatternException extends Exception {

        private static final long serialVersionUID = 1L;

        private InvalidPatternException(String reason) {
            super(reason);
        }

        /// The reason, for the error message.
        public String reason() {
            return String.valueOf(getMessage());
        }
    }
}
