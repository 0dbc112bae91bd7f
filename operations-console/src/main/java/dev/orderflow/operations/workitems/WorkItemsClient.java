package dev.orderflow.operations.workitems;

import dev.orderflow.operations.services.ServiceApi;
import dev.orderflow.operations.services.ServiceApiFactory;
import dev.orderflow.operations.services.ServiceResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/// Calls the API of work items of order-service with the operator's access token.
@Component
public class WorkItemsClient {

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);

    private final ServiceApi orders;

    WorkItemsClient(ServiceApiFactory services) {
        this.orders = services.orderServiceForOperators(READ_TIMEOUT);
    }

    /// An open work item.
    ///
    /// @param kind as order-service names it
    /// @param state the state of the order
    public record OpenWorkItem(
            UUID id, UUID orderId, String kind, String reason, String state, Instant openedAt) {}

    /// A page of open work items, the oldest first.
    ///
    /// @param next the cursor of the next page; empty on the last
    public record OpenWorkItemPage(List<OpenWorkItem> items, Optional<UUID> next) {}

    /// Open work items.
    ///
    /// @param kind empty for all
    /// @param cursor the cursor of an earlier page
    /// @param limit 1 to 200
    /// @throws dev.orderflow.operations.services.ServiceUnavailableException when order-service
    ///     does     not respond, or refuses a parameter
    public OpenWorkItemPage findOpen(Optional<String> kind, Optional<UUID> cursor, int limit) {
        var page =
                orders.get(
                        "/internal/work-items?limit={limit}"
                                + (kind.isPresent() ? "&kind={kind}" : "")
                                + (cursor.isPresent() ? "&cursor={cursor}" : ""),
                        Stream.of(Optional.of(limit), kind, cursor)
                                .flatMap(Optional::stream)
                                .toArray());
        return new OpenWorkItemPage(
                page.objects("items").map(WorkItemsClient::toItem).toList(),
                page.findText("next").map(UUID::fromString));
    }

    private static OpenWorkItem toItem(ServiceResponse item) {
        return new OpenWorkItem(
                item.uuid("id"),
                item.uuid("orderId"),
                item.text("kind"),
                item.text("reason"),
                item.text("state"),
                Instant.parse(item.text("openedAt")));
    }

    /// Resolves a work item.
    ///
    /// @param note what was done, on one line
    /// @throws dev.orderflow.operations.services.ServiceProblemException when another operator
    ///     resolved it
    public void resolve(UUID id, String note) {
        orders.post("/internal/work-items/" + id + "/resolution", Map.of("note", note));
    }
}
