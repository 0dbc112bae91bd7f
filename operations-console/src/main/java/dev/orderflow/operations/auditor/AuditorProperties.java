package dev.orderflow.operations.auditor;

import dev.orderflow.contracts.value.StatusBatchRequest;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How often and how patiently the auditor looks.
///
/// @param every how long between two rounds
/// @param grace how long something may look wrong before it counts. An order's end is told to
///     stock, customer and carrier by queues, whose messages are repeated for minutes when a
///     consumer restarts, and the gateway's search may lag by one: five minutes are more than all
///     of that, and less than a customer needs to complain
/// @param lease how long an instance keeps the others from auditing: longer than a round takes, so
///     that nobody audits beside a process that lives
/// @param patience how long a service may take for one answer
/// @param batch how many orders are asked about at a time; services take up to
///     [StatusBatchRequest#MAX_ORDERS]
@ConfigurationProperties("orderflow.operations.auditor")
record AuditorProperties(
        @DefaultValue("10s") Duration every,
        @DefaultValue("5m") Duration grace,
        @DefaultValue("2m") Duration lease,
        @DefaultValue("20s") Duration patience,
        @DefaultValue("100") int batch) {

    AuditorProperties {
        if (grace.isNegative()) {
            throw new IllegalArgumentException(
                    "orderflow.operations.auditor.grace must not be negative but was " + grace);
        }
        if (batch < 1 || batch > StatusBatchRequest.MAX_ORDERS) {
            throw new IllegalArgumentException(
                    "orderflow.operations.auditor.batch must be 1 to %d but was %d"
                            .formatted(StatusBatchRequest.MAX_ORDERS, batch));
        }
        if (!every.isPositive() || !lease.isPositive() || !patience.isPositive()) {
            throw new IllegalArgumentException(
                    "orderflow.operations.auditor times must be positive");
        }
    }
}
