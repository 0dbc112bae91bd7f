package dev.orderflow.order.relay;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;

/// A bus that remembers what it was given and answers as a test wants. The running service of other
/// tests publishes to it too.
@Component
@Primary
final class RecordingTarget implements OutboxTarget {

    /// Event ids as they were accepted, repeats included.
    final List<String> accepted = Collections.synchronizedList(new ArrayList<>());

    /// Event ids as they were sent.
    final List<String> sent = Collections.synchronizedList(new ArrayList<>());

    /// The calls.
    final List<List<OutgoingEvent>> calls = new CopyOnWriteArrayList<>();

    /// Answers a call; by default as [#entryResult] says of each event.
    volatile Function<List<OutgoingEvent>, PublishResult> publishResult = this::applyEntryResult;

    /// Judges an event; by default accepts it.
    volatile Function<OutgoingEvent, EntryResult> entryResult =
            _ -> new EntryResult.EntryAccepted();

    /// What is found when the bus is looked for.
    volatile TargetState state = new TargetState.TargetExists();

    /// How often it was looked for.
    final AtomicInteger stateChecks = new AtomicInteger();

    @Override
    public TargetState findState() {
        stateChecks.incrementAndGet();
        return state;
    }

    @Override
    public PublishResult publish(List<OutgoingEvent> events) {
        calls.add(events);
        events.forEach(event -> sent.add(event.eventId()));
        return publishResult.apply(events);
    }

    PublishResult applyEntryResult(List<OutgoingEvent> events) {
        var verdicts = new ArrayList<EntryResult>();
        for (var event : events) {
            var judged = entryResult.apply(event);
            if (judged instanceof EntryResult.EntryAccepted) {
                accepted.add(event.eventId());
            }
            verdicts.add(judged);
        }
        return new PublishResult.EntryResults(verdicts);
    }

    long timesSent(String eventId) {
        synchronized (sent) {
            return sent.stream().filter(eventId::equals).count();
        }
    }

    List<String> accepted() {
        synchronized (accepted) {
            return List.copyOf(accepted);
        }
    }
}
