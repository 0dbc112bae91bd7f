package dev.orderflow.localcloud.sns;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A topic with its subscriptions.
///
/// @param attributes those the caller set
/// @param deleted how many subscriptions there once were
record SnsTopic(
        String arn,
        String name,
        Map<String, String> attributes,
        Map<String, String> tags,
        List<SnsSubscription> subscriptions,
        AtomicInteger deleted) {

    static SnsTopic of(
            String arn, String name, Map<String, String> attributes, Map<String, String> tags) {
        return new SnsTopic(
                arn,
                name,
                new ConcurrentHashMap<>(attributes),
                new ConcurrentHashMap<>(tags),
                new CopyOnWriteArrayList<>(),
                new AtomicInteger());
    }
}
