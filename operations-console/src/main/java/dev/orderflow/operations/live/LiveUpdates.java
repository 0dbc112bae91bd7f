package dev.orderflow.operations.live;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Watches the topics of open pages. Each topic with a subscription has one virtual thread, which
/// reads it once per interval and ends with its last subscription.
///
/// It stops before the web server does, so that open streams do not delay a shutdown.
@Component
@EnableConfigurationProperties(LiveProperties.class)
public class LiveUpdates implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LiveUpdates.class);

    private final Function<String, Optional<LiveTopic>> topics;
    private final LiveProperties properties;
    private final Map<String, TopicWatch> watches = new HashMap<>();
    private final Set<LiveSubscription> subscriptions = new LinkedHashSet<>();
    private boolean running;

    @Autowired
    LiveUpdates(LiveTopics topics, LiveProperties properties) {
        this(topics::find, properties);
    }

    /// @param topics finds a topic by its name
    LiveUpdates(Function<String, Optional<LiveTopic>> topics, LiveProperties properties) {
        this.topics = topics;
        this.properties = properties;
    }

    /// The result of [#subscribe].
    public sealed interface SubscribeResult {

        /// It must be closed.
        record Subscribed(LiveSubscription subscription) implements SubscribeResult {}

        /// There is no such topic.
        record UnknownTopic(String name) implements SubscribeResult {}

        /// There are as many streams as an instance may have, or the console stops.
        record NoStreamAvailable() implements SubscribeResult {}
    }

    /// Subscribes to changes of topics.
    ///
    /// @param names of the topics
    /// @param operator the subject of the operator who reads the page
    public SubscribeResult subscribe(Collection<String> names, String operator) {
        for (var name : names) {
            if (topics.apply(name).isEmpty()) {
                return new SubscribeResult.UnknownTopic(name);
            }
        }
        synchronized (this) {
            endOldest(operator);
            if (!running || subscriptions.size() >= properties.maxStreams()) {
                return new SubscribeResult.NoStreamAvailable();
            }
            var watched =
                    names.stream()
                            .distinct()
                            .map(name -> watches.computeIfAbsent(name, this::watch))
                            .toList();
            var subscription = new LiveSubscription(operator, watched, this::remove);
            subscriptions.add(subscription);
            return new SubscribeResult.Subscribed(subscription);
        }
    }

    /// The oldest stream of a person who has many is probably of a page that was left: that a
    /// browser has closed it is noticed with the next write.
    private void endOldest(String operator) {
        var own = subscriptions.stream().filter(it -> it.operator().equals(operator)).toList();
        if (own.size() >= properties.maxStreamsPerOperator()) {
            remove(own.getFirst());
            own.getFirst().end();
        }
    }

    private TopicWatch watch(String name) {
        var watch = new TopicWatch(topics.apply(name).orElseThrow(), this::notifyOf);
        watch.start();
        return watch;
    }

    /// How many streams are open.
    public synchronized int count() {
        return subscriptions.size();
    }

    private void notifyOf(TopicWatch watch) {
        List<LiveSubscription> all;
        synchronized (this) {
            all = List.copyOf(subscriptions);
        }
        all.stream()
                .filter(subscription -> subscription.watches().contains(watch))
                .forEach(LiveSubscription::signal);
    }

    private synchronized void remove(LiveSubscription subscription) {
        if (!subscriptions.remove(subscription)) {
            return;
        }
        for (var watch : subscription.watches()) {
            boolean isWatched =
                    subscriptions.stream().anyMatch(other -> other.watches().contains(watch));
            if (!isWatched && watches.remove(watch.name(), watch)) {
                watch.stop();
            }
        }
    }

    @Override
    public synchronized void start() {
        running = true;
    }

    @Override
    public void stop() {
        List<LiveSubscription> all;
        synchronized (this) {
            running = false;
            all = List.copyOf(subscriptions);
        }
        all.forEach(LiveSubscription::end);
        if (!all.isEmpty()) {
            log.info("{} streams of pages ended, because the console stops", all.size());
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    /// Before the graceful shutdown of the web server, which waits for open requests.
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE;
    }
}
