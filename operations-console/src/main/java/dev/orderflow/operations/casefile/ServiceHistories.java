package dev.orderflow.operations.casefile;

import dev.orderflow.defaults.history.OrderHistory;
import dev.orderflow.operations.services.ServiceApi;
import dev.orderflow.operations.services.ServiceApiFactory;
import dev.orderflow.operations.services.ServiceProblemException;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// The histories that the services have of an order.
@Component
class ServiceHistories {

    private final List<CaseFilePart> parts;

    ServiceHistories(ServiceApiFactory services, CaseFileProperties properties) {
        var timeout = properties.partTimeout();
        this.parts =
                List.of(
                        new ServiceHistory(services.orderService(timeout), "orders"),
                        new ServiceHistory(services.inventoryService(timeout), "reservations"),
                        new ServiceHistory(services.paymentService(timeout), "payments"),
                        new ServiceHistory(services.shippingService(timeout), "shipments"),
                        new ServiceHistory(services.notificationService(timeout), "notifications"));
    }

    List<CaseFilePart> parts() {
        return parts;
    }

    private record ServiceHistory(ServiceApi service, String resource) implements CaseFilePart {

        @Override
        public String name() {
            return service.service();
        }

        @Override
        public OrderHistory read(UUID orderId) {
            try {
                return service.get("/internal/" + resource + "/{orderId}/history", orderId)
                        .toValue(OrderHistory.class);
            } catch (ServiceProblemException problem) {
                if (problem.isOfType("order-not-found")) {
                    throw new OrderUnknownException(problem);
                }
                throw problem;
            }
        }
    }
}
