package dev.orderflow.defaults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.fixture.SqsFixture;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Messages that a listener handles, rejects, postpones or fails to handle.
class MessageHandlingTest extends TestServiceFixture {

    @Test
    void aHandledMessageIsDeleted() {
        SqsFixture.send("single", "welcome");
        await().until(() -> listeners.handled.contains("welcome#1"));
        await().until(() -> SqsFixture.depth("single") == 0);
        assertThat(SqsFixture.depth("single-dlq")).isZero();
    }

    @Test
    void aRejectedMessageIsDeadLetteredImmediatelyAndOthersAreHandled() {
        SqsFixture.send("batch", "before");
        SqsFixture.send("batch", "poison");
        SqsFixture.send("batch", "after");
        await().until(() -> SqsFixture.depth("batch-dlq") == 1);
        await().until(() -> SqsFixture.depth("batch") == 0);
        assertThat(listeners.handled).contains("before#1", "poison#1", "after#1");
        var dead = SqsFixture.receiveAndDelete("batch-dlq").getFirst();
        assertThat(dead.body()).isEqualTo("poison");
        assertThat(dead.messageAttributes().get("reason").stringValue())
                .isEqualTo("cannot be read");
        assertThat(dead.messageAttributes().get("source-queue").stringValue()).isEqualTo("batch");
        assertThat(dead.messageAttributes().get("fingerprint").stringValue())
                .matches("[0-9a-f]{12}");
    }

    @Test
    void aFailingMessageIsRetriedUntilItsMaximumReceiveCount() {
        SqsFixture.send("batch", "calm");
        SqsFixture.send("batch", "explosive");
        await().until(() -> SqsFixture.depth("batch-dlq") == 1);
        assertThat(SqsFixture.receiveAndDelete("batch-dlq").getFirst().body())
                .isEqualTo("explosive");
        assertThat(listeners.handled)
                .contains("explosive#1", "explosive#2", "explosive#3", "calm#1");
        await().until(() -> SqsFixture.depth("batch") == 0);
    }

    @Test
    void aMessageNamesTheRedriveThatSentItAgain() {
        var redrive = UUID.randomUUID();
        SqsFixture.send(
                "single",
                "redriven",
                Map.of(
                        ReceivedMessage.REDRIVE_ID_ATTRIBUTE,
                        redrive.toString(),
                        "redriven-by",
                        "ada"));
        await().until(() -> listeners.handled.contains("redriven#1"));
        assertThat(listeners.redriveIds).containsEntry("redriven", redrive);
    }

    @Test
    void aPostponedMessageIsDeliveredAgain() {
        SqsFixture.send("single", "shy");
        await().until(() -> listeners.handled.contains("shy#3"));
        await().until(() -> SqsFixture.depth("single") == 0);
        assertThat(SqsFixture.depth("single-dlq")).isZero();
    }
}
