package dev.orderflow.defaults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.inbox.Inbox;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/// The ids of handled messages.
class InboxTest extends TestServiceFixture {

    @Autowired private Inbox inbox;
    @Autowired private TransactionTemplate transactions;

    @Test
    void aMessageIsNewOnceForEachConsumer() {
        assertThat(inbox.recordIfNew("shipping", "m-1")).isTrue();
        assertThat(inbox.recordIfNew("shipping", "m-1")).isFalse();
        assertThat(inbox.recordIfNew("billing", "m-1")).isTrue();
    }

    @Test
    void onlyUnprocessedMessagesOfABatchAreNew() {
        inbox.recordIfNew("batch", "b-1");
        assertThat(inbox.recordIfNew("batch", List.of("b-1", "b-2", "b-3", "b-2")))
                .containsExactlyInAnyOrder("b-2", "b-3");
        assertThat(inbox.recordIfNew("batch", List.of())).isEmpty();
    }

    @Test
    void aRolledBackMessageIsNewAgain() {
        transactions.executeWithoutResult(
                status -> {
                    assertThat(inbox.recordIfNew("undone", "m-1")).isTrue();
                    status.setRollbackOnly();
                });
        assertThat(inbox.recordIfNew("undone", "m-1")).isTrue();
    }
}
