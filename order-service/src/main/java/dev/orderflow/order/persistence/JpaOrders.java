package dev.orderflow.order.persistence;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.defaults.database.IntervalSeconds;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.OrderChange;
import dev.orderflow.order.domain.OrderState;
import dev.orderflow.order.domain.OrderStateSummary;
import dev.orderflow.order.domain.OrderSummary;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.PersonalData;
import dev.orderflow.order.domain.RejectionReason;
import dev.orderflow.order.domain.TimelineEntry;
import dev.orderflow.order.personaldata.PersonalDataCipher;
import dev.orderflow.order.workitems.WorkItemRepository;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Reads whole orders with JPA; lists and concurrent changes use SQL. [JdbcNewOrders] inserts them.
@Component
class JpaOrders implements Orders {

    /// Postgres lists a transaction as open moments after the time that `now()` returns in it.
    private static final Duration LISTING_DELAY = Duration.ofSeconds(2);

    private final OrderRowRepository rows;
    private final JdbcClient jdbc;
    private final PersonalDataCipher cipher;

    JpaOrders(OrderRowRepository rows, JdbcClient jdbc, PersonalDataCipher cipher) {
        this.rows = rows;
        this.jdbc = jdbc;
        this.cipher = cipher;
    }

    @Override
    public Optional<Order> find(UUID id) {
        return rows.findWithLines(id).map(OrderRow::toOrder);
    }

    @Override
    public Optional<PersonalData> findPersonalData(UUID id) {
        // The connection is returned to the pool before the data is decrypted.
        return jdbc.sql("SELECT personal_data, erased_at FROM orders WHERE id = :id")
                .param("id", id)
                .query((row, _) -> StoredPersonalData.of(row))
                .optional()
                .map(
                        stored ->
                                switch (stored) {
                                    case StoredPersonalData.EncryptedRow(var envelope) ->
                                            cipher.decrypt(id, envelope);
                                    case StoredPersonalData.ErasedRow(var at) ->
                                            new PersonalData.ErasedPersonalData(at);
                                });
    }

    private sealed interface StoredPersonalData {

        @SuppressWarnings("ArrayRecordComponent") // never compared
        record EncryptedRow(byte[] envelope) implements StoredPersonalData {}

        record ErasedRow(Instant at) implements StoredPersonalData {}

        static StoredPersonalData of(ResultSet row) throws SQLException {
            var envelope = row.getBytes("personal_data");
            return envelope == null
                    ? new ErasedRow(row.getObject("erased_at", OffsetDateTime.class).toInstant())
                    : new EncryptedRow(envelope);
        }
    }

    @Override
    public Optional<OrderStateAndCustomer> findState(UUID id) {
        return jdbc.sql("SELECT state, rejection_reason, customer_ref FROM orders WHERE id = :id")
                .param("id", id)
                .query(
                        (row, _) ->
                                new OrderStateAndCustomer(
                                        state(row), new CustomerRef(row.getString("customer_ref"))))
                .optional();
    }

    @Override
    public List<OrderStateSummary> findStateSummaries(Collection<UUID> ids) {
        return jdbc.sql(
                        """
                        SELECT id, state, rejection_reason, total_amount, currency, placed_at,
                               EXISTS (SELECT FROM work_item
                                        WHERE order_id = orders.id AND resolved_at IS NULL) AS needs_attention
                        FROM orders WHERE id = ANY (:ids)
                        """)
                .param("ids", ids.toArray(UUID[]::new))
                .query(
                        (row, _) ->
                                new OrderStateSummary(
                                        summary(row), row.getBoolean("needs_attention")))
                .list();
    }

    @Override
    public boolean move(UUID id, OrderState from, OrderState to) {
        return jdbc.sql(
                                """
                                WITH resolved AS (
                                %s)
                                UPDATE orders SET state = :to, rejection_reason = :reason
                                 WHERE id = :id AND state = :from
                                """
                                        .formatted(WorkItemRepository.RESOLVE_AT_TRANSITION))
                        .param("isFinal", to instanceof OrderState.Final)
                        .param("to", to.code())
                        .param("reason", reason(to))
                        .param("id", id)
                        .param("from", from.code())
                        .update()
                == 1;
    }

    @Override
    public List<OrderChange> findChangesAfter(Instant at, long number, int limit) {
        // A statement of its own: the next one sees what was committed until then.
        var openSince = findOldestOpenTransaction();
        return jdbc.sql(
                        """
                        SELECT change.id AS number, change.recorded_at, orders.id, orders.state,
                               orders.rejection_reason, orders.total_amount, orders.currency
                          FROM order_timeline AS change
                          JOIN orders ON orders.id = change.order_id
                         WHERE (change.recorded_at, change.id) > (:at, :number)
                           AND change.recorded_at < :openSince
                         ORDER BY change.recorded_at, change.id LIMIT :limit
                        """)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("number", number)
                .param("openSince", openSince)
                .param("limit", limit)
                .query(
                        (row, _) ->
                                new OrderChange(
                                        row.getObject("id", UUID.class),
                                        state(row),
                                        Money.of(
                                                row.getBigDecimal("total_amount"),
                                                row.getString("currency")),
                                        row.getObject("recorded_at", OffsetDateTime.class)
                                                .toInstant(),
                                        row.getLong("number")))
                .list();
    }

    /// The time before which no open transaction of this service began. All instances have the same
    /// role, and a role sees when its own transactions began.
    private OffsetDateTime findOldestOpenTransaction() {
        return jdbc.sql(
                        """
                        SELECT least(min(xact_start), now() - make_interval(secs => :listingDelay)) AS open_since
                          FROM pg_stat_activity
                         WHERE datname = current_database() AND backend_type = 'client backend'
                        """)
                .param("listingDelay", IntervalSeconds.of(LISTING_DELAY))
                .query((row, _) -> row.getObject("open_since", OffsetDateTime.class))
                .single();
    }

    @Override
    public void appendToTimeline(UUID id, TimelineEntry entry) {
        jdbc.sql(
                        """
                        INSERT INTO order_timeline
                               (order_id, occurred_at, type, effect, state, rejection_reason, detail)
                        VALUES (:id, :at, :type, :effect, :state, :reason, :detail)
                        """)
                .param("id", id)
                .param("at", entry.at().atOffset(ZoneOffset.UTC))
                .param("type", entry.type())
                .param("effect", entry.effect().name())
                .param("state", entry.state().code())
                .param("reason", reason(entry.state()))
                .param("detail", entry.detail().orElse(null))
                .update();
    }

    @Override
    public List<TimelineEntry> timeline(UUID id) {
        return jdbc.sql(
                        """
                        SELECT occurred_at, type, effect, state, rejection_reason, detail
                        FROM order_timeline WHERE order_id = :id ORDER BY id
                        """)
                .param("id", id)
                .query((row, _) -> timelineEntry(row))
                .list();
    }

    @Override
    public List<OrderSummary> findByCustomer(
            CustomerRef customer, Optional<UUID> before, int limit) {
        return jdbc.sql(
                        """
                        SELECT id, state, rejection_reason, total_amount, currency, placed_at
                        FROM orders
                        WHERE customer_ref = :customer
                          AND id < COALESCE(CAST(:before AS uuid),
                                            CAST('ffffffff-ffff-ffff-ffff-ffffffffffff' AS uuid))
                        ORDER BY id DESC
                        LIMIT :limit
                        """)
                .param("customer", customer.value())
                .param("before", before.orElse(null))
                .param("limit", limit)
                .query((row, _) -> summary(row))
                .list();
    }

    private static OrderSummary summary(ResultSet row) throws SQLException {
        return new OrderSummary(
                row.getObject("id", UUID.class),
                state(row),
                Money.of(row.getBigDecimal("total_amount"), row.getString("currency")),
                row.getObject("placed_at", OffsetDateTime.class).toInstant());
    }

    private static TimelineEntry timelineEntry(ResultSet row) throws SQLException {
        return new TimelineEntry(
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                row.getString("type"),
                TimelineEntry.TimelineEffect.valueOf(row.getString("effect")),
                state(row),
                Optional.ofNullable(row.getString("detail")));
    }

    private static OrderState state(ResultSet row) throws SQLException {
        return OrderState.of(row.getString("state"), row.getString("rejection_reason"));
    }

    private static @Nullable String reason(OrderState state) {
        return state.rejectionReason().map(RejectionReason::name).orElse(null);
    }
}
