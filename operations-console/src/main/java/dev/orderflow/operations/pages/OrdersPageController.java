package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.defaults.text.UuidFormat;
import dev.orderflow.operations.casefile.CaseFileService;
import dev.orderflow.operations.orders.OrderCancellationService;
import dev.orderflow.operations.orders.OrderSearchClient;
import dev.orderflow.operations.pages.OrdersPage.ListedOrder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.JsonNode;

/// Searches orders, shows their case files, and cancels them on behalf of their customers.
@RestController
@RequestMapping(path = "/orders", produces = PageRenderer.HTML)
class OrdersPageController {

    private static final int MAX_ENTRIES = 500;

    private static final Map<String, String> DONE =
            Map.of(
                    "cancelled",
                    "The cancellation is accepted: nothing will be dispatched, and the workflow undoes what it"
                            + " has done.",
                    "already-cancelled",
                    "The order had been cancelled before; your request is recorded and changed nothing.");

    private final PageRenderer pages;
    private final OrderSearchClient search;
    private final CaseFileService caseFiles;
    private final OrderCancellationService cancellation;

    OrdersPageController(
            PageRenderer pages,
            OrderSearchClient search,
            CaseFileService caseFiles,
            OrderCancellationService cancellation) {
        this.pages = pages;
        this.search = search;
        this.caseFiles = caseFiles;
        this.cancellation = cancellation;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    ResponseEntity<?> search(PageContext context, @RequestParam Map<String, String> parameters) {
        var id = UuidFormat.parse(parameters.getOrDefault("orderId", "").strip());
        if (id.isPresent()) {
            return PageRedirect.to("/orders/" + id.get());
        }
        if (!parameters.getOrDefault("orderId", "").isBlank()) {
            throw Problem.invalid("orderId", "must be the id of an order");
        }
        var filter = new TreeMap<String, String>();
        parameters.forEach(
                (name, value) -> {
                    if (OrderSearchClient.PARAMETERS.contains(name) && !value.isBlank()) {
                        filter.put(name, value.strip());
                    }
                });
        var page = search.search(filter);
        return pages.render(
                "orders.jte",
                new OrdersPage(
                        context,
                        filter,
                        page.path("orders").valueStream().map(OrdersPageController::found).toList(),
                        Optional.ofNullable(page.path("next").stringValue(null))
                                .map(next -> nextOf(filter, next)),
                        PagePart.read(search::readAges)));
    }

    private static String nextOf(Map<String, String> filter, String cursor) {
        var address = UriComponentsBuilder.fromPath("/orders");
        filter.forEach((name, _) -> address.queryParam(name, "{" + name + "}"));
        var values = new TreeMap<String, Object>(filter);
        values.put("cursor", cursor);
        if (!filter.containsKey("cursor")) {
            address.queryParam("cursor", "{cursor}");
        }
        return address.encode().buildAndExpand(values).toUriString();
    }

    private static ListedOrder found(JsonNode order) {
        return new ListedOrder(
                order.path("orderId").asString(""),
                order.path("customerRef").asString(""),
                order.path("state").asString(""),
                order.path("reason").asString(""),
                order.path("total").path("amount").asString("")
                        + " "
                        + order.path("total").path("currency").asString(""),
                Instant.parse(order.path("placedAt").asString("")),
                List.copyOf(
                        order.path("workItems")
                                .valueStream()
                                .map(kind -> kind.asString(""))
                                .toList()));
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/{orderId}")
    ResponseEntity<String> caseFile(
            PageContext context,
            @PathVariable UUID orderId,
            @RequestParam(required = false) @Nullable String done) {
        return switch (caseFiles.find(orderId, MAX_ENTRIES)) {
            case CaseFileService.CaseFileResult.CaseFileFound(var file) ->
                    pages.render(
                            "order.jte",
                            new OrderDetailPage(
                                    context, file, Optional.ofNullable(done).map(DONE::get)));
            case CaseFileService.CaseFileResult.CaseFileMissing _ ->
                    throw Problem.of(HttpStatus.NOT_FOUND, "order-not-found", "Order not found")
                            .detail("No part of the system knows an order with this id.");
        };
    }

    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/{orderId}/cancellation")
    ResponseEntity<Void> cancel(@PathVariable UUID orderId, @RequestParam String reason) {
        var accepted = cancellation.cancel(orderId, reason);
        return PageRedirect.done(
                "/orders/" + orderId, accepted.repeated() ? "already-cancelled" : "cancelled");
    }
}
