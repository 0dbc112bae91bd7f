package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/// A bucket's lifecycle configuration: expiry of objects and incomplete uploads by age and prefix
/// (S3's API reference, `PutBucketLifecycleConfiguration`).
///
/// @param smallestSize minimum object size of transitions; stored without effect
record LifecycleConfiguration(List<LifecycleRule> rules, String smallestSize) {

    /// The header that carries it.
    static final String SMALLEST = "x-amz-transition-default-minimum-object-size";

    private static final String USUAL_SIZE = "all_storage_classes_128K";

    private static final int MOST_RULES = 1_000;

    LifecycleConfiguration {
        rules = List.copyOf(rules);
    }

    /// @param days days until objects expire, rounded up to the next midnight; 0 for never
    /// @param uploadDays days until incomplete uploads expire; 0 for never
    /// @param noncurrentDays stored without effect, as versions do not exist; 0 when not set
    record LifecycleRule(
            String id,
            String prefix,
            boolean enabled,
            int days,
            int uploadDays,
            int noncurrentDays) {

        private boolean isOver(int days, String key, Instant since, Instant now) {
            var end =
                    since.plus(Duration.ofDays(days))
                            .truncatedTo(ChronoUnit.DAYS)
                            .plus(Duration.ofDays(1));
            return enabled && days > 0 && key.startsWith(prefix) && !now.isBefore(end);
        }
    }

    boolean hasExpired(String key, Instant storedAt, Instant now) {
        return rules.stream().anyMatch(rule -> rule.isOver(rule.days(), key, storedAt, now));
    }

    boolean hasUploadExpired(String key, Instant begunAt, Instant now) {
        return rules.stream().anyMatch(rule -> rule.isOver(rule.uploadDays(), key, begunAt, now));
    }

    /// @throws AwsErrorException if the document is invalid or contains unsupported elements
    static LifecycleConfiguration read(byte[] xml, @Nullable String smallestSize) {
        if (smallestSize != null
                && !List.of(USUAL_SIZE, "varies_by_storage_class").contains(smallestSize)) {
            throw S3Errors.invalidArgument(SMALLEST + " is not valid");
        }
        var rules = new ArrayList<LifecycleRule>();
        for (var rule : S3Xml.children(S3Xml.root(xml, "LifecycleConfiguration"))) {
            if (!rule.getLocalName().equals("Rule")) {
                throw unsupported(rule);
            }
            rules.add(rule(rule));
        }
        if (rules.isEmpty() || rules.size() > MOST_RULES) {
            throw S3Errors.malformedXml();
        }
        if (rules.stream().map(LifecycleRule::id).distinct().count() < rules.size()) {
            throw S3Errors.invalidArgument(
                    "Rule ID must be unique. Found same ID for more than one rule");
        }
        return new LifecycleConfiguration(rules, smallestSize == null ? USUAL_SIZE : smallestSize);
    }

    private static LifecycleRule rule(Element rule) {
        var id = "";
        var prefix = "";
        var status = "";
        int days = 0;
        int uploadDays = 0;
        int noncurrentDays = 0;
        for (var part : S3Xml.children(rule)) {
            switch (part.getLocalName()) {
                case "ID" -> id = part.getTextContent();
                case "Prefix" -> prefix = part.getTextContent();
                case "Status" -> status = part.getTextContent();
                case "Filter" -> prefix = filter(part);
                case "Expiration" -> days = days(part, "Days");
                case "AbortIncompleteMultipartUpload" ->
                        uploadDays = days(part, "DaysAfterInitiation");
                case "NoncurrentVersionExpiration" -> noncurrentDays = days(part, "NoncurrentDays");
                default -> throw unsupported(part);
            }
        }
        if (days + uploadDays + noncurrentDays == 0
                || !List.of("Enabled", "Disabled").contains(status)) {
            throw S3Errors.malformedXml();
        }
        if (id.length() > 255) {
            throw S3Errors.invalidArgument("ID length should not exceed allowed limit of 255");
        }
        return new LifecycleRule(
                id.isEmpty() ? UUID.randomUUID().toString() : id,
                prefix,
                status.equals("Enabled"),
                days,
                uploadDays,
                noncurrentDays);
    }

    private static String filter(Element filter) {
        var prefix = "";
        for (var part : S3Xml.children(filter)) {
            prefix = requireName("Prefix", part).getTextContent();
        }
        return prefix;
    }

    private static int days(Element action, String name) {
        int days = 0;
        for (var part : S3Xml.children(action)) {
            var text = requireName(name, part).getTextContent();
            if (!text.matches("[1-9][0-9]{0,8}")) {
                throw S3Errors.invalidArgument(
                        "'%s' for %s action must be a positive integer"
                                .formatted(name, action.getLocalName()));
            }
            days = Integer.parseInt(text);
        }
        if (days == 0) {
            throw S3Errors.malformedXml();
        }
        return days;
    }

    private static Element requireName(String name, Element element) {
        if (!element.getLocalName().equals(name)) {
            throw unsupported(element);
        }
        return element;
    }

    private static AwsErrorException unsupported(Element element) {
        return S3Errors.notImplemented(element.getLocalName() + " in a lifecycle configuration");
    }

    byte[] write() {
        return S3Xml.document(
                "LifecycleConfiguration",
                xml -> {
                    for (var rule : rules) {
                        xml.put(
                                "Rule",
                                it -> {
                                    it.put("ID", rule.id())
                                            .put(
                                                    "Filter",
                                                    filter -> filter.put("Prefix", rule.prefix()))
                                            .put("Status", rule.enabled() ? "Enabled" : "Disabled");
                                    action(it, "Expiration", "Days", rule.days());
                                    action(
                                            it,
                                            "AbortIncompleteMultipartUpload",
                                            "DaysAfterInitiation",
                                            rule.uploadDays());
                                    action(
                                            it,
                                            "NoncurrentVersionExpiration",
                                            "NoncurrentDays",
                                            rule.noncurrentDays());
                                });
                    }
                });
    }

    private static void action(S3Xml rule, String name, String daysName, int days)
            throws XMLStreamException {
        if (days > 0) {
            rule.put(name, action -> action.put(daysName, Integer.toString(days)));
        }
    }
}
