package dev.orderflow.order.personaldata;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.defaults.database.IntervalSeconds;
import dev.orderflow.defaults.idempotency.IdempotentRequests;
import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.order.placement.OrderRequest;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.annotation.Transactional;

/// Erases the personal data of a customer's orders. The orders themselves, their amounts and the
/// opaque customer reference stay.
///
/// An open order needs its address. It is only marked, and erased after it is final; a constraint
/// of the table ensures that. Orders placed after the request are not erased: they need a request
/// of their own.
@Component
class ErasureService implements SchedulingConfigurer {

    private static final Logger log = LoggerFactory.getLogger(ErasureService.class);

    private static final int MAX_LISTED_ORDERS = 100;
    private static final int BATCH = 500;

    private final JdbcClient jdbc;
    private final IdempotentRequests requests;
    private final PersonalDataProperties properties;

    ErasureService(
            JdbcClient jdbc, IdempotentRequests requests, PersonalDataProperties properties) {
        this.jdbc = jdbc;
        this.requests = requests;
        this.properties = properties;
    }

    /// How many orders of a customer have personal data.
    ///
    /// @param finalOrders the number of final orders with personal data
    /// @param openOrders the number of open orders, which need their personal data
    /// @param openOrderIds the ids of the first hundred open orders
    /// @param markedOrders the number of open orders that will be erased when they are final
    /// @param erasedOrders the number of orders without personal data
    record PersonalDataSummary(
            String customerRef,
            int finalOrders,
            int openOrders,
            List<UUID> openOrderIds,
            int markedOrders,
            int erasedOrders) {}

    /// The result of an erasure.
    ///
    /// @param erasedOrders the number of orders whose personal data was erased now
    /// @param erasedFingerprints the number of stored requests whose fingerprint was erased; their
    ///     idempotency keys stay used
    /// @param markedOrders the number of open orders that will be erased when they are final
    /// @param markedOrderIds the ids of the first hundred of them
    record ErasureResult(
            String customerRef,
            int erasedOrders,
            int erasedFingerprints,
            int markedOrders,
            List<UUID> markedOrderIds) {}

    private record MarkedOrder(UUID id, boolean erased) {}

    /// Counts a customer's orders; changes nothing.
    PersonalDataSummary summarize(CustomerRef customer) {
        var orders = findOpenOrders(customer);
        return jdbc.sql(
                        """
                        SELECT count(*) FILTER (WHERE erased_at IS NULL AND is_final) AS final,
                               count(*) FILTER (WHERE NOT is_final)                   AS open,
                               count(*) FILTER (WHERE erased_at IS NULL
                                                  AND erasure_requested_at IS NOT NULL) AS marked,
                               count(*) FILTER (WHERE erased_at IS NOT NULL)          AS erased
                          FROM orders WHERE customer_ref = :customer
                        """)
                .param("customer", customer.value())
                .query(
                        (row, _) ->
                                new PersonalDataSummary(
                                        customer.value(),
                                        row.getInt("final"),
                                        row.getInt("open"),
                                        orders,
                                        row.getInt("marked"),
                                        row.getInt("erased")))
                .single();
    }

    private List<UUID> findOpenOrders(CustomerRef customer) {
        return jdbc.sql(
                        """
                        SELECT id FROM orders
                         WHERE customer_ref = :customer AND NOT is_final
                         ORDER BY id LIMIT :limit
                        """)
                .param("customer", customer.value())
                .param("limit", MAX_LISTED_ORDERS)
                .query((row, _) -> row.getObject("id", UUID.class))
                .list();
    }

    /// Erases final orders and marks open ones. Repeating it erases the orders that are final by
    /// then.
    @Transactional
    ErasureResult erase(CustomerRef customer) {
        // One statement, so that an order that becomes final concurrently is either erased or
        // marked.
        var marked =
                jdbc.sql(
                                """
                                UPDATE orders
                                   SET erasure_requested_at = coalesce(erasure_requested_at, now()),
                                       personal_data = CASE WHEN NOT is_final THEN personal_data END,
                                       erased_at = CASE WHEN is_final THEN now() END
                                 WHERE customer_ref = :customer AND erased_at IS NULL
                                RETURNING id, erased_at IS NOT NULL AS erased
                                """)
                        .param("customer", customer.value())
                        .query(
                                (row, _) ->
                                        new MarkedOrder(
                                                row.getObject("id", UUID.class),
                                                row.getBoolean("erased")))
                        .list();
        var orders =
                marked.stream()
                        .filter(order -> !order.erased())
                        .map(MarkedOrder::id)
                        .sorted()
                        .toList();
        int erasedFingerprints =
                requests.eraseFingerprints(OrderRequest.idempotencyScope(customer));
        int erased = marked.size() - orders.size();
        log.info(
                "customer {}: personal data of {} orders erased; {} open orders are erased when final",
                customer,
                erased,
                orders.size());
        return new ErasureResult(
                customer.value(),
                erased,
                erasedFingerprints,
                orders.size(),
                orders.stream().limit(MAX_LISTED_ORDERS).toList());
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        registrar.addFixedDelayTask(
                new FixedDelayTask(
                        this::eraseFinalOrders,
                        properties.erasureInterval(),
                        properties.erasureInterval()));
    }

    /// Erases marked orders that are final, after the grace period.
    void eraseFinalOrders() {
        try {
            int erased = eraseBatch();
            if (erased > 0) {
                log.info("personal data of {} final orders erased", erased);
            }
        } catch (DataAccessException | TransactionException failure) {
            log.warn(
                    "final orders not erased, retrying in {}: {}",
                    properties.erasureInterval(),
                    FailureDescription.of(failure));
        }
    }

    private int eraseBatch() {
        return jdbc.sql(
                        """
                        UPDATE orders SET personal_data = NULL, erased_at = now()
                         WHERE id IN (
                             SELECT id FROM orders
                              WHERE erasure_requested_at IS NOT NULL AND erased_at IS NULL
                                AND is_final
                                AND NOT EXISTS (
                                    SELECT FROM order_timeline
                                     WHERE order_id = orders.id
                                       AND recorded_at > now() - make_interval(secs => :gracePeriod))
                              ORDER BY id LIMIT :batch
                                FOR UPDATE SKIP LOCKED)
                        """)
                .param("gracePeriod", IntervalSeconds.of(properties.gracePeriod()))
                .param("batch", BATCH)
                .update();
    }
}
