package dev.orderflow.operations.casefile;

import dev.orderflow.defaults.history.OrderHistory;
import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryOutcome;
import dev.orderflow.operations.deadletters.DeadLetterIndex;
import dev.orderflow.operations.deadletters.DeadLetterIndex.IndexedDeadLetter;
import dev.orderflow.operations.deadletters.DeadLetterScanner;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// The dead letters that name an order, as of the last scan of the queues. Reading them receives no
/// message.
@Component
class DeadLetterHistory implements CaseFilePart {

    private final DeadLetterIndex index;
    private final DeadLetterScanner scanner;

    DeadLetterHistory(DeadLetterIndex index, DeadLetterScanner scanner) {
        this.index = index;
        this.scanner = scanner;
    }

    @Override
    public String name() {
        return "dead letters";
    }

    @Override
    public OrderHistory read(UUID orderId) {
        var found = index.findByOrder(orderId);
        boolean isComplete =
                found.size() < DeadLetterIndex.MAX_PER_ORDER && scanner.isEverythingScanned();
        return new OrderHistory(
                List.of(), found.stream().map(DeadLetterHistory::entry).toList(), isComplete);
    }

    private static OrderHistoryEntry entry(IndexedDeadLetter letter) {
        return OrderHistoryEntry.of(
                        letter.sentAt(),
                        "dead-letter queue",
                        "DEAD_LETTER",
                        OrderHistoryOutcome.WAITING,
                        "%s waits in %s for an operator: %s."
                                .formatted(letter.type(), letter.queue(), letter.reason()))
                .withId("messageId", letter.messageId())
                .withId("fingerprint", letter.fingerprint())
                .withId("traceId", letter.traceId().orElse(null))
                .withLink("/internal/operations/dead-letters/" + letter.queue());
    }
}
