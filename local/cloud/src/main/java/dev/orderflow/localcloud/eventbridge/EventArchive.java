package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.pattern.EventPattern;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The events of one bus that match a pattern, kept for replay.
final class EventArchive {

    private final String name;
    private final String arn;
    private final String busArn;
    private final Instant created;
    private volatile ArchiveSettings settings;
    private final ConcurrentLinkedDeque<BusEvent> events = new ConcurrentLinkedDeque<>();

    /// What `UpdateArchive` can change.
    ///
    /// @param pattern null takes everything
    /// @param retentionDays 0 keeps for ever
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

    /// Forgets what is older than the retention.
    void prune(Instant now) {
        int days = settings.retentionDays();
        if (days == 0) {
            return;
        }
        var oldest = now.minus(Duration.ofDays(days));
        events.removeIf(event -> event.ingested().isBefore(oldest));
    }

    /// What happened in the window, both ends included, in the order of its time.
    List<BusEvent> between(Instant start, Instant end) {
        return events.stream()
                .filter(event -> !event.time().isBefore(start) && !event.time().isAfter(end))
                .sorted(Comparator.comparing(BusEvent::time))
                .toList();
    }

    ObjectNode listed() {
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

    ObjectNode described() {
        var node = listed().put("ArchiveArn", arn);
        var now = settings;
        if (now.description() != null) {
            node.put("Description", now.description());
        }
        if (now.pattern() != null) {
            node.put("EventPattern", now.pattern().text());
        }
        return node;
    }

    ObjectNode changed() {
        return EventBridgeJson.object()
                .put("ArchiveArn", arn)
                .put("State", "ENABLED")
                .put("CreationTime", EventBridgeJson.epochSeconds(created));
    }
}
