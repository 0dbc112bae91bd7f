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
public class SentOnce {

    private static final Logger log = LoggerFactory.getLogger(SentOnce.class);
    private static final Limit MOST_SHOWN = Limit.of(100);
    private static final Set<State> SETTLED = Set.of(State.SENT, State.UNKNOWN, State.SUPERSEDED);

    /// How far the telling of one thing is.
    public enum State {
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
    public sealed interface Claim {

        /// Nobody told it yet: tell it now.
        record Yours(UUID id) implements Claim {}

        /// It was told, or it is unknown whether it was: never tell it again.
        record Settled() implements Claim {}

        /// Another delivery is telling it right now, or stopped while it was.
        record Anothers() implements Claim {}
    }

    /// One thing told, or not known to be.
    ///
    /// @param settledBy who made sure of it where nobody knew
    /// @param note how
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Entry(
            UUID orderId,
            String eventType,
            Channel channel,
            State state,
            Instant claimedAt,
            @Nullable String settledBy,
            @Nullable String note) {}

    /// What this instance knows of a claim and could not write down, because the database failed.
    private enum Fate {
        /// Nothing was sent under it.
        NOT_SENT,
        /// It was sent.
        SENT
    }

    private static final int MOST_FATES = 10_000;

    private final ToldRows rows;
    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final double claimSeconds;
    private final Map<UUID, Fate> fates =
            Collections.synchronizedMap(
                    new LinkedHashMap<>() {
                        @Override
                        protected boolean removeEldestEntry(Map.Entry<UUID, Fate> eldest) {
                            return size() > MOST_FATES;
                        }
                    });

    SentOnce(
            ToldRows rows,
            JdbcClient jdbc,
            TransactionOperations transactions,
            NotificationProperties properties,
            MeterRegistry meters) {
        this.rows = rows;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.claimSeconds = properties.claimLifetime().toMillis() / 1000.0;
        Gauge.builder("notifications.unknown", rows, told -> told.countByState(State.UNKNOWN))
                .description("mails of which nobody knows whether they left")
                .register(meters);
    }

    private record Row(UUID id, State state) {}

    /// Whether there is nothing left to tell.
    public boolean isSettled(OrderEvent event, Channel channel) {
        return find(event, channel)
                .filter(row -> SETTLED.contains(row.state()) && !fates.containsKey(row.id()))
                .isPresent();
    }

    private Optional<Row> find(OrderEvent event, Channel channel) {
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
                                new Row(
                                        row.getObject("id", UUID.class),
                                        State.valueOf(row.getString("state"))))
                .optional();
    }

    /// Claims the telling of one thing. Of all that ask, at whatever time, one gets it.
    ///
    /// A customer who heard that the parcel left need not hear afterwards that the order is
    /// confirmed. Subscribers get all there is; they have the order's version to tell.
    ///
    /// When the database fails, the claim may be in it all the same. Nothing was sent under it
    /// then, so whoever asks again on this instance gets it.
    public Claim claim(OrderEvent event, Channel channel) {
        var unsent = new ArrayList<UUID>();
        try {
            return transactions.execute(_ -> claim(event, channel, unsent));
        } catch (RuntimeException failed) {
            unsent.forEach(id -> fates.put(id, Fate.NOT_SENT));
            throw failed;
        }
    }

    /// @param unsent gets the ids of claims that may be in the database when this fails
    private Claim claim(OrderEvent event, Channel channel, List<UUID> unsent) {
        settleLeftBehind();
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
                                ON CONFLICT ON CONSTRAINT told_once DO NOTHING
                                RETURNING state
                                """)
                        .param("id", id)
                        .param("order", event.orderId())
                        .param("type", event.type())
                        .param("channel", channel.name())
                        .param("version", event.orderVersion())
                        .query((row, _) -> State.valueOf(row.getString("state")))
                        .optional();
        if (inserted.isPresent()) {
            return inserted.get() == State.CLAIMED ? new Claim.Yours(id) : new Claim.Settled();
        }
        return find(event, channel).map(row -> known(row, unsent)).orElseGet(Claim.Anothers::new);
    }

    private Claim known(Row row, List<UUID> unsent) {
        if (fates.get(row.id()) == Fate.SENT) {
            settle(new Claim.Yours(row.id()), State.SENT);
            return new Claim.Settled();
        }
        // One of those that ask at the same time takes it over.
        if (fates.remove(row.id(), Fate.NOT_SENT)) {
            unsent.add(row.id());
            if (takeOver(row.id())) {
                return new Claim.Yours(row.id());
            }
        }
        return SETTLED.contains(row.state()) ? new Claim.Settled() : new Claim.Anothers();
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
    public void sent(Claim.Yours claim) {
        writeDown(claim, Fate.SENT, () -> settle(claim, State.SENT));
    }

    /// It may have been told: the answer never came.
    public void unknown(Claim.Yours claim) {
        settle(claim, State.UNKNOWN);
    }

    private void settle(Claim.Yours claim, State state) {
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
    public void giveBack(Claim.Yours claim) {
        writeDown(
                claim,
                Fate.NOT_SENT,
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
    private void writeDown(Claim.Yours claim, Fate fate, Runnable update) {
        try {
            update.run();
        } catch (RuntimeException failed) {
            fates.put(claim.id(), fate);
            throw failed;
        }
    }

    /// Settles the claims that a crash left behind, on any instance and at any time. A topic's are
    /// given back, since its subscribers know a repeat by its event id; a mail's are unknown from
    /// then on.
    @Scheduled(fixedDelayString = "${orderflow.notification.claim-watch}")
    @Transactional
    public void settleLeftBehind() {
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
    public Optional<Entry> settle(UUID orderId, String eventType, String by, String note) {
        int settled =
                jdbc.sql(
                                """
                                UPDATE notification
                                SET state = 'SENT', settled_by = :by, note = :note, changed_at = now()
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
        return rows.findByOrderIdAndEventTypeAndChannel(orderId, eventType, Channel.EMAIL)
                .map(ToldRow::entry);
    }

    /// What customers were told about orders by mail, or may have been.
    public List<Entry> mailsOf(Collection<UUID> orderIds) {
        return rows.findByChannelAndOrderIdIn(Channel.EMAIL, orderIds).stream()
                .map(ToldRow::entry)
                .toList();
    }

    /// The newest things in a state, up to 100.
    public List<Entry> in(State state) {
        return rows.findByStateOrderByIdDesc(state, MOST_SHOWN).stream()
                .map(ToldRow::entry)
                .toList();
    }
}
