package dev.orderflow.localcloud.eventbridge;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The input that a target receives for an event.
sealed interface TargetInput {

    /// Renders the input as text.
    ///
    /// @throws InvalidTargetInputException if a JSON template renders to invalid JSON
    String render(BusEvent event, EventRule rule) throws InvalidTargetInputException;

    /// The whole event.
    record WholeEventInput() implements TargetInput {
        @Override
        public String render(BusEvent event, EventRule rule) {
            return event.json();
        }
    }

    /// A constant.
    record ConstantInput(String json) implements TargetInput {
        @Override
        public String render(BusEvent event, EventRule rule) {
            return json;
        }
    }

    /// A part of the event; `null` if it does not exist.
    record PathInput(EventJsonPath path) implements TargetInput {
        @Override
        public String render(BusEvent event, EventRule rule) {
            var part = path.in(event.tree());
            return part == null ? "null" : part.toString();
        }
    }

    /// A template in which `<variables>` are replaced by parts of the event.
    ///
    /// Outside quotes a variable is rendered as a JSON value, inside quotes as text. A variable
    /// without a value is rendered as empty text.
    record TemplateInput(String text, Map<String, EventJsonPath> variables) implements TargetInput {

        private static final Pattern VARIABLE = Pattern.compile("<([A-Za-z0-9._-]+)>");
        private static final String RULE_ARN = "aws.events.rule-arn";
        private static final String RULE_NAME = "aws.events.rule-name";
        private static final String INGESTION_TIME = "aws.events.event.ingestion-time";
        private static final String EVENT = "aws.events.event";
        private static final String EVENT_JSON = "aws.events.event.json";

        public TemplateInput {
            variables = Map.copyOf(variables);
        }

        /// Returns why the template is invalid, or null if it is valid.
        @Nullable String problem() {
            var matcher = VARIABLE.matcher(text);
            while (matcher.find()) {
                var name = matcher.group(1);
                if (!variables.containsKey(name) && !isReserved(name)) {
                    return "variable <%s> is not in InputPathsMap".formatted(name);
                }
            }
            if (isDocument()
                    && EventBridgeJson.value(fill((_, quoted) -> quoted ? "x" : "\"x\"")) == null) {
                return "the template is not valid JSON";
            }
            return null;
        }

        @Override
        public String render(BusEvent event, EventRule rule) throws InvalidTargetInputException {
            var tree = event.tree();
            var filled = fill((name, quoted) -> value(name, tree, event, rule, quoted));
            if (!isDocument()) {
                return filled;
            }
            var document = EventBridgeJson.value(filled);
            if (document == null) {
                throw new InvalidTargetInputException(
                        "the input template does not render to valid JSON");
            }
            return document.toString();
        }

        private boolean isDocument() {
            var start = text.stripLeading();
            return start.startsWith("{") || start.startsWith("[");
        }

        private interface TemplateRendering {
            String of(String name, boolean quoted);
        }

        private String fill(TemplateRendering filling) {
            var out = new StringBuilder(text.length() + 64);
            var matcher = VARIABLE.matcher(text);
            // Plain text without quotes counts as quoted throughout.
            boolean sentence = !isDocument() && !text.contains("\"") && !isOneVariable();
            boolean quoted = false;
            int at = 0;
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '<' && matcher.region(at, text.length()).lookingAt()) {
                    out.append(filling.of(matcher.group(1), quoted || sentence));
                    at = matcher.end();
                } else if (c == '\\' && quoted && at + 1 < text.length()) {
                    out.append(c).append(text.charAt(at + 1));
                    at += 2;
                } else {
                    if (c == '"') {
                        quoted = !quoted;
                    }
                    out.append(c);
                    at++;
                }
            }
            return out.toString();
        }

        private boolean isOneVariable() {
            return VARIABLE.matcher(text.strip()).matches();
        }

        private String value(
                String name, JsonNode tree, BusEvent event, EventRule rule, boolean quoted) {
            JsonNode found =
                    switch (name) {
                        case RULE_ARN -> EventBridgeJson.MAPPER.valueToTree(rule.arn());
                        case RULE_NAME -> EventBridgeJson.MAPPER.valueToTree(rule.name());
                        case INGESTION_TIME ->
                                EventBridgeJson.MAPPER.valueToTree(event.ingested().toString());
                        case EVENT -> withoutDetail(tree);
                        case EVENT_JSON -> tree;
                        default -> {
                            var path = variables.get(name);
                            yield path == null ? null : path.in(tree);
                        }
                    };
            if (found == null) {
                return quoted ? "" : "\"\"";
            }
            if (!quoted) {
                return found.toString();
            }
            if (found.isString()) {
                var json = found.toString();
                return json.substring(1, json.length() - 1);
            }
            if (isDocument() && found.isObject()) {
                // AWS inserts it unchanged, so the document becomes invalid JSON and nothing is
                // delivered.
                return found.toString();
            }
            // As on AWS: a structure inside a string loses its quotes, so that the string stays
            // valid.
            return found.toString().replace("\"", "").replace("\\", "");
        }

        /// The envelope. AWS spells the detail type differently here than in the event.
        private static ObjectNode withoutDetail(JsonNode tree) {
            var envelope = EventBridgeJson.object();
            tree.properties()
                    .forEach(
                            member -> {
                                switch (member.getKey()) {
                                    case "detail" -> {}
                                    case "detail-type" ->
                                            envelope.set("detailType", member.getValue());
                                    case String name -> envelope.set(name, member.getValue());
                                }
                            });
            return envelope;
        }

        private static boolean isReserved(String name) {
            return switch (name) {
                case RULE_ARN, RULE_NAME, INGESTION_TIME, EVENT, EVENT_JSON -> true;
                default -> false;
            };
        }
    }

    /// The rendered input is not valid JSON.
    final class InvalidTargetInputException extends Exception {

        private static final long serialVersionUID = 1L;

        private InvalidTargetInputException(String message) {
            super(message);
        }
    }
}
