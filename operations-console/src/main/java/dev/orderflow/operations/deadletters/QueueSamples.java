package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.database.IntervalSeconds;
import dev.orderflow.defaults.problem.FailureDescription;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import software.amazon.awssdk.core.exception.SdkException;

/// One sample of each queue per minute, of the last hours: how many messages it has, how many dead
/// letters, and since when the oldest of these has been one.
///
/// The samples are in the database, so all instances show the same, and a restart loses none. A
/// minute without a running instance has no sample.
@Repository
public class QueueSamples {

    /// How long samples are kept.
    public static final Duration RETENTION = Duration.ofHours(3);

    private static final Logger log = LoggerFactory.getLogger(QueueSamples.class);

    private final JdbcClient jdbc;
    private final DeadLetterQueues queues;
    private final DeadLetterProperties properties;

    QueueSamples(JdbcClient jdbc, DeadLetterQueues queues, DeadLetterProperties properties) {
        this.jdbc = jdbc;
        this.queues = queues;
        this.properties = properties;
    }

    /// The samples of a queue, the earliest first.
    ///
    /// @param queue the queue of a consumer, or that of undelivered events
    public record QueueHistory(String queue, List<QueueDepthSample> samples) {

        public QueueHistory {
            samples = List.copyOf(samples);
        }
    }

    /// A queue at one minute.
    ///
    /// @param depth how many messages it had; empty when it could not be read
    /// @param deadLetters how many dead letters it had at their last scan
    /// @param oldestDeadLetterAt when the oldest of them was sent
    public record QueueDepthSample(
            Instant at,
            Optional<Integer> depth,
            int deadLetters,
            Optional<Instant> oldestDeadLetterAt) {

        /// How old the oldest dead letter was.
        public Duration oldestAge() {
            return oldestDeadLetterAt
                    .map(since -> Duration.between(since, at))
                    .orElse(Duration.ZERO);
        }
    }

    /// The samples of all queues that are kept.
    public List<QueueHistory> find() {
        var histories = new LinkedHashMap<String, List<QueueDepthSample>>();
        jdbc.sql(
                        """
                        SELECT queue, sampled_at, depth, dead_letters, oldest_dead_letter_at FROM queue_sample
                         WHERE sampled_at > now() - make_interval(secs => :retention)
                         ORDER BY queue, sampled_at
                        """)
                .param("retention", IntervalSeconds.of(RETENTION))
                .query(
                        row -> {
                            histories
                                    .computeIfAbsent(row.getString("queue"), _ -> new ArrayList<>())
                                    .add(sample(row));
                        });
        return histories.entrySet().stream()
                .map(history -> new QueueHistory(history.getKey(), history.getValue()))
                .toList();
    }

    private static QueueDepthSample sample(ResultSet row) throws SQLException {
        return new QueueDepthSample(
                row.getTimestamp("sampled_at").toInstant(),
                Optional.ofNullable(row.getObject("depth", Integer.class)),
                row.getInt("dead_letters"),
                Optional.ofNullable(row.getTimestamp("oldest_dead_letter_at"))
                        .map(Timestamp::toInstant));
    }

    /// Stores the sample of this minute, unless another instance has.
    void sample() {
        boolean isSampled =
                jdbc.sql(
                                """
                                SELECT EXISTS (SELECT FROM queue_sample WHERE sampled_at = date_trunc('minute', now()))
                                """)
                        .query(Boolean.class)
                        .single();
        if (!isSampled) {
            store(readDepths());
        }
    }

    /// The dead-letter queue of each queue, with the depth of the queue; null when it could not be
    /// read.
    private List<SampledQueue> readDepths() {
        var sampled = new ArrayList<SampledQueue>();
        for (Map.Entry<String, Optional<ConsumerQueue>> each :
                properties.deadLetterQueues().entrySet()) {
            var consumer = each.getValue();
            var queue = consumer.map(properties::queueOf).orElse(each.getKey());
            Optional<Integer> depth = Optional.empty();
            try {
                depth = consumer.isEmpty() ? depth : Optional.of(queues.depth(queue).total());
            } catch (SdkException failure) {
                log.debug("depth of {} not read: {}", queue, FailureDescription.of(failure));
            }
            sampled.add(new SampledQueue(queue, each.getKey(), depth));
        }
        return sampled;
    }

    private record SampledQueue(String queue, String deadLetterQueue, Optional<Integer> depth) {}

    private void store(List<SampledQueue> sampled) {
        jdbc.sql(
                        """
                        INSERT INTO queue_sample (queue, sampled_at, depth, dead_letters, oldest_dead_letter_at)
                        SELECT new.queue, date_trunc('minute', now()), new.depth, coalesce(scan.message_count, 0),
                               (SELECT min(sent_at) FROM dead_letter WHERE dead_letter.queue = new.dead_letter_queue)
                          FROM unnest(:queues::text[], :deadLetterQueues::text[], :depths::int[])
                               AS new (queue, dead_letter_queue, depth)
                          LEFT JOIN dead_letter_scan AS scan ON scan.queue = new.dead_letter_queue
                        ON CONFLICT ON CONSTRAINT queue_sample_key DO NOTHING
                        """)
                .param("queues", sampled.stream().map(SampledQueue::queue).toArray(String[]::new))
                .param(
                        "deadLetterQueues",
                        sampled.stream().map(SampledQueue::deadLetterQueue).toArray(String[]::new))
                .param("depths", depths(sampled, it -> it.depth().orElse(null)))
                .update();
    }

    private static @Nullable Integer[] depths(
            List<SampledQueue> sampled, Function<SampledQueue, @Nullable Integer> depth) {
        return sampled.stream().map(depth).toArray(Integer[]::new);
    }

    /// Deletes samples after their retention.
    void deleteOld() {
        jdbc.sql(
                        "DELETE FROM queue_sample WHERE sampled_at < now() - make_interval(secs => :retention)")
                .param("retention", IntervalSeconds.of(RETENTION))
                .update();
    }
}
