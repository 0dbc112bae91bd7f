package dev.orderflow.outbox.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/// Records what it receives and answers as a test sets it.
final class RecordingKitTarget implements KitTarget {

    /// Everything that was sent, repeats included.
    final Collection<KitMessage> sent = new ConcurrentLinkedQueue<>();

    /// Everything that was accepted, repeats included, in sequence.
    final Collection<KitMessage> accepted = new ConcurrentLinkedQueue<>();

    private final Set<String> acceptedIds = ConcurrentHashMap.newKeySet();

    /// Answers a call; by default as [#result] says for each event.
    volatile Function<List<KitMessage>, List<KitResult>> call = this::applyResult;

    /// Answers for an event; by default accepts it.
    volatile Function<KitMessage, KitResult> result = _ -> KitResult.ACCEPTED;

    @Override
    public List<KitResult> publish(List<KitMessage> messages) {
        sent.addAll(messages);
        return call.apply(messages);
    }

    List<KitResult> applyResult(List<KitMessage> messages) {
        var results = new ArrayList<KitResult>();
        for (var message : messages) {
            var decided = result.apply(message);
            if (decided == KitResult.ACCEPTED) {
                accepted.add(message);
                acceptedIds.add(message.id());
            }
            results.add(decided);
        }
        return results;
    }

    /// The ids of a key's accepted events in the sequence in which each was accepted first.
    List<String> firstAccepted(String key) {
        return accepted.stream()
                .filter(it -> it.key().equals(key))
                .map(KitMessage::id)
                .distinct()
                .toList();
    }

    boolean hasAccepted(String id) {
        return acceptedIds.contains(id);
    }

    long timesSent(String id) {
        return sent.stream().filter(it -> it.id().equals(id)).count();
    }
}
