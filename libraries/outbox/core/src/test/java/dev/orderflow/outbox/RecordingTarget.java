package dev.orderflow.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/// A target that records events and returns the results that a test sets.
public final class RecordingTarget implements OutboxTarget {

    /// Event ids as they were accepted, repeats included.
    public final List<String> accepted = new CopyOnWriteArrayList<>();

    /// Event ids as they were sent.
    public final List<String> sent = new CopyOnWriteArrayList<>();

    /// The calls.
    public final List<List<OutboxEvent>> calls = new CopyOnWriteArrayList<>();

    /// The result of a call; by default [#entryResult] decides about each event.
    public volatile Function<List<OutboxEvent>, PublishResult> publishResult =
            this::applyEntryResult;

    /// Decides about an event; by default accepts it.
    public volatile Function<OutboxEvent, EntryResult> entryResult =
            _ -> new EntryResult.EntryAccepted();

    /// The result of a check of the target.
    public volatile TargetState state = new TargetState.TargetExists();

    /// Checks the target; by default finds [#state].
    volatile Supplier<TargetState> stateResult = () -> state;

    /// What an event weighs; by default the size of its payload.
    volatile ToIntFunction<OutboxEvent> weight = event -> event.payload().size();

    /// The most events in a call.
    volatile IntSupplier maxEvents = () -> 10;

    /// How often it was looked for.
    public final AtomicInteger stateChecks = new AtomicInteger();

    @Override
    public int maxEvents() {
        return maxEvents.getAsInt();
    }

    @Override
    public int maxBytes() {
        return 1_000_000;
    }

    @Override
    public int bytes(OutboxEvent event) {
        return weight.applyAsInt(event);
    }

    @Override
    public TargetState findState() {
        stateChecks.incrementAndGet();
        return stateResult.get();
    }

    @Override
    public PublishResult publish(List<OutboxEvent> events) {
        calls.add(events);
        events.forEach(event -> sent.add(event.id()));
        return publishResult.apply(events);
    }

    public PublishResult applyEntryResult(List<OutboxEvent> events) {
        var results = new ArrayList<EntryResult>();
        for (var event : events) {
            var result = entryResult.apply(event);
            if (result instanceof EntryResult.EntryAccepted) {
                accepted.add(event.id());
            }
            results.add(result);
        }
        return new PublishResult.EntryResults(results);
    }

    public long timesSent(String eventId) {
        return sent.stream().filter(eventId::equals).count();
    }

    /// The types of the accepted events of a key, in the sequence in which they were first
    /// accepted.
    List<String> acceptedTypes(UUID key) {
        return accepted().stream()
                .filter(event -> event.startsWith(key.toString()))
                .map(event -> event.substring(event.indexOf('/') + 1))
                .distinct()
                .toList();
    }

    public List<String> accepted() {
        return List.copyOf(accepted);
    }
}
