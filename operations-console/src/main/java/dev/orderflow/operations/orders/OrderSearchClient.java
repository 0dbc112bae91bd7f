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

    /// How long open orders have been in their state.
    ///
    /// @param bounds the ends of all intervals but the last
    /// @param complete false when there are more open orders than are counted
    /// @param states those with open orders
    public record OpenOrderAgesReport(
            List<Duration> bounds, boolean complete, List<StateAges> states) {}

    /// The open orders of one state.
    ///
    /// @param limit after which an order in this state is stuck
    /// @param counts how many orders have been in the state as long as each interval says
    public record StateAges(String state, Duration limit, List<Integer> counts) {

        /// How many orders are in the state.
        public int total() {
            return counts.stream().mapToInt(Integer::intValue).sum();
        }
    }

    /// How long open orders have been in their state.
    ///
    /// @throws dev.orderflow.operations.services.ServiceUnavailableException when order-service
    ///     does not respond
    public OpenOrderAgesReport readAges() {
        var ages = orders.get("/internal/orders/ages");
        return new OpenOrderAgesReport(
                ages.numbers("boundsSeconds").map(Duration::ofSeconds).toList(),
                ages.flag("complete"),
                ages.objects("states")
                        .map(
                                state ->
                                        new StateAges(
                                                state.text("state"),
                                                Duration.ofSeconds(state.number("limitSeconds")),
                                                state.numbers("counts")
                                                        .map(Long::intValue)
                                                        .toList()))
                        .toList());
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
