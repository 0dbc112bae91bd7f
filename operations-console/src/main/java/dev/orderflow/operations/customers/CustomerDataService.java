package dev.orderflow.operations.customers;

import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.operations.OperationsProperties;
import dev.orderflow.operations.audittrail.AuditTrail;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Says what is held of a customer, and has it erased.
@Component
public class CustomerDataService {

    private static final Logger log = LoggerFactory.getLogger(CustomerDataService.class);

    /// A customer with thousands of orders takes a while.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RestClient orders;
    private final AuditTrail auditTrail;

    CustomerDataService(
            InternalRestClientFactory clients,
            OperationsProperties properties,
            AuditTrail auditTrail) {
        this.orders = clients.create(properties.orderUrl(), PATIENCE);
        this.auditTrail = auditTrail;
    }

    /// How many orders of a customer have personal data, as order-service reports it.
    ///
    /// @param finalOrders the number of final orders with personal data
    /// @param openOrders the number of open orders, which need their personal data
    /// @param openOrderIds the ids of the first hundred open orders
    /// @param markedOrders the number of open orders that will be erased when they are final
    /// @param erasedOrders the number of orders without personal data
    public record CustomerDataSummary(
            int finalOrders,
            int openOrders,
            List<String> openOrderIds,
            int markedOrders,
            int erasedOrders) {}

    /// The result of an erasure, as order-service reports it.
    ///
    /// @param erasedOrders the number of orders whose personal data was erased now
    /// @param erasedFingerprints the number of stored requests whose fingerprint was erased
    /// @param markedOrders the number of open orders that will be erased when they are final
    /// @param markedOrderIds the ids of the first hundred of them
    public record ErasureProgress(
            int erasedOrders,
            int erasedFingerprints,
            int markedOrders,
            List<String> markedOrderIds) {}

    /// What is held of a customer now; empty when order-service did not say.
    public Optional<CustomerDataSummary> holding(String customerRef) {
        return ask(
                HttpMethod.GET,
                customerRef,
                answer ->
                        new CustomerDataSummary(
                                number(answer, "finalOrders"),
                                number(answer, "openOrders"),
                                ids(answer, "openOrderIds"),
                                number(answer, "markedOrders"),
                                number(answer, "erasedOrders")));
    }

    /// Erases it; empty when order-service did not say that it has, which may be asked again.
    public Optional<ErasureProgress> erase(String customerRef, String operator, String reason) {
        auditTrail.record(operator, "ERASE_CUSTOMER", customerRef, reason, "asked");
        var erasure =
                ask(
                        HttpMethod.DELETE,
                        customerRef,
                        answer ->
                                new ErasureProgress(
                                        number(answer, "erasedOrders"),
                                        number(answer, "erasedFingerprints"),
                                        number(answer, "markedOrders"),
                                        ids(answer, "markedOrderIds")));
        auditTrail.record(
                operator,
                "ERASE_CUSTOMER",
                customerRef,
                reason,
                erasure.map(
                                it ->
                                        "erasedOrders=%d erasedFingerprints=%d markedOrders=%d"
                                                .formatted(
                                                        it.erasedOrders(),
                                                        it.erasedFingerprints(),
                                                        it.markedOrders()))
                        .orElse("no answer of order-service"));
        return erasure;
    }

    private <T> Optional<T> ask(
            HttpMethod method, String customerRef, Function<JsonNode, T> reading) {
        try {
            var body =
                    orders.method(method)
                            .uri("/internal/customers/{ref}/personal-data", customerRef)
                            .retrieve()
                            .body(String.class);
            return Optional.of(
                    reading.apply(JsonMapper.shared().readTree(body == null ? "" : body)));
        } catch (RestClientException | JacksonException | IllegalArgumentException failed) {
            // The message would quote the answer.
            log.warn(
                    "order-service did not answer for customer {}: {}",
                    customerRef,
                    failed.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    private static int number(JsonNode answer, String name) {
        if (!answer.path(name).isIntegralNumber()) {
            throw new IllegalArgumentException(name + " must be there");
        }
        return answer.path(name).intValue();
    }

    private static List<String> ids(JsonNode answer, String name) {
        return answer.path(name).valueStream().map(JsonNode::asString).toList();
    }
}
