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
final class RecordingBus implements EventBus {

    /// Event ids as they were accepted, repeats included.
    final List<String> accepted = Collections.synchronizedList(new ArrayList<>());

    /// Event ids as they were sent.
    final List<String> sent = Collections.synchronizedList(new ArrayList<>());

    /// The calls.
    final List<List<OutgoingEvent>> calls = new CopyOnWriteArrayList<>();

    /// Answers a call; by default as [#verdict] says of each event.
    volatile Function<List<OutgoingEvent>, Answer> answer = this::judge;

    /// Judges an event; by default accepts it.
    volatile Function<OutgoingEvent, Verdict> verdict = _ -> new Verdict.Accepted();

    /// What is found when the bus is looked for.
    volatile Existence existence = new Existence.Exists();

    /// How often it was looked for.
    final AtomicInteger looks = new AtomicInteger();

    @Override
    public Existence findBus() {
        looks.incrementAndGet();
        return existence;
    }

    @Override
    public Answer publish(List<OutgoingEvent> events) {
        calls.add(events);
        events.forEach(event -> sent.add(event.eventId()));
        return answer.apply(events);
    }

    Answer judge(List<OutgoingEvent> events) {
        var verdicts = new ArrayList<Verdict>();
        for (var event : events) {
            var judged = verdict.apply(event);
            if (judged instanceof Verdict.Accepted) {
                accepted.add(event.eventId());
            }
            verdicts.add(judged);
        }
        return new Answer.Each(verdicts);
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
