package dev.orderflow.notification.channel;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.value.UuidV7;
import dev.orderflow.defaults.database.IntervalSeconds;
import dev.orderflow.defaults.operators.Operator;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionOperations;

/// The log of notifications: each is claimed before it is sent, and its result is recorded
/// afterwards. Claims expire by the database's clock.
@Component
public class NotificationLog {

    private static final Logger log = LoggerFactory.getLogger(NotificationLog.class);
    private static final UUID GREATEST_ID = new UUID(-1, -1);
    private static final Set<NotificationState> COMPLETED =
            Set.of(NotificationState.SENT, NotificationState.UNKNOWN, NotificationState.SUPERSEDED);

    private static final String IS_EXPIRED =
            "state = 'CLAIMED' AND claimed_at < now() - make_interval(secs => :seconds)";

    private static final String RELEASE_EXPIRED =
            "DELETE FROM notification WHERE channel = 'TOPIC' AND " + IS_EXPIRED;

    private static final String MARK_EXPIRED_UNKNOWN =
            "UPDATE notification SET state = 'UNKNOWN', updated_at = now() WHERE channel = 'EMAIL' AND "
                    + IS_EXPIRED;

    private static final String ONE = " AND id = :id";

    /// The state of one notification.
    public enum NotificationState {
        /// A delivery is about to send it.
        CLAIMED,
        /// It was sent.
        SENT,
        /// It may have been sent.
        UNKNOWN,
        /// A later event of the order was sent first, so this one was omitted.
        SUPERSEDED
    }

    /// The result of a claim.
    public sealed interface ClaimResult {

        /// It is not yet sent: the caller sends it now.
        record ClaimGranted(UUID id) implements ClaimResult {}

        /// It was sent, or may have been: it must not be sent again.
        record AlreadyCompleted() implements ClaimResult {}

        /// Another delivery is sending it, or crashed while it did.
        record ClaimedElsewhere() implements ClaimResult {}
    }

    /// One notification.
    ///
    /// @param resolvedBy the subject of the operator who resolved an unknown delivery status
    /// @param note how the operator knows that the customer is informed
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NotificationEntry(
            UUID orderId,
            String eventType,
            NotificationChannel channel,
            NotificationState state,
            Instant claimedAt,
            @Nullable String resolvedBy,
            @Nullable String resolvedByName,
            @Nullable String note) {}

    /// A page of notifications.
    ///
    /// @param next the cursor of the next page; absent on the last page
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NotificationPage(List<NotificationEntry> notifications, @Nullable UUID next) {}

    /// The result of a claim that this instance could not store because the database failed.
    private enum UnstoredResult {
        /// Nothing was sent.
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
        this.claimSeconds = IntervalSeconds.of(properties.claimLifetime());
        Gauge.builder(
                        "notifications.unknown",
                        rows,
                        it -> it.countByState(NotificationState.UNKNOWN))
                .description("e-mails with unknown delivery status")
                .register(meters);
    }

    private record ClaimRow(UUID id, NotificationState state, boolean isExpired) {}

    /// Whether nothing is left to send for an event and channel.
    public boolean isCompleted(OrderEvent event, NotificationChannel channel) {
        return find(event, channel)
                .filter(
                        row ->
                                COMPLETED.contains(row.state())
                                        && !unstoredResults.containsKey(row.id()))
                .isPresent();
    }

    private Optional<ClaimRow> find(OrderEvent event, NotificationChannel channel) {
        return jdbc.sql(
                        """
                        SELECT id, state, %s AS is_expired FROM notification
                        WHERE order_id = :order AND event_type = :type AND channel = :channel
                        """
                                .formatted(IS_EXPIRED))
                .param("seconds", claimSeconds)
                .param("order", event.orderId())
                .param("type", event.type())
                .param("channel", channel.name())
                .query(
                        (row, _) ->
                                new ClaimRow(
                                        row.getObject("id", UUID.class),
                                        NotificationState.valueOf(row.getString("state")),
                                        row.getBoolean("is_expired")))
                .optional();
    }

    /// Claims one notification. Of all deliveries that claim it, one is granted the claim.
    ///
    /// An e-mail that the order is confirmed is superseded if the one that it was shipped is
    /// already sent. Subscribers receive every event; they compare the order's version.
    ///
    /// If the database fails, the claim may still have been committed. Nothing was sent under it,
    /// so the next delivery on this instance is granted it.
    public ClaimResult claim(OrderEvent event, NotificationChannel channel) {
        var unsent = new ArrayList<UUID>();
        try {
            return transactions.execute(_ -> claim(event, channel, unsent));
        } catch (RuntimeException failed) {
            unsent.forEach(id -> unstoredResults.put(id, UnstoredResult.NOT_SENT));
            throw failed;
        }
    }

    /// A claim that a crash left is expired here only if it is the claim of this notification; all
    /// others expire in [#expireClaims].
    ///
    /// @param unsent receives the ids of claims that may have been committed if this fails
    private ClaimResult claim(OrderEvent event, NotificationChannel channel, List<UUID> unsent) {
        return insertClaim(event, channel, unsent)
                .or(() -> find(event, channel).flatMap(row -> claimExisting(row, channel, unsent)))
                // The claim was released. Of concurrent deliveries, one inserts the next.
                .or(() -> insertClaim(event, channel, unsent))
                .orElseGet(ClaimResult.ClaimedElsewhere::new);
    }

    /// @return empty if the notification already exists
    private Optional<ClaimResult> insertClaim(
            OrderEvent event, NotificationChannel channel, List<UUID> unsent) {
        var id = UuidV7.create(Instant.now());
        unsent.add(id);
        return jdbc.sql(
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
                .optional()
                .map(
                        state ->
                                state == NotificationState.CLAIMED
                                        ? new ClaimResult.ClaimGranted(id)
                                        : new ClaimResult.AlreadyCompleted());
    }

    /// @return empty if the claim had expired and is released
    private Optional<ClaimResult> claimExisting(
            ClaimRow row, NotificationChannel channel, List<UUID> unsent) {
        if (unstoredResults.get(row.id()) == UnstoredResult.SENT) {
            updateState(new ClaimResult.ClaimGranted(row.id()), NotificationState.SENT);
            return Optional.of(new ClaimResult.AlreadyCompleted());
        }
        // Of concurrent deliveries, one takes the claim over.
        if (unstoredResults.remove(row.id(), UnstoredResult.NOT_SENT)) {
            unsent.add(row.id());
            if (takeOver(row.id())) {
                return Optional.of(new ClaimResult.ClaimGranted(row.id()));
            }
        }
        if (COMPLETED.contains(row.state())) {
            return Optional.of(new ClaimResult.AlreadyCompleted());
        }
        return row.isExpired()
                ? expire(row.id(), channel)
                : Optional.of(new ClaimResult.ClaimedElsewhere());
    }

    private Optional<ClaimResult> expire(UUID id, NotificationChannel channel) {
        return switch (channel) {
            case TOPIC -> {
                jdbc.sql(RELEASE_EXPIRED + ONE)
                        .param("seconds", claimSeconds)
                        .param("id", id)
                        .update();
                yield Optional.empty();
            }
            case EMAIL -> {
                int unknown =
                        jdbc.sql(MARK_EXPIRED_UNKNOWN + ONE)
                                .param("seconds", claimSeconds)
                                .param("id", id)
                                .update();
                warnOfUnknown(unknown);
                yield Optional.of(
                        unknown > 0
                                ? new ClaimResult.AlreadyCompleted()
                                : new ClaimResult.ClaimedElsewhere());
            }
        };
    }

    private boolean takeOver(UUID id) {
        return jdbc.sql(
                                """
                                UPDATE notification
                                SET state = 'CLAIMED', claimed_at = now(), updated_at = now()
                                WHERE id = :id AND state IN ('CLAIMED', 'UNKNOWN')
                                """)
                        .param("id", id)
                        .update()
                > 0;
    }

    /// Marks a notification as sent, even if its claim has expired meanwhile.
    public void markSent(ClaimResult.ClaimGranted claim) {
        store(claim, UnstoredResult.SENT, () -> updateState(claim, NotificationState.SENT));
    }

    /// Marks a notification as possibly sent: the response is missing.
    public void markUnknown(ClaimResult.ClaimGranted claim) {
        updateState(claim, NotificationState.UNKNOWN);
    }

    private void updateState(ClaimResult.ClaimGranted claim, NotificationState state) {
        jdbc.sql(
                        """
                        UPDATE notification SET state = :state, updated_at = now()
                        WHERE id = :id AND state IN ('CLAIMED', 'UNKNOWN')
                        """)
                .param("state", state.name())
                .param("id", claim.id())
                .update();
    }

    /// Releases a claim under which certainly nothing was sent, so that it can be claimed again.
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

    /// Keeps the result in memory if the database fails; the message is delivered again.
    private void store(ClaimResult.ClaimGranted claim, UnstoredResult result, Runnable update) {
        try {
            update.run();
        } catch (RuntimeException failed) {
            unstoredResults.put(claim.id(), result);
            throw failed;
        }
    }

    /// Completes notifications whose claim has expired, which a crash on any instance left. Claims
    /// of the topic are released, since subscribers recognise a repetition by its event id; e-mails
    /// become unknown.
    @Transactional
    public void expireClaims() {
        jdbc.sql(RELEASE_EXPIRED).param("seconds", claimSeconds).update();
        warnOfUnknown(jdbc.sql(MARK_EXPIRED_UNKNOWN).param("seconds", claimSeconds).update());
    }

    private static void warnOfUnknown(int emails) {
        if (emails > 0) {
            log.warn("{} e-mails have unknown delivery status", emails);
        }
    }

    /// Resolves an unknown delivery status: an operator made sure that the customer is informed.
    ///
    /// @return the e-mail's state afterwards, whoever resolved it; empty if no such e-mail exists
    @Transactional
    public Optional<NotificationEntry> resolve(
            UUID orderId, String eventType, Operator operator, String note) {
        int resolved =
                jdbc.sql(
                                """
                                UPDATE notification
                                SET state = 'SENT', resolved_by = :operator, resolved_by_name = :name,
                                    note = :note, updated_at = now()
                                WHERE order_id = :order AND event_type = :type
                                  AND channel = 'EMAIL' AND state = 'UNKNOWN'
                                """)
                        .param("operator", operator.subject())
                        .param("name", operator.name())
                        .param("note", note)
                        .param("order", orderId)
                        .param("type", eventType)
                        .update();
        if (resolved > 0) {
            log.info("order {}: {} resolved the e-mail about {}", orderId, operator, eventType);
        }
        return rows.findByOrderIdAndEventTypeAndChannel(
                        orderId, eventType, NotificationChannel.EMAIL)
                .map(NotificationRow::entry);
    }

    /// Finds the e-mails about these orders, in any state.
    public List<NotificationEntry> findEmails(Collection<UUID> orderIds) {
        return rows.findByChannelAndOrderIdIn(NotificationChannel.EMAIL, orderIds).stream()
                .map(NotificationRow::entry)
                .toList();
    }

    /// Finds a page of the notifications in a state, newest first.
    ///
    /// @param cursor [NotificationPage#next] of the page before; null for the first page
    public NotificationPage findByState(
            NotificationState state, @Nullable UUID cursor, int pageSize) {
        var found =
                rows.findByStateAndIdLessThanOrderByIdDesc(
                        state, cursor == null ? GREATEST_ID : cursor, Limit.of(pageSize + 1));
        var page = found.subList(0, Math.min(pageSize, found.size()));
        return new NotificationPage(
                page.stream().map(NotificationRow::entry).toList(),
                found.size() > pageSize ? page.getLast().id() : null);
    }
}
