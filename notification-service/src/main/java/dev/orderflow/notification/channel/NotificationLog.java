package dev.orderflow.notification.channel;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.notification.NotificationProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.hibernate.id.uuid.UuidVersion7Strategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionOperations;

/// Who was told what: claimed before, settled after. The database's clock rules.
@Component
public class NotificationLog {

    private static final Logger log = LoggerFactory.getLogger(NotificationLog.class);
    private static final Limit MAX_ENTRIES = Limit.of(100);
    private static final Set<NotificationState> SETTLED =
            Set.of(NotificationState.SENT, NotificationState.UNKNOWN, NotificationState.SUPERSEDED);

    /// How far the telling of one thing is.
    public enum NotificationState {
        /// Somebody is about to tell it.
        CLAIMED,
        /// It was told.
        SENT,
        /// It may have been told.
        UNKNOWN,
        /// Something later about the order was told first, so this was left out.
        SUPERSEDED
    }

    /// What asking for the right to tell came to.
    public sealed interface ClaimResult {

        /// Nobody told it yet: tell it now.
        record ClaimGranted(UUID id) implements ClaimResult {}

        /// It was told, or it is unknown whether it was: never tell it again.
        record AlreadySettled() implements ClaimResult {}

        /// Another delivery is telling it right now, or stopped while it was.
        record ClaimedElsewhere() implements ClaimResult {}
    }

    /// One thing told, or not known to be.
    ///
    /// @param resolvedBy who made sure of it where nobody knew
    /// @param note how
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NotificationEntry(
            UUID orderId,
            String eventType,
            NotificationChannel channel,
            NotificationState state,
            Instant claimedAt,
            @Nullable String resolvedBy,
            @Nullable String note) {}

    /// What this instance knows of a claim and could not write down, because the database failed.
    private enum UnstoredResult {
        /// Nothing was sent under it.
        NOT_SENT,
        /// It was sent.
        SENT
    }

    private static final int MAX_UNSTORED_RESULTS = 10_000;

    private final NotificationRows rows;
    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final double claimSeconds;
    private final Map<UUID, UnstoredResult> unstoredResults =
            Collections.synchronizedMap(
                    new LinkedHashMap<>() {
                        @Override
                        protected boolean removeEldestEntry(
                                Map.Entry<UUID, UnstoredResult> eldest) {
                            return size() > MAX_UNSTORED_RESULTS;
                        }
                    });

    NotificationLog(
            NotificationRows rows,
            JdbcClient jdbc,
            TransactionOperations transactions,
            NotificationProperties properties,
            MeterRegistry meters) {
        this.rows = rows;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.claimSeconds = properties.claimLifetime().toMillis() / 1000.0;
        Gauge.builder(
                        "notifications.unknown",
                        rows,
                        told -> told.countByState(NotificationState.UNKNOWN))
                .description("mails of which nobody knows whether they left")
                .register(meters);
    }

    private record ClaimRow(UUID id, NotificationState state) {}

    /// Whether there is nothing left to tell.
    public boolean isSettled(OrderEvent event, NotificationChannel channel) {
        return find(event, channel)
                .filter(
                        row ->
                                SETTLED.contains(row.state())
                                        && !unstoredResults.containsKey(row.id()))
                .isPresent();
    }

    private Optional<ClaimRow> find(OrderEvent event, NotificationChannel channel) {
        return jdbc.sql(
                        """
                        SELECT id, state FROM notification
                        WHERE order_id = :order AND event_type = :type AND channel = :channel
                        """)
                .param("order", event.orderId())
                .param("type", event.type())
                .param("channel", channel.name())
                .query(
                        (row, _) ->
                                new ClaimRow(
                                        row.getObject("id", UUID.class),
                                        NotificationState.valueOf(row.getString("state"))))
                .optional();
    }

    /// Claims the telling of one thing. Of all that ask, at whatever time, one gets it.
    ///
    /// A customer who heard that the parcel left need not hear afterwards that the order is
    /// confirmed. Subscribers get all there is; they have the order's version to tell.
    ///
    /// When the database fails, the claim may be in it all the same. Nothing was sent under it
    /// then, so whoever asks again on this instance gets it.
    public ClaimResult claim(OrderEvent event, NotificationChannel channel) {
        var unsent = new ArrayList<UUID>();
        try {
            return transactions.execute(_ -> claim(event, channel, unsent));
        } catch (RuntimeException failed) {
            unsent.forEach(id -> unstoredResults.put(id, UnstoredResult.NOT_SENT));
            throw failed;
        }
    }

    /// @param unsent gets the ids of claims that may be in the database when this fails
    private ClaimResult claim(OrderEvent event, NotificationChannel channel, List<UUID> unsent) {
        settleExpiredClaims();
        var id = UuidVersion7Strategy.INSTANCE.generateUuid(null);
        unsent.add(id);
        var inserted =
                jdbc.sql(
                                """
                                INSERT INTO notification
                                    (id, order_id, event_type, channel, order_version, state)
                                SELECT :id, :order, :type, :channel, :version,
                                       CASE WHEN :channel = 'EMAIL' AND EXISTS (
                                           SELECT FROM notification
                                           WHERE order_id = :order AND channel = :channel
                                             AND order_version > :version)
                                       THEN 'SUPERSEDED' ELSE 'CLAIMED' END
                                ON CONFLICT ON CONSTRAINT one_notification_per_event_and_channel DO NOTHING
                                RETURNING state
                                """)
                        .param("id", id)
                        .param("order", event.orderId())
                        .param("type", event.type())
                        .param("channel", channel.name())
                        .param("version", event.orderVersion())
                        .query((row, _) -> NotificationState.valueOf(row.getString("state")))
                        .optional();
        if (inserted.isPresent()) {
            return inserted.get() == NotificationState.CLAIMED
                    ? new ClaimResult.ClaimGranted(id)
                    : new ClaimResult.AlreadySettled();
        }
        return find(event, channel)
                .map(row -> claimExisting(row, unsent))
                .orElseGet(ClaimResult.ClaimedElsewhere::new);
    }

    private ClaimResult claimExisting(ClaimRow row, List<UUID> unsent) {
        if (unstoredResults.get(row.id()) == UnstoredResult.SENT) {
            settle(new ClaimResult.ClaimGranted(row.id()), NotificationState.SENT);
            return new ClaimResult.AlreadySettled();
        }
        // One of those that ask at the same time takes it over.
        if (unstoredResults.remove(row.id(), UnstoredResult.NOT_SENT)) {
            unsent.add(row.id());
            if (takeOver(row.id())) {
                return new ClaimResult.ClaimGranted(row.id());
            }
        }
        return SETTLED.contains(row.state())
                ? new ClaimResult.AlreadySettled()
                : new ClaimResult.ClaimedElsewhere();
    }

    private boolean takeOver(UUID id) {
        return jdbc.sql(
                                """
                                UPDATE notification
                                SET state = 'CLAIMED', claimed_at = now(), changed_at = now()
                                WHERE id = :id AND state IN ('CLAIMED', 'UNKNOWN')
                                """)
                        .param("id", id)
                        .update()
                > 0;
    }

    /// It was told. Also a claim that was given up meanwhile: late, but now it is known.
    public void markSent(ClaimResult.ClaimGranted claim) {
        store(claim, UnstoredResult.SENT, () -> settle(claim, NotificationState.SENT));
    }

    /// It may have been told: the answer never came.
    public void markUnknown(ClaimResult.ClaimGranted claim) {
        settle(claim, NotificationState.UNKNOWN);
    }

    private void settle(ClaimResult.ClaimGranted claim, NotificationState state) {
        jdbc.sql(
                        """
                        UPDATE notification SET state = :state, changed_at = now()
                        WHERE id = :id AND state IN ('CLAIMED', 'UNKNOWN')
                        """)
                .param("state", state.name())
                .param("id", claim.id())
                .update();
    }

    /// It was certainly not told, so it may be claimed again.
    public void releaseClaim(ClaimResult.ClaimGranted claim) {
        store(
                claim,
                UnstoredResult.NOT_SENT,
                () ->
                        jdbc.sql(
                                        """
                                        DELETE FROM notification
                                        WHERE id = :id AND state IN ('CLAIMED', 'UNKNOWN')
                                        """)
                                .param("id", claim.id())
                                .update());
    }

    /// What is known now is not forgotten when the database fails: the message comes again.
    private void store(ClaimResult.ClaimGranted claim, UnstoredResult fate, Runnable update) {
        try {
            update.run();
        } catch (RuntimeException failed) {
            unstoredResults.put(claim.id(), fate);
            throw failed;
        }
    }

    /// Settles the claims that a crash left behind, on any instance and at any time. A topic's are
    /// given back, since its subscribers know a repeat by its event id; a mail's are unknown from
    /// then on.
    @Scheduled(fixedDelayString = "${orderflow.notification.claim-check-interval}")
    @Transactional
    public void settleExpiredClaims() {
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
            log.warn("{} e-mails have unknown delivery status", lost);
        }
    }

    /// Somebody made sure that the customer knows: the mail did leave, or they wrote by hand.
    ///
    /// @return how the mail stands then, whoever settled it; none when there is no such mail
    @Transactional
    public Optional<NotificationEntry> settle(
            UUID orderId, String eventType, String by, String note) {
        int settled =
                jdbc.sql(
                                """
                                UPDATE notification
                                SET state = 'SENT', resolved_by = :by, note = :note, changed_at = now()
                                WHERE order_id = :order AND event_type = :type
                                  AND channel = 'EMAIL' AND state = 'UNKNOWN'
                                """)
                        .param("by", by)
                        .param("note", note)
                        .param("order", orderId)
                        .param("type", eventType)
                        .update();
        if (settled > 0) {
            log.info("{} settled the mail about {} of order {}", by, eventType, orderId);
        }
        return rows.findByOrderIdAndEventTypeAndChannel(
                        orderId, eventType, NotificationChannel.EMAIL)
                .map(NotificationRow::entry);
    }

    /// What customers were told about orders by mail, or may have been.
    public List<NotificationEntry> findEmails(Collection<UUID> orderIds) {
        return rows.findByChannelAndOrderIdIn(NotificationChannel.EMAIL, orderIds).stream()
                .map(NotificationRow::entry)
                .toList();
    }

    /// The newest things in a state, up to 100.
    public List<NotificationEntry> findByState(NotificationState state) {
        return rows.findByStateOrderByIdDesc(state, MAX_ENTRIES).stream()
                .map(NotificationRow::entry)
                .toList();
    }
}
