package dev.orderflow.localcloud.sns;

import dev.orderflow.localcloud.pattern.EventPattern;
import dev.orderflow.localcloud.wire.JsonErrorText;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Selects the messages that a subscription receives.
///
/// @param text the policy as given
/// @param onBody whether it matches the message body instead of the message attributes
record SubscriptionFilterPolicy(String text, boolean onBody, EventPattern pattern) {

    private static final int MOST_KEYS = 5;
    private static final int MOST_COMBINATIONS = 150;
    private static final int LONGEST = 262_144;

    static SubscriptionFilterPolicy of(String text, boolean onBody) {
        if (text.length() > LONGEST) {
            throw SnsErrors.invalid("FilterPolicy: Filter policy is too long");
        }
        JsonNode tree;
        try {
            tree = SnsMessage.JSON.readTree(text);
        } catch (JacksonException e) {
            throw SnsErrors.invalid("FilterPolicy: failed to parse JSON. " + JsonErrorText.of(e));
        }
        if (!tree.isObject()) {
            throw SnsErrors.invalid("FilterPolicy: failed to parse JSON. Policy must be an object");
        }
        if (tree.size() > MOST_KEYS) {
            throw SnsErrors.invalid("FilterPolicy: Filter policy can not have more than 5 keys");
        }
        check(tree, onBody);
        if (combinations(tree, 1) > MOST_COMBINATIONS) {
            throw SnsErrors.invalid("FilterPolicy: Filter policy is too complex");
        }
        try {
            return new SubscriptionFilterPolicy(text, onBody, EventPattern.of(text));
        } catch (EventPattern.InvalidPatternException e) {
            throw SnsErrors.invalid("FilterPolicy: " + e.reason());
        }
    }

    private static void check(JsonNode node, boolean onBody) {
        for (var field : node.properties()) {
            var value = field.getValue();
            if (value.isArray()) {
                continue;
            }
            if (!value.isObject()) {
                throw SnsErrors.invalid(
                        "FilterPolicy: \"%s\" must be an object or an array"
                                .formatted(field.getKey()));
            }
            if (!onBody) {
                throw SnsErrors.invalid(
                        "FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy");
            }
            check(value, true);
        }
    }

    /// The number of combinations as SNS counts them: the product over all keys of the number of
    /// values, weighted by depth.
    private static long combinations(JsonNode node, int depth) {
        long product = 1;
        for (var field : node.properties()) {
            var value = field.getValue();
            long factor =
                    value.isObject()
                            ? combinations(value, depth + 1)
                            : Math.max(1L, value.size()) * (long) depth;
            product = Math.min(product * factor, MOST_COMBINATIONS + 1L);
        }
        return product;
    }

    boolean accepts(SnsMessage message, String protocol) {
        if (!onBody) {
            return pattern.matches(message.filterDocument());
        }
        var body = message.bodyFor(protocol);
        try {
            return SnsMessage.JSON.readTree(body).isObject() && pattern.matches(body);
        } catch (JacksonException _) {
            return false;
        }
    }
}
