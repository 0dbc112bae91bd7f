package dev.orderflow.notification.channel;

import dev.orderflow.notification.NotificationProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Who was told what: claimed before, settled after. The database's clock rules.
@Component
public class SentOnce {

    private static final Logger log = LoggerFactory.getLogger(SentOnce.class);

    /// What a claim came to.
    public enum Claim {
        /// Nobody told it yet: tell it now.
        YOURS,
        /// It was told, or it is unknown whether it was: never tell it again.
        SETTLED,
        /// Another instance is telling it right now.
        ANOTHERS
    }

    /// One thing told, or not known to be.
    public record Entry(
            UUID orderId, String eventType, Channel channel, String state, Instant claimedAt) {}

    private final JdbcClient jdbc;
    private final double claimSeconds;

    SentOnce(JdbcClient jdbc, NotificationProperties properties, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.claimSeconds = properties.claimLifetime().toMillis() / 1000.0;
        Gauge.builder("notifications.unknown", this, SentOnce::unknown)
                .description("mails of which nobody knows whether they left")
                .register(meters);
    }

    /// Claims the telling of one thing.
    public Claim claim(UUID orderId, String eventType, Channel channel) {
        int claimed =
                jdbc.sql(
                                """
                                INSERT INTO notification (order_id, event_type, channel, state)
                                VALUES (:order, :type, :channel, 'CLAIMED') ON CONFLICT DO NOTHING
                                """)
                        .param("order", orderId)
                        .param("type", eventType)
                        .param("channel", channel.name())
                        .update();
        if (claimed == 1) {
            return Claim.YOURS;
        }
        var state =
                jdbc.sql(
                                """
                                SELECT state FROM notification
                                WHERE order_id = :order AND event_type = :type AND channel = :channel
                                """)
                        .param("order", orderId)
                        .param("type", eventType)
                        .param("channel", channel.name())
                        .query(String.class)
                        .optional();
        return state.filter(is -> !is.equals("CLAIMED")).isPresent()
                ? Claim.SETTLED
                : Claim.ANOTHERS;
    }

    /// It was told.
    public void sent(UUID orderId, String eventType, Channel channel) {
        settle(orderId, eventType, channel, "SENT");
    }

    /// It may have been told: the answer never came.
    public void unknown(UUID orderId, String eventType, Channel channel) {
        settle(orderId, eventType, channel, "UNKNOWN");
    }

    /// It was certainly not told, so it may be claimed again.
    public void giveBack(UUID orderId, String eventType, Channel channel) {
        jdbc.sql(
                        """
                        DELETE FROM notification WHERE order_id = :order AND event_type = :type
                           AND channel = :channel AND state = 'CLAIMED'
                        """)
                .param("order", orderId)
                .param("type", eventType)
                .param("channel", channel.name())
                .update();
    }

    private void settle(UUID orderId, String eventType, Channel channel, String state) {
        jdbc.sql(
                        """
                        UPDATE notification SET state = :state, changed_at = now()
                        WHERE order_id = :order AND event_type = :type AND channel = :channel
                        """)
                .param("state", state)
                .param("order", orderId)
                .param("type", eventType)
                .param("channel", channel.name())
                .update();
    }

    /// Settles the claims that a crash left behind. A topic's are given back, since its subscribers
    /// know a repeat by its event id; a mail's are unknown from then on.
    @Scheduled(initialDelayString = "PT30S", fixedDelayString = "PT30S")
    void settleLeftBehind() {
        jdbc.sql(
                        """
                        DELETE FROM notification WHERE channel = 'TOPIC' AND state = 'CLAIMED'
                           AND claimed_at < now() - make_interval(secs => :seconds)
                        """)
                .param("seconds", claimSeconds)
                .update();
        int lost =
                jdbc.sql(
                                """
                                UPDATE notification SET state = 'UNKNOWN', changed_at = now()
                                WHERE channel = 'EMAIL' AND state = 'CLAIMED'
                                  AND claimed_at < now() - make_interval(secs => :seconds)
                                """)
                        .param("seconds", claimSeconds)
                        .update();
        if (lost > 0) {
            log.warn("{} mails may or may not have left", lost);
        }
    }

    private long unknown() {
        return jdbc.sql("SELECT count(*) FROM notification WHERE state = 'UNKNOWN'")
                .query(Long.class)
                .single();
    }

    /// The newest things in a state, up to 100.
    public List<Entry> in(String state) {
        return jdbc.sql(
                        """
                        SELECT * FROM notification WHERE state = :state
                        ORDER BY claimed_at DESC LIMIT 100
                        """)
                .param("state", state)
                .query(
                        (row, _) ->
                                new Entry(
                                        row.getObject("order_id", UUID.class),
                                        row.getString("event_type"),
                                        Channel.valueOf(row.getString("channel")),
                                        row.getString("state"),
                                        row.getTimestamp("claimed_at").toInstant()))
                .list();
    }
}
