package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.pattern.MatchedFields;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.event.ruler.GenericMachine;

/// An event bus and its rules.
///
/// Rules change rarely and events arrive often: a change builds a new rule index, and events read
/// the current index without a lock.
final class CloudEventBus {

    static final String DEFAULT = "default";

    private final String name;
    private final String arn;
    private final Instant created;
    private volatile @Nullable String description;
    private volatile Instant modified;
    private volatile RuleIndex routing = new RuleIndex(Map.of());

    CloudEventBus(String name, String arn, Instant created, @Nullable String description) {
        this.name = name;
        this.arn = arn;
        this.created = created;
        this.modified = created;
        this.description = description;
    }

    String name() {
        return name;
    }

    String arn() {
        return arn;
    }

    Instant created() {
        return created;
    }

    Instant modified() {
        return modified;
    }

    @Nullable String description() {
        return description;
    }

    void updateDescription(@Nullable String text, Instant now) {
        description = text;
        modified = now;
    }

    /// The current rules, sorted by name.
    Map<String, EventRule> rules() {
        return routing.rules;
    }

    /// The enabled rules that an event matches.
    List<EventRule> findMatchingRules(BusEvent event) {
        return routing.matching(event);
    }

    /// Whether an event has more values in matched fields than the matcher can process.
    boolean exceedsMatchLimit(BusEvent event) {
        return routing.fields.exceedsLimit(event.json());
    }

    /// Changes the rules. Changes are serialised.
    ///
    /// @param change receives a copy that it may modify and returns the new rules; if it throws,
    ///     nothing changes
    synchronized void updateRules(UnaryOperator<TreeMap<String, EventRule>> change) {
        routing = new RuleIndex(change.apply(new TreeMap<>(routing.rules)));
    }

    private static final class RuleIndex {

        private final Map<String, EventRule> rules;
        private final GenericMachine<String> machine =
                GenericMachine.<String>builder().withStructuredMatching(true).build();
        private final MatchedFields fields;

        private RuleIndex(Map<String, EventRule> rules) {
            this.rules = rules;
            this.fields =
                    new MatchedFields(
                            rules.values().stream().map(rule -> rule.pattern().text()).toList());
            for (EventRule rule : rules.values()) {
                if (rule.enabled()) {
                    try {
                        machine.addRule(rule.name(), rule.pattern().text());
                    } catch (IOException e) {
                        throw new IllegalStateException(
                                "a checked pattern no longer compiles: " + rule.name(), e);
                    }
                }
            }
        }

        private List<EventRule> matching(BusEvent event) {
            var matching = new ArrayList<EventRule>();
            if (fields.exceedsLimit(event.json())) {
                return matching;
            }
            try {
                for (String name : machine.rulesForJSONEvent(event.json())) {
                    var rule = rules.get(name);
                    if (rule != null) {
                        matching.add(rule);
                    }
                }
            } catch (Exception e) {
                throw new IllegalStateException("an accepted event cannot be matched", e);
            }
            return matching;
        }
    }
}
