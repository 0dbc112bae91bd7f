package dev.orderflow.operations.deadletters;

import static dev.orderflow.operations.deadletters.DeadLetterFixture.SHIPPING;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadLetter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.OperationsConsoleFixture;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@OperationsConsoleFixture
class QueueSamplesTest {

    private final JdbcClient jdbc;
    private final QueueSamples samples;
    private final DeadLetterScanner scanner;

    @Autowired
    QueueSamplesTest(
            @LocalServerPort int port,
            JdbcClient jdbc,
            QueueSamples samples,
            DeadLetterScanner scanner) {
        var unused = new DeadLetterFixture(port, jdbc);
        this.jdbc = jdbc;
        this.samples = samples;
        this.scanner = scanner;
        jdbc.sql("DELETE FROM queue_sample").update();
        jdbc.sql("DELETE FROM dead_letter").update();
    }

    @Test
    void aSampleHasTheMessagesAndDeadLettersOfEachQueueAndAMinuteHasOne() {
        DeadLetterFixture.put(SHIPPING, "{}", Map.of());
        DeadLetterFixture.put(SHIPPING, "{}", Map.of());
        putDeadLetter(SHIPPING, DeadLetterFixture.shipmentRequest(UUID.randomUUID()), Map.of());
        scanner.scanAll();
        samples.sample();
        // As another instance does, or a restart.
        samples.sample();
        var histories = samples.find();
        assertThat(histories).hasSize(DeadLetterFixture.QUEUES.size() + 1);
        var shipping =
                histories.stream()
                        .filter(history -> history.queue().equals(SHIPPING))
                        .findFirst()
                        .orElseThrow();
        var first = shipping.samples().getFirst();
        assertThat(first.depth()).contains(2);
        assertThat(first.deadLetters()).isEqualTo(1);
        assertThat(first.oldestDeadLetterAt()).isPresent();
        assertThat(
                        histories.stream()
                                .filter(
                                        history ->
                                                history.queue()
                                                        .equals(DeadLetterFixture.UNDELIVERED))
                                .findFirst()
                                .orElseThrow()
                                .samples()
                                .getFirst()
                                .depth())
                .isEmpty();
        assertThat(
                        jdbc.sql(
                                        "SELECT count(*) = count(DISTINCT (queue, sampled_at)) FROM queue_sample")
                                .query(Boolean.class)
                                .single())
                .isTrue();
    }

    @Test
    void oldSamplesAreDeletedAndNotShown() {
        samples.sample();
        jdbc.sql("UPDATE queue_sample SET sampled_at = now() - make_interval(secs => :age)")
                .param("age", QueueSamples.RETENTION.plus(Duration.ofMinutes(1)).toSeconds())
                .update();
        assertThat(samples.find()).isEmpty();
        samples.deleteOld();
        assertThat(jdbc.sql("SELECT count(*) FROM queue_sample").query(Integer.class).single())
                .isZero();
    }
}
