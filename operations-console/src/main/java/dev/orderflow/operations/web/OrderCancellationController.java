package dev.orderflow.operations.web;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.orders.OrderCancellationService;
import dev.orderflow.operations.orders.OrderCancellationService.AcceptedCancellation;
import dev.orderflow.operations.services.ServiceProblemException;
import dev.orderflow.operations.services.ServiceUnavailableException;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Cancels an order on behalf of its customer.
@RestController
class OrderCancellationController {

    private final OrderCancellationService cancellation;

    OrderCancellationController(OrderCancellationService cancellation) {
        this.cancellation = cancellation;
    }

    /// @param reason why, 1 to 500 characters on one line, without an e-mail address
    record OrderCancellationRequest(String reason) {

        OrderCancellationRequest {
            reason = OrderCancellationService.requireReason(reason);
        }
    }

    /// Possible until shipping has the dispatch permit, as for the customer. Repeating it changes
    /// nothing.
    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping(
            path = "/internal/operations/orders/{orderId}/cancellation",
            consumes = "application/json",
            produces = "application/json")
    @ResponseStatus(HttpStatus.ACCEPTED)
    AcceptedCancellation cancel(
            @PathVariable UUID orderId, @RequestBody OrderCancellationRequest request) {
        try {
            return cancellation.cancel(orderId, request.reason());
        } catch (ServiceProblemException refused) {
            throw passOn(orderId, refused);
        } catch (ServiceUnavailableException unavailable) {
            throw ServiceProblems.repeatable(String.valueOf(unavailable.getMessage()));
        }
    }

    private static Problem passOn(UUID orderId, ServiceProblemException refused) {
        if (refused.isOfType("too-late-to-cancel")) {
            return Problem.of(HttpStatus.CONFLICT, "too-late-to-cancel", "Too late to cancel")
                    .detail(refused.problem().path("detail").asString(""))
                    .with("orderId", orderId)
                    .with("state", refused.problem().path("state").asString(""));
        }
        if (refused.isOfType("order-not-found")) {
            return Problem.of(HttpStatus.NOT_FOUND, "order-not-found", "Order not found")
                    .with("orderId", orderId);
        }
        return ServiceProblems.unavailable(String.valueOf(refused.getMessage()));
    }
}
