package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.pattern.EventPattern;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The archived events of one bus that match a pattern.
final class EventArchive {

    private final String name;
    private final String arn;
    private final String busArn;
    private final Instant created;
    private volatile ArchiveSettings settings;
    private final ConcurrentLinkedDeque<BusEvent> events = new ConcurrentLinkedDeque<>();

    /// The settings that `UpdateArchive` can change.
    ///
    /// @param pattern null to archive all events
    /// @param retentionDays 0 to keep events indefinitely
    record ArchiveSettings(
            @Nullable String description, @Nullable EventPattern pattern, int retentionDays) {}

    EventArchive(
            String name, String arn, String busArn, Instant created, ArchiveSettings settings) {
        this.name = name;
        this.arn = arn;
        this.busArn = busArn;
        this.created = created;
        this.settings = settings;
    }

    String name() {
        return name;
    }

    String arn() {
        return arn;
    }

    String busArn() {
        return busArn;
    }

    ArchiveSettings settings() {
        return settings;
    }

    void change(ArchiveSettings now) {
        settings = now;
    }

    void offer(BusEvent event) {
        var pattern = settings.pattern();
        if (pattern == null || pattern.matches(event.json())) {
            events.addLast(event);
        }
    }

    /// Removes events that are older than the retention period.
    void removeExpired(Instant now) {
        int days = settings.retentionDays();
        if (days == 0) {
            return;
        }
        var oldest = now.minus(Duration.ofDays(days));
        events.removeIf(event -> event.ingested().isBefore(oldest));
    }

    /// The events of the window, both ends included, in the order of their time.
    List<BusEvent> between(Instant start, Instant end) {
        return events.stream()
                .filter(event -> !event.time().isBefore(start) && !event.time().isAfter(end))
                .sorted(Comparator.comparing(BusEvent::time))
                .toList();
    }

    ObjectNode toSummary() {
        long size = 0;
        long count = 0;
        for (BusEvent event : events) {
            size += event.json().length();
            count++;
        }
        return EventBridgeJson.object()
                .put("ArchiveName", name)
                .put("EventSourceArn", busArn)
                .put("State", "ENABLED")
                .put("RetentionDays", settings.retentionDays())
                .put("SizeBytes", size)
                .put("EventCount", count)
                .put("CreationTime", EventBridgeJson.epochSeconds(created));
    }

    ObjectNode toDescription() {
        var node = toSummary().put("ArchiveArn", arn);
        var now = settings;
        if (now.description() != null) {
            node.put("Description", now.description());
        }
        if (now.pattern() != null) {
            node.put("EventPattern", now.pattern().text());
        }
        return node;
    }

    ObjectNode toStateChange() {
        return EventBridgeJson.object()
                .put("ArchiveArn", arn)
                .put("State", "ENABLED")
                .put("CreationTime", EventBridgeJson.epochSeconds(created));
    }
}
