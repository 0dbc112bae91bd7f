package dev.orderflow.operations.executions;

import dev.orderflow.contracts.value.StatusBatchRequest;
import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.operations.OperationsProperties;
import java.time.Duration;
import java.util.ArrayList;
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
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Which failed captures can never succeed, because nothing is held for their orders any more: a
/// redrive would fail again at once.
@Component
class ExpiredAuthorizations {

    private static final Logger log = LoggerFactory.getLogger(ExpiredAuthorizations.class);

    /// The step of the workflow that captures.
    private static final String CAPTURE = "CapturePayment";

    static final String REFUSAL =
            "nothing is held for the order any more, so its capture can only fail again; see the"
                    + " runbook payments";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RestClient payments;

    @Autowired
    ExpiredAuthorizations(InternalRestClientFactory clients, OperationsProperties properties) {
        this(clients.create(properties.paymentUrl(), PATIENCE));
    }

    ExpiredAuthorizations(RestClient payments) {
        this.payments = payments;
    }

    /// The same executions, those that are beyond help refused. Does not throw: what
    /// payment-service does not answer stays as it is.
    List<StoppedExecution> assess(List<StoppedExecution> executions) {
        var captures =
                executions.stream()
                        .filter(one -> one.state().equals(CAPTURE) && one.refusal().isEmpty())
                        .flatMap(one -> one.orderId().stream())
                        .distinct()
                        .toList();
        var lost = new HashSet<UUID>();
        for (var some :
                captures.stream()
                        .gather(Gatherers.windowFixed(StatusBatchRequest.MAX_ORDERS))
                        .toList()) {
            lost.addAll(among(some));
        }
        return lost.isEmpty()
                ? executions
                : executions.stream()
                        .map(
                                one ->
                                        one.state().equals(CAPTURE)
                                                        && one.orderId()
                                                                .filter(lost::contains)
                                                                .isPresent()
                                                ? one.refusing(Optional.of(REFUSAL))
                                                : one)
                        .toList();
    }

    private Set<UUID> among(List<UUID> orderIds) {
        try {
            var answer =
                    payments.post()
                            .uri("/internal/payments/status-batch")
                            .contentType(MediaType.APPLICATION_JSON)
                            .body(Map.of("orderIds", orderIds))
                            .retrieve()
                            .body(String.class);
            var standings = JsonMapper.shared().readTree(answer == null ? "" : answer);
            if (!standings.path("charges").isArray()) {
                return Set.of();
            }
            var charged = new ArrayList<String>();
            standings
                    .path("charges")
                    .forEach(charge -> charged.add(charge.path("orderId").asString("")));
            var lost = new HashSet<>(orderIds);
            lost.removeIf(order -> charged.contains(order.toString()));
            return lost;
        } catch (RestClientException | JacksonException failed) {
            // The message would quote the answer.
            log.warn(
                    "cannot read authorisations from payment-service: {}",
                    failed.getClass().getSimpleName());
            return Set.of();
        }
    }
}
