package dev.orderflow.order.web;

import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRequest;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.defaults.tracing.TracePropagation;
import dev.orderflow.order.cancellation.CancellationService.CancelOrderResult;
import dev.orderflow.order.cancellation.OperatorCancellationService;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Cancels an order for a person who acts on behalf of its customer.
@RestController
class OperatorCancellationController {

    private final OperatorCancellationService cancellation;
    private final TracePropagation traces;

    OperatorCancellationController(
            OperatorCancellationService cancellation, TracePropagation traces) {
        this.cancellation = cancellation;
        this.traces = traces;
    }

    /// @param reason why, 1 to 500 characters on one line. It is kept, so it must not contain
    ///     personal data of the customer
    record OperatorCancellationRequest(
            @NotNull
                    @NotBlank
                    @Size(max = 500)
                    @Pattern(regexp = TextLine.REGEX, message = TextLine.RULE)
                    @Pattern(regexp = "[^@]*", message = "must not contain an e-mail address")
                    String reason) {}

    /// @param state of the order now
    /// @param repeated whether the order had been cancelled before, so that nothing changed
    record OperatorCancellationView(UUID orderId, String state, boolean repeated) {}

    /// Possible until shipping has the dispatch permit, as for the customer. Repeating it changes
    /// nothing.
    @ForOperators(value = OperatorRole.OPERATOR, action = "CANCEL_ORDER")
    @PostMapping(
            path = "/internal/orders/{orderId}/cancellation",
            consumes = "application/json",
            produces = "application/json")
    @ResponseStatus(HttpStatus.ACCEPTED)
    OperatorCancellationView cancel(
            @PathVariable UUID orderId,
            @Valid @RequestBody OperatorCancellationRequest request,
            @RequestHeader(name = TraceParent.HEADER, required = false)
                    @Nullable String traceparent,
            Operator operator,
            OperatorRequest recorded) {
        recorded.describe(orderId.toString(), request.reason().strip(), null);
        var trace = traces.traceparent().orElseGet(() -> TraceParent.of(traceparent));
        return switch (cancellation.cancel(orderId, operator, request.reason().strip(), trace)) {
            case CancelOrderResult.CancellationAccepted(var state, boolean repeated) ->
                    new OperatorCancellationView(orderId, state.code(), repeated);
            case CancelOrderResult.TooLateToCancel(var state) ->
                    throw OrderProblems.tooLateToCancel(orderId, state);
            case CancelOrderResult.UnknownOrder _ -> throw OrderProblems.unknownOrder(orderId);
        };
    }
}
