package dev.orderflow.order.web;

import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.idempotency.IdempotentBody;
import dev.orderflow.defaults.idempotency.IdempotentRequests;
import dev.orderflow.defaults.idempotency.InsertsWithResponse;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.tracing.LogFields;
import dev.orderflow.defaults.tracing.TracePropagation;
import dev.orderflow.order.access.OrderAccessService;
import dev.orderflow.order.cancellation.CancellationService;
import dev.orderflow.order.domain.Caller;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.placement.OrderRequest;
import dev.orderflow.order.placement.PlaceOrderResult;
import dev.orderflow.order.placement.PlacementService;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The public API of orders.
@RestController
@RequestMapping(path = "/orders", produces = "application/json")
@Tag(name = "Orders")
class OrdersController {

    private final IdempotentRequests requests;
    private final PlacementService placement;
    private final OrderAccessService access;
    private final Orders orders;
    private final TracePropagation traces;
    private final Counter accepted;
    private final Timer acceptanceTimer;

    OrdersController(
            IdempotentRequests requests,
            PlacementService placement,
            OrderAccessService access,
            Orders orders,
            TracePropagation traces,
            MeterRegistry meters) {
        this.requests = requests;
        this.placement = placement;
        this.access = access;
        this.orders = orders;
        this.traces = traces;
        this.accepted =
                Counter.builder("orders.accepted")
                        .description("orders stored, without repeated requests")
                        .register(meters);
        this.acceptanceTimer =
                Timer.builder("orders.acceptance")
                        .description("time from a valid request to the commit of its order")
                        .publishPercentiles(0.5, 0.99)
                        .register(meters);
    }

    @PostMapping(consumes = "application/json")
    @Operation(
            summary = "Place an order",
            description =
                    """
                    Returns as soon as the order is stored; stock and payment are checked later.

                    The response is stored under the key for 24 hours: the same request with the same \
                    key returns it again byte for byte, with `Idempotency-Replayed: true`. Another \
                    request with the same key gets 422, and 409 while the first one is in progress. \
                    Two requests are the same if their JSON is equal: the sequence of members, white \
                    space and escapes do not matter, a null member equals an absent one, numbers are \
                    compared by value, strings by characters, lists by sequence. Each customer has \
                    keys of their own. A refused request does not use up its key.

                    Limits: 64 KiB, 50 lines, 1000 of one article, each article in one line.""")
    @ApiResponse(
            responseCode = "201",
            description = "Stored",
            headers = {
                @Header(name = "Location", schema = @Schema(type = "string")),
                @Header(
                        name = IdempotentRequests.REPLAYED_HEADER,
                        schema = @Schema(type = "string"))
            },
            content = @Content(schema = @Schema(implementation = OrderView.class)))
    ResponseEntity<byte[]> place(
            @Parameter(hidden = true) @AuthenticationPrincipal Caller caller,
            @Parameter(
                            in = ParameterIn.HEADER,
                            required = true,
                            description =
                                    "A new UUID for each new order, sent in one header: "
                                            + IdempotencyKey.RULE,
                            example = "7f3c1b52-93d4-4e0e-8a54-0d6f2f6f2b10",
                            schema = @Schema(type = "string", minLength = 1, maxLength = 255))
                    @RequestHeader(name = IdempotencyKey.HEADER, required = false)
                    @Nullable String idempotencyKey,
            @Parameter(hidden = true) @RequestHeader(name = TraceParent.HEADER, required = false)
                    @Nullable String traceparent,
            @RequestBody IdempotentBody<OrderBody> body) {
        var key = IdempotencyKey.require(idempotencyKey);
        var customer = caller.subject();
        var timing = Timer.start();
        try {
            var answer =
                    requests.insertOnce(
                            OrderRequest.idempotencyScope(customer),
                            key,
                            body,
                            order -> prepare(order.toRequest(customer, traceparent(traceparent))));
            if (answer.getHeaders().containsHeader(IdempotentRequests.REPLAYED_HEADER)) {
                MDC.remove(LogFields.ORDER_ID);
            } else {
                timing.stop(acceptanceTimer);
                accepted.increment();
            }
            return answer;
        } catch (Problem failure) {
            // The order was prepared and not stored.
            MDC.remove(LogFields.ORDER_ID);
            throw failure;
        }
    }

    private InsertsWithResponse prepare(OrderRequest request) {
        return switch (placement.prepare(request)) {
            case PlaceOrderResult.OrderPrepared(var order, var inserts) -> {
                MDC.put(LogFields.ORDER_ID, order.id().toString());
                yield new InsertsWithResponse(
                        ResponseEntity.created(URI.create("/orders/" + order.id()))
                                .body(OrderView.of(order, List.of())),
                        inserts);
            }
            case PlaceOrderResult.UnknownArticles(var unknown) ->
                    throw OrderProblems.unknownArticles(unknown);
            case PlaceOrderResult.DuplicateArticles(var repeated) ->
                    throw OrderProblems.duplicateArticles(repeated);
            case PlaceOrderResult.MixedCurrencies(var currencies) ->
                    throw OrderProblems.mixedCurrencies(currencies);
            case PlaceOrderResult.TotalNotChargeable(var total, var limits) ->
                    throw OrderProblems.totalNotChargeable(total, limits);
        };
    }

    @GetMapping("/{orderId}")
    @Operation(
            summary = "An order with its timeline",
            description =
                    """
                    Returns the caller's own orders only; another customer's order is answered like one \
                    that does not exist. With the scope `operator`, returns any order and logs the \
                    access.""")
    OrderView order(
            @Parameter(hidden = true) @AuthenticationPrincipal Caller caller,
            @PathVariable UUID orderId) {
        return access.find(orderId, caller)
                .map(found -> OrderView.of(found, orders.timeline(orderId)))
                .orElseThrow(() -> OrderProblems.unknownOrder(orderId));
    }

    @GetMapping
    @Operation(summary = "The caller's orders, newest first")
    OrderPage orders(
            @Parameter(hidden = true) @AuthenticationPrincipal Caller caller,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
            @Parameter(description = "The `next` of the previous page.")
                    @RequestParam(required = false)
                    @Nullable UUID cursor) {
        return OrderPage.of(
                orders.findByCustomer(caller.subject(), Optional.ofNullable(cursor), limit + 1),
                limit);
    }

    @PostMapping("/{orderId}/cancellation")
    @Operation(
            summary = "Cancel an order",
            description =
                    """
                    Possible until shipping has the dispatch permit; after that 409 \
                    `too-late-to-cancel`. May be repeated. With the scope `operator`, cancels any \
                    order on the customer's behalf and logs the access.""")
    @ApiResponse(
            responseCode = "202",
            description =
                    "Accepted: nothing will be dispatched; the workflow compensates its steps",
            content = @Content(schema = @Schema(implementation = OrderView.class)))
    ResponseEntity<OrderView> cancel(
            @Parameter(hidden = true) @AuthenticationPrincipal Caller caller,
            @PathVariable UUID orderId,
            @Parameter(hidden = true) @RequestHeader(name = TraceParent.HEADER, required = false)
                    @Nullable String traceparent) {
        return switch (access.cancel(orderId, caller, traceparent(traceparent))) {
            case CancellationService.CancelOrderResult.CancellationAccepted _ ->
                    ResponseEntity.accepted().body(currentView(orderId));
            case CancellationService.CancelOrderResult.TooLateToCancel(var state) ->
                    throw OrderProblems.tooLateToCancel(orderId, state);
            case CancellationService.CancelOrderResult.UnknownOrder _ ->
                    throw OrderProblems.unknownOrder(orderId);
        };
    }

    private OrderView currentView(UUID orderId) {
        return orders.find(orderId)
                .map(found -> OrderView.of(found, orders.timeline(orderId)))
                .orElseThrow(() -> OrderProblems.unknownOrder(orderId));
    }

    /// The trace parent that the order's events carry: the span of this request, which continues
    /// the caller's trace.
    private String traceparent(@Nullable String header) {
        return traces.traceparent().orElseGet(() -> TraceParent.of(header));
    }
}
