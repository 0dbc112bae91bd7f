package dev.orderflow.operations.executions;

import dev.orderflow.contracts.value.StateBatchRequest;
import dev.orderflow.operations.services.ServiceApi;
import dev.orderflow.operations.services.ServiceApiFactory;
import dev.orderflow.operations.services.ServiceUnavailableException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Gatherers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// Finds failed captures that can never succeed, because the authorisation of their order has
/// expired: a redrive would fail again at once.
@Component
class ExpiredAuthorizations {

    private static final Logger log = LoggerFactory.getLogger(ExpiredAuthorizations.class);

    /// The state of the workflow that captures the payment.
    private static final String CAPTURE = "CapturePayment";

    static final String REFUSAL =
            "the order has no authorisation any more, so its capture would fail again; see the"
                    + " runbook payments";

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    private final ServiceApi payments;

    @Autowired
    ExpiredAuthorizations(ServiceApiFactory services) {
        this(services.paymentService(READ_TIMEOUT));
    }

    ExpiredAuthorizations(ServiceApi payments) {
        this.payments = payments;
    }

    /// Returns the same executions, with a refusal where a redrive cannot succeed. Does not throw:
    /// when payment-service does not respond, the executions are returned unchanged.
    List<StoppedExecution> markRefused(List<StoppedExecution> executions) {
        var orders =
                executions.stream()
                        .filter(ExpiredAuthorizations::isRedrivableCapture)
                        .flatMap(execution -> execution.orderId().stream())
                        .distinct()
                        .toList();
        var expired = new HashSet<UUID>();
        for (var batch :
                orders.stream()
                        .gather(Gatherers.windowFixed(StateBatchRequest.MAX_ORDERS))
                        .toList()) {
            expired.addAll(findExpired(batch));
        }
        return executions.stream()
                .map(
                        execution ->
                                isRedrivableCapture(execution)
                                                && execution
                                                        .orderId()
                                                        .filter(expired::contains)
                                                        .isPresent()
                                        ? execution.withRefusal(Optional.of(REFUSAL))
                                        : execution)
                .toList();
    }

    /// Whether Step Functions would redrive the capture.
    private static boolean isRedrivableCapture(StoppedExecution execution) {
        return execution.state().equals(CAPTURE) && execution.refusal().isEmpty();
    }

    private Set<UUID> findExpired(List<UUID> orderIds) {
        try {
            var charged =
                    payments.post("/internal/payments/state-batch", Map.of("orderIds", orderIds))
                            .objects("charges")
                            .map(charge -> charge.uuid("orderId"))
                            .toList();
            var expired = new HashSet<>(orderIds);
            charged.forEach(expired::remove);
            return expired;
        } catch (ServiceUnavailableException failure) {
            log.warn("cannot read authorisations: {}", failure.getMessage());
            return Set.of();
        }
    }
}
