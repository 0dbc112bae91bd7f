package dev.orderflow.order.personaldata;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.defaults.idempotency.IdempotentRequests;
import dev.orderflow.order.placement.OrderRequest;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.annotation.Transactional;

/// Forgets customers. What they bought and paid stays, and so does the opaque reference under which
/// it is booked.
///
/// An order that is still under way needs its address, so it is only marked, and erased once it has
/// ended; a constraint of its table holds that. Orders placed later are another matter: they need a
/// wish of their own.
@Component
class ErasureService {

    private static final Logger log = LoggerFactory.getLogger(ErasureService.class);

    private static final int MAX_LISTED_ORDERS = 100;
    private static final int BATCH = 500;

    private final JdbcClient jdbc;
    private final IdempotentRequests requests;
    private final double gracePeriodSeconds;

    ErasureService(
            JdbcClient jdbc, IdempotentRequests requests, PersonalDataProperties properties) {
        this.jdbc = jdbc;
        this.requests = requests;
        this.gracePeriodSeconds = properties.gracePeriod().toMillis() / 1000.0;
    }

    /// What there is of a customer.
    ///
    /// @param ended how many of their orders have ended and hold personal data
    /// @param underWay how many still need theirs
    /// @param orders which those are, the first hundred
    /// @param toBeErased how many of those will be erased when they end
    /// @param erased how many hold none any more
    record PersonalDataSummary(
            String customerRef,
            int ended,
            int underWay,
            List<UUID> orders,
            int toBeErased,
            int erased) {}

    /// What an erasure came to.
    ///
    /// @param erased how many orders lost their personal data now
    /// @param requests how many remembered requests were forgotten
    /// @param underWay how many orders will lose theirs when they end
    /// @param orders which those are, the first hundred
    record ErasureResult(
            String customerRef, int erased, int requests, int underWay, List<UUID> orders) {}

    private record MarkedOrder(UUID id, boolean erased) {}

    /// Looks, and changes nothing.
    PersonalDataSummary summarize(CustomerRef customer) {
        var orders = findOpenOrders(customer);
        return jdbc.sql(
                        """
                        SELECT count(*) FILTER (WHERE erased_at IS NULL AND ended) AS ended,
                               count(*) FILTER (WHERE NOT ended)                   AS under_way,
                               count(*) FILTER (WHERE erased_at IS NULL
                                                  AND erasure_asked_at IS NOT NULL) AS asked,
                               count(*) FILTER (WHERE erased_at IS NOT NULL)       AS erased
                          FROM (SELECT erased_at, erasure_asked_at,
                                       state IN ('SHIPPED', 'REJECTED', 'CANCELLED') AS ended
                                  FROM orders WHERE customer_ref = :customer) AS placed
                        """)
                .param("customer", customer.value())
                .query(
                        (row, _) ->
                                new PersonalDataSummary(
                                        customer.value(),
                                        row.getInt("ended"),
                                        row.getInt("under_way"),
                                        orders,
                                        row.getInt("asked"),
                                        row.getInt("erased")))
                .single();
    }

    private List<UUID> findOpenOrders(CustomerRef customer) {
        return jdbc.sql(
                        """
                        SELECT id FROM orders
                         WHERE customer_ref = :customer
                           AND state IN ('PENDING', 'CONFIRMED', 'DISPATCHING', 'CANCEL_REQUESTED')
                         ORDER BY id LIMIT :most
                        """)
                .param("customer", customer.value())
                .param("most", MAX_LISTED_ORDERS)
                .query((row, _) -> row.getObject("id", UUID.class))
                .list();
    }

    /// Erases what can be erased and marks the rest. Doing so again erases what has ended since.
    @Transactional
    ErasureResult erase(CustomerRef customer) {
        // One statement, so that an order which ends at this moment is either erased or marked.
        var marked =
                jdbc.sql(
                                """
                                UPDATE orders
                                   SET erasure_asked_at = coalesce(erasure_asked_at, now()),
                                       personal_data = CASE
                                           WHEN state IN ('SHIPPED', 'REJECTED', 'CANCELLED') THEN NULL
                                           ELSE personal_data END,
                                       erased_at = CASE
                                           WHEN state IN ('SHIPPED', 'REJECTED', 'CANCELLED') THEN now()
                                           END
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
                marked.stream().filter(one -> !one.erased()).map(MarkedOrder::id).sorted().toList();
        int forgotten = requests.forgetFingerprints(OrderRequest.idempotencyScope(customer));
        int erased = marked.size() - orders.size();
        log.info(
                "of {} the personal data of {} orders was erased; {} follow when they end",
                customer,
                erased,
                orders.size());
        return new ErasureResult(
                customer.value(),
                erased,
                forgotten,
                orders.size(),
                orders.stream().limit(MAX_LISTED_ORDERS).toList());
    }

    /// Erases what was marked and has ended, after its customer could be told how.
    @Scheduled(
            initialDelayString = "${orderflow.order.personal-data.erasure-interval:1m}",
            fixedDelayString = "${orderflow.order.personal-data.erasure-interval:1m}")
    void eraseEnded() {
        try {
            int erased = eraseBatch();
            if (erased > 0) {
                log.info("the personal data of {} orders that have ended was erased", erased);
            }
        } catch (DataAccessException | TransactionException later) {
            log.info("what is to be erased waits for the next look: {}", later.getMessage());
        }
    }

    private int eraseBatch() {
        return jdbc.sql(
                        """
                        UPDATE orders SET personal_data = NULL, erased_at = now()
                         WHERE id IN (
                             SELECT id FROM orders
                              WHERE erasure_asked_at IS NOT NULL AND erased_at IS NULL
                                AND state IN ('SHIPPED', 'REJECTED', 'CANCELLED')
                                AND NOT EXISTS (
                                    SELECT FROM order_transition
                                     WHERE order_id = orders.id
                                       AND recorded_at > now() - make_interval(secs => :farewell))
                              ORDER BY id LIMIT :batch
                                FOR UPDATE SKIP LOCKED)
                        """)
                .param("farewell", gracePeriodSeconds)
                .param("batch", BATCH)
                .update();
    }
}
