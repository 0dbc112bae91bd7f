package dev.orderflow.payment.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.Status;
import dev.orderflow.payment.gateway.Gateway;
import dev.orderflow.payment.gateway.Gateway.Changes;
import dev.orderflow.payment.gateway.Gateway.Charges;
import dev.orderflow.payment.operation.PaymentProperties;
import dev.orderflow.payment.operation.Payments;
import dev.orderflow.payment.web.PaymentAnswers.Amount;
import dev.orderflow.payment.web.PaymentAnswers.PaymentView;
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

/// How many orders' payments stand, here and at the gateway, for whoever compares the two.
@RestController
class StandingsController {

    private static final int MOST_CHANGES = 100;

    private final Payments payments;
    private final Gateway gateway;
    private final PaymentProperties properties;

    StandingsController(Payments payments, Gateway gateway, PaymentProperties properties) {
        this.payments = payments;
        this.gateway = gateway;
        this.properties = properties;
    }

    record Wanted(List<UUID> orderIds) {

        private static final int MOST = 200;

        Wanted {
            if (orderIds.isEmpty() || orderIds.size() > MOST) {
                throw new InvalidValueException(
                        "orderIds", "must be 1 to " + MOST + " but were " + orderIds.size());
            }
        }
    }

    /// @param payments as stored here; an order without a payment is missing
    /// @param charges as the gateway has them; an order without a charge is missing
    record Standings(List<PaymentStanding> payments, List<ChargeStanding> charges) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PaymentStanding(
            UUID orderId,
            Status paymentStatus,
            @Nullable Amount amount,
            @Nullable Amount captured,
            @Nullable Amount refunded) {

        static PaymentStanding of(Payment payment) {
            var view = PaymentView.of(payment, List.of());
            return new PaymentStanding(
                    view.orderId(),
                    view.paymentStatus(),
                    view.amount(),
                    view.captured(),
                    view.refunded());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChargeStanding(
            UUID orderId,
            @Nullable Amount amount,
            @Nullable Amount captured,
            @Nullable Amount refunded) {

        static ChargeStanding of(Gateway.Charge charge) {
            return new ChargeStanding(
                    charge.orderId(),
                    Amount.of(charge.amount()),
                    Amount.of(charge.captured()),
                    Amount.of(charge.refunded()));
        }
    }

    /// @param orderIds the orders whose payments were given back or cancelled at the gateway, each
    ///     once
    /// @param next where to go on; none while nothing has ever happened
    /// @param all whether there is no more to read
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GatewayChanges(List<UUID> orderIds, @Nullable String next, boolean all) {}

    /// Whose payments were given back or cancelled at the gateway, by whomever, for whoever must
    /// compare again.
    @GetMapping("/internal/payments/gateway-changes")
    GatewayChanges changes(
            @RequestParam(required = false)
                    @Pattern(
                            regexp = "[A-Za-z0-9_]{1,255}",
                            message = "must be what an earlier answer gave as next")
                    @Nullable String after,
            @RequestParam(defaultValue = "100") @Min(1) @Max(MOST_CHANGES) int limit) {
        return switch (gateway.changesSince(after, limit)) {
            case Changes.Known(var orderIds, var next, boolean all) ->
                    new GatewayChanges(orderIds, next, all);
            case Changes.Forgotten _ ->
                    throw Problem.of(HttpStatus.GONE, "cursor-expired", "Cursor expired")
                            .detail("Begin anew without after, and compare everything.");
            case Changes.NotTold _ ->
                    throw Problem.of(
                                    HttpStatus.SERVICE_UNAVAILABLE,
                                    "gateway-unavailable",
                                    "Gateway unavailable")
                            .detail("The gateway did not say what changed.")
                            .retryAfter(properties.retryAfter());
        };
    }

    @PostMapping("/internal/payments/standings")
    Standings standings(@RequestBody Wanted wanted) {
        return switch (gateway.chargesOf(wanted.orderIds())) {
            case Charges.Known(var charges) ->
                    new Standings(
                            payments.of(wanted.orderIds()).stream()
                                    .map(PaymentStanding::of)
                                    .toList(),
                            charges.stream().map(ChargeStanding::of).toList());
            case Charges.NotTold _ ->
                    throw Problem.of(
                                    HttpStatus.SERVICE_UNAVAILABLE,
                                    "gateway-unavailable",
                                    "Gateway unavailable")
                            .detail("The gateway did not tell what it charged.")
                            .retryAfter(properties.retryAfter());
        };
    }
}
