package dev.orderflow.operations.customers;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.services.ServiceApi;
import dev.orderflow.operations.services.ServiceApiFactory;
import dev.orderflow.operations.services.ServiceResponse;
import dev.orderflow.operations.services.ServiceUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Summarises and erases the personal data of a customer, which only order-service holds.
@Component
public class CustomerDataService {

    private static final Logger log = LoggerFactory.getLogger(CustomerDataService.class);

    private static final String PERSONAL_DATA = "/internal/customers/{ref}/personal-data";

    /// The erasure of a customer with thousands of orders takes several seconds.
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    private final ServiceApi orders;
    private final ServiceApi ordersForOperators;
    private final AuditTrail auditTrail;

    CustomerDataService(ServiceApiFactory services, AuditTrail auditTrail) {
        this.orders = services.orderService(READ_TIMEOUT);
        this.ordersForOperators = services.orderServiceForOperators(READ_TIMEOUT);
        this.auditTrail = auditTrail;
    }

    /// The personal data of a customer that exists now.
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

    /// The result of an erasure.
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

    /// The personal data of a customer that exists now; empty when order-service did not respond.
    public Optional<CustomerDataSummary> findSummary(String customerRef) {
        return read(
                customerRef,
                () -> orders.get(PERSONAL_DATA, customerRef),
                response ->
                        new CustomerDataSummary(
                                number(response, "finalOrders"),
                                number(response, "openOrders"),
                                response.texts("openOrderIds").toList(),
                                number(response, "markedOrders"),
                                number(response, "erasedOrders")));
    }

    /// Erases the personal data of a customer. Repeating it is safe.
    ///
    /// @return empty when order-service did not confirm the erasure
    public Optional<ErasureProgress> erase(String customerRef, Operator operator, String reason) {
        auditTrail.record(operator, "ERASE_CUSTOMER", customerRef, reason, "requested");
        var erasure =
                read(
                        customerRef,
                        () -> ordersForOperators.delete(PERSONAL_DATA, customerRef),
                        response ->
                                new ErasureProgress(
                                        number(response, "erasedOrders"),
                                        number(response, "erasedFingerprints"),
                                        number(response, "markedOrders"),
                                        response.texts("markedOrderIds").toList()));
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
                        .orElse("order-service did not respond"));
        return erasure;
    }

    private static <T> Optional<T> read(
            String customerRef,
            Supplier<ServiceResponse> request,
            Function<ServiceResponse, T> reader) {
        try {
            return Optional.of(reader.apply(request.get()));
        } catch (ServiceUnavailableException failure) {
            log.warn("customer {}: {}", customerRef, failure.getMessage());
            return Optional.empty();
        }
    }

    private static int number(ServiceResponse response, String field) {
        return Math.toIntExact(response.number(field));
    }
}
