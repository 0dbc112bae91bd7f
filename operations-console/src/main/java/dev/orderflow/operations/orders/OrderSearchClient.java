package dev.orderflow.operations.orders;

import dev.orderflow.operations.services.ServiceApi;
import dev.orderflow.operations.services.ServiceApiFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Searches orders at order-service, which validates the filter.
@Component
public class OrderSearchClient {

    /// The parameters of the search.
    public static final List<String> PARAMETERS =
            List.of(
                    "state",
                    "workItem",
                    "placedBefore",
                    "placedAfter",
                    "sku",
                    "minAmount",
                    "maxAmount",
                    "currency",
                    "reason",
                    "customerRef",
                    "cursor",
                    "limit");

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    private final ServiceApi orders;

    OrderSearchClient(ServiceApiFactory services) {
        this.orders = services.orderService(READ_TIMEOUT);
    }

    /// A page of orders as order-service returns it.
    ///
    /// @param parameters values by the names in [#PARAMETERS]
    /// @throws dev.orderflow.operations.services.ServiceProblemException when a value is invalid
    /// @throws dev.orderflow.operations.services.ServiceUnavailableException when order-service
    ///     does     not respond
    public JsonNode search(Map<String, String> parameters) {
        var names = List.copyOf(parameters.keySet());
        var path =
                names.isEmpty()
                        ? "/internal/orders"
                        : names.stream()
                                .map(name -> "%s={%s}".formatted(name, name))
                                .collect(Collectors.joining("&", "/internal/orders?", ""));
        return orders.get(path, names.stream().map(parameters::get).toArray()).json();
    }
}
