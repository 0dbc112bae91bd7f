package dev.orderflow.localcloud.sns;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A topic and its subscriptions.
///
/// @param attributes the attributes that were set
/// @param deleted number of deleted subscriptions
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
