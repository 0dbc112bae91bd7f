package dev.orderflow.payment.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.StateBatchRequest;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentStateCode;
import dev.orderflow.payment.gateway.PaymentGateway;
import dev.orderflow.payment.gateway.PaymentGateway.ChangesResult;
import dev.orderflow.payment.gateway.PaymentGateway.ChargesResult;
import dev.orderflow.payment.operation.PaymentProperties;
import dev.orderflow.payment.operation.Payments;
import dev.orderflow.payment.web.PaymentResponses.PaymentAmountView;
import dev.orderflow.payment.web.PaymentResponses.PaymentView;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The states of many payments, here and at the gateway, for the auditor that compares the two.
@RestController
class PaymentStateBatchController {

    private static final int MAX_CHANGES = 100;

    private final Payments payments;
    private final PaymentGateway gateway;
    private final PaymentProperties properties;

    PaymentStateBatchController(
            Payments payments, PaymentGateway gateway, PaymentProperties properties) {
        this.payments = payments;
        this.gateway = gateway;
        this.properties = properties;
    }

    /// @param payments as stored here; an order without a payment is missing
    /// @param charges as the gateway has them; an order without a charge is missing
    record PaymentStateBatch(List<StoredPaymentView> payments, List<ChargeView> charges) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StoredPaymentView(
            UUID orderId,
            PaymentStateCode state,
            @Nullable PaymentAmountView amount,
            @Nullable PaymentAmountView captured,
            @Nullable PaymentAmountView refunded) {

        static StoredPaymentView of(Payment payment) {
            var view = PaymentView.of(payment, List.of());
            return new StoredPaymentView(
                    view.orderId(), view.state(), view.amount(), view.captured(), view.refunded());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChargeView(
            UUID orderId,
            @Nullable PaymentAmountView amount,
            @Nullable PaymentAmountView captured,
            @Nullable PaymentAmountView refunded) {

        static ChargeView of(PaymentGateway.OrderCharge charge) {
            return new ChargeView(
                    charge.orderId(),
                    PaymentAmountView.of(charge.amount()),
                    PaymentAmountView.of(charge.captured()),
                    PaymentAmountView.of(charge.refunded()));
        }
    }

    /// @param orderIds the orders whose payments were refunded or cancelled at the gateway, each
    ///     once
    /// @param next the cursor of the next page; absent while the gateway has no events
    /// @param complete whether there are no further changes to read
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GatewayChangesView(List<UUID> orderIds, @Nullable String next, boolean complete) {}

    /// Lists the orders whose payments were refunded or cancelled at the gateway, wherever that was
    /// requested, so that the auditor compares them again.
    @ForMachines
    @GetMapping("/internal/payments/gateway-changes")
    GatewayChangesView findChanges(
            @RequestParam(required = false)
                    @Pattern(
                            regexp = "[A-Za-z0-9_]{1,255}",
                            message = "must be the next of an earlier response")
                    @Nullable String cursor,
            @RequestParam(defaultValue = "100") @Min(1) @Max(MAX_CHANGES) int limit) {
        return switch (gateway.findChanges(cursor, limit)) {
            case ChangesResult.ChangesFound(var orderIds, var next, boolean complete) ->
                    new GatewayChangesView(orderIds, next, complete);
            case ChangesResult.CursorExpired _ ->
                    throw Problem.of(HttpStatus.GONE, "cursor-expired", "Cursor expired")
                            .detail(
                                    "The gateway no longer keeps the events at this cursor."
                                            + " Start without cursor and compare all orders.");
            case ChangesResult.ChangesUnavailable _ ->
                    throw GatewayProblems.unavailable(
                            "The changes could not be read from the gateway. Retry later.",
                            properties.retryAfter());
        };
    }

    @ForMachines
    @PostMapping("/internal/payments/state-batch")
    PaymentStateBatch findStates(@RequestBody StateBatchRequest request) {
        return switch (gateway.findCharges(request.orderIds())) {
            case ChargesResult.ChargesFound(var charges) ->
                    new PaymentStateBatch(
                            payments.findByOrder(request.orderIds()).stream()
                                    .map(StoredPaymentView::of)
                                    .toList(),
                            charges.stream().map(ChargeView::of).toList());
            case ChargesResult.ChargesUnavailable _ ->
                    throw GatewayProblems.unavailable(
                            "The charges could not be read from the gateway. Retry later.",
                            properties.retryAfter());
        };
    }
}
