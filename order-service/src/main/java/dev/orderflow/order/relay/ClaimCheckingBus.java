package dev.orderflow.order.relay;

import dev.orderflow.contracts.ClaimCheck;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.ParsedMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets large events travel by claim check: first their detail is put where it is kept, then the
/// bus is told where.
///
/// A crash between the two leaves an object that nobody asks for until the event is published
/// again, which puts the same bytes under the same name.
final class ClaimCheckingBus implements EventBus {

    private static final Logger log = LoggerFactory.getLogger(ClaimCheckingBus.class);

    private final EventBus bus;
    private final LargeDetails largeDetails;
    private final long largestDetail;

    /// @param largestDetail in bytes, that goes over the bus as it is
    ClaimCheckingBus(EventBus bus, LargeDetails largeDetails, long largestDetail) {
        this.bus = bus;
        this.largeDetails = largeDetails;
        this.largestDetail = largestDetail;
    }

    @Override
    public Answer publish(List<OutgoingEvent> events) {
        var sent = new ArrayList<OutgoingEvent>();
        var withheld = new ArrayList<@Nullable Verdict>();
        for (var event : events) {
            switch (checkedIn(event)) {
                case CheckIn.Ready(var ready) -> {
                    sent.add(ready);
                    withheld.add(null);
                }
                case CheckIn.NotNow(var reason) -> withheld.add(new Verdict.Withheld(reason));
            }
        }
        var answer = sent.isEmpty() ? new Answer.Each(List.of()) : bus.publish(sent);
        return answer instanceof Answer.Each(var each) ? merged(withheld, each) : answer;
    }

    @Override
    public Existence findBus() {
        return bus.findBus();
    }

    /// The bus's verdicts, with our own where it was not asked.
    private static Answer merged(List<@Nullable Verdict> withheld, List<Verdict> each) {
        var asked = each.iterator();
        var all = new ArrayList<Verdict>();
        for (var ours : withheld) {
            all.add(ours == null ? asked.next() : ours);
        }
        return new Answer.Each(all);
    }

    private sealed interface CheckIn {

        record Ready(OutgoingEvent event) implements CheckIn {}

        record NotNow(String reason) implements CheckIn {}
    }

    private CheckIn checkedIn(OutgoingEvent event) {
        if (event.detailBytes() <= largestDetail) {
            return new CheckIn.Ready(event);
        }
        return switch (MessageCodec.readDetail(event.type(), event.detail())) {
            case ParsedMessage.ValidMessage<OrderEvent>(var known, var _) ->
                    switch (largeDetails.keep(event)) {
                        case LargeDetails.Kept.At(var place) -> {
                            log.info("{} leaves by claim check", event);
                            yield new CheckIn.Ready(
                                    event.withDetail(
                                            MessageCodec.write(ClaimCheck.of(known, place))));
                        }
                        case LargeDetails.Kept.NotNow(var reason) -> new CheckIn.NotNow(reason);
                    };
            // The bus says what it thinks of it.
            case ParsedMessage<OrderEvent> _ -> new CheckIn.Ready(event);
        };
    }
}
