package dev.orderflow.order.web;

import dev.orderflow.contracts.value.ChargeCurrency;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.order.domain.OrderState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpStatus;

/// The problems that are this service's own.
final class OrderProblems {

    private OrderProblems() {}

    /// Also for another customer's order: whether it exists is not theirs to know.
    static Problem unknownOrder(UUID id) {
        return Problem.of(HttpStatus.NOT_FOUND, "order-not-found", "Order not found")
                .with("orderId", id);
    }

    static Problem tooLateToCancel(UUID id, OrderState now) {
        return Problem.of(HttpStatus.CONFLICT, "too-late-to-cancel", "Too late to cancel")
                .detail("The order is " + now.code() + ".")
                .with("orderId", id)
                .with("state", now.code());
    }

    static Problem dispatchDenied(UUID id, OrderState now) {
        return Problem.of(
                        HttpStatus.CONFLICT, "order-cancelled", "The order must not be dispatched")
                .detail("The order is " + now.code() + ".")
                .with("orderId", id)
                .with("state", now.code());
    }

    static Problem personalDataErased(UUID id, Instant at) {
        return Problem.of(HttpStatus.GONE, "personal-data-erased", "Personal data erased")
                .detail("The order has ended, and its customer was forgotten.")
                .with("orderId", id)
                .with("erasedAt", at);
    }

    static Problem unknownArticles(List<Sku> unknown) {
        return Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, "article-unknown", "Unknown SKU")
                .with("skus", unknown.stream().map(Sku::value).toList());
    }

    static Problem duplicateArticles(List<Sku> repeated) {
        return Problem.of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "article-named-twice",
                        "Article in two lines")
                .detail("Put all of one article into one line.")
                .with("skus", repeated.stream().map(Sku::value).toList());
    }

    static Problem mixedCurrencies(Collection<String> currencies) {
        return Problem.of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "currencies-mixed",
                        "Articles in different currencies")
                .detail("Place an order for each currency.")
                .with("currencies", currencies);
    }

    /// 400 and not 422: no later catalogue or stock makes it right.
    static Problem totalNotChargeable(BigDecimal total, ChargeCurrency limits) {
        var currency = limits.currency().getCurrencyCode();
        return Problem.of(
                        HttpStatus.BAD_REQUEST,
                        "total-not-chargeable",
                        "Order total cannot be charged")
                .detail(
                        "The lines cost %s %s together; an order may cost %s to %s."
                                .formatted(
                                        total.toPlainString(),
                                        currency,
                                        limits.minimumCharge(),
                                        limits.maximumCharge()))
                .with("minimum", AmountView.of(limits.minimumCharge()))
                .with("maximum", AmountView.of(limits.maximumCharge()))
                .with(
                        "errors",
                        List.of(
                                Map.of(
                                        "field",
                                        "lines",
                                        "message",
                                        "must cost %s to %s together"
                                                .formatted(
                                                        limits.minimumCharge(),
                                                        limits.maximumCharge()))));
    }
}
