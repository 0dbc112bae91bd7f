package dev.orderflow.operations.auditor;

import dev.orderflow.contracts.value.StateBatchRequest;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The configuration of the audit.
///
/// @param interval the pause between two rounds
/// @param gracePeriod how long a violation must last before it is open. The end of an order reaches
///     stock, e-mails and shipments through queues, whose messages are retried for minutes after a
///     consumer restarts, and the gateway's search may lag by a minute: five minutes are more than
///     that, and short enough to act before a customer complains
/// @param lease how long an instance excludes the others without renewing its lease: longer than a
///     page takes, so that two live instances never audit at the same time
/// @param fullStockAuditInterval how often the stock of all articles is compared with all entries
///     of the ledger, which reads all of it; the other rounds compare the articles that changed
/// @param readTimeout the time-out of each call of a service
/// @param batchSize how many orders are read per call, at most [StateBatchRequest#MAX_ORDERS]
@ConfigurationProperties("orderflow.operations.auditor")
record AuditorProperties(
        @DefaultValue("10s") Duration interval,
        @DefaultValue("5m") Duration gracePeriod,
        @DefaultValue("2m") Duration lease,
        @DefaultValue("1h") Duration fullStockAuditInterval,
        @DefaultValue("20s") Duration readTimeout,
        @DefaultValue("100") int batchSize) {

    AuditorProperties {
        if (gracePeriod.isNegative()) {
            throw new IllegalArgumentException(
                    "orderflow.operations.auditor.grace-period must not be negative but was "
                            + gracePeriod);
        }
        if (batchSize < 1 || batchSize > StateBatchRequest.MAX_ORDERS) {
            throw new IllegalArgumentException(
                    "orderflow.operations.auditor.batch-size must be 1 to %d but was %d"
                            .formatted(StateBatchRequest.MAX_ORDERS, batchSize));
        }
        if (!interval.isPositive()
                || !lease.isPositive()
                || !fullStockAuditInterval.isPositive()
                || !readTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "orderflow.operations.auditor.interval, lease, full-stock-audit-interval and"
                            + " read-timeout must be positive");
        }
    }
}
