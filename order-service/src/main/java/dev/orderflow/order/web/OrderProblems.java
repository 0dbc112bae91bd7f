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

/// The problems (RFC 9457) of the orders API.
final class OrderProblems {

    private OrderProblems() {}

    /// Also for another customer's order, so that the response does not reveal that it exists.
    static Problem unknownOrder(UUID id) {
        return Problem.of(HttpStatus.NOT_FOUND, "order-not-found", "Order not found")
                .with("orderId", id);
    }

    static Problem tooLateToCancel(UUID id, OrderState state) {
        return Problem.of(HttpStatus.CONFLICT, "too-late-to-cancel", "Too late to cancel")
                .detail("The order is " + state.code() + ".")
                .with("orderId", id)
                .with("state", state.code());
    }

    static Problem dispatchDenied(UUID id, OrderState state) {
        return Problem.of(
                        HttpStatus.CONFLICT, "dispatch-denied", "The order must not be dispatched")
                .detail("The order is " + state.code() + ".")
                .with("orderId", id)
                .with("state", state.code());
    }

    static Problem personalDataErased(UUID id, Instant at) {
        return Problem.of(HttpStatus.GONE, "personal-data-erased", "Personal data erased")
                .detail("The order is final, and the customer's personal data was erased.")
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
                        "article-duplicate",
                        "Article in several lines")
                .detail("Send one line for each article.")
                .with("skus", repeated.stream().map(Sku::value).toList());
    }

    static Problem mixedCurrencies(Collection<String> currencies) {
        return Problem.of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "currencies-mixed",
                        "Articles in different currencies")
                .detail("Place a separate order for each currency.")
                .with("currencies", currencies);
    }

    /// 400 and not 422: no change of the catalogue or stock makes the request valid.
    static Problem totalNotChargeable(BigDecimal total, ChargeCurrency limits) {
        var currency = limits.currency().getCurrencyCode();
        return Problem.of(
                        HttpStatus.BAD_REQUEST,
                        "total-not-chargeable",
                        "Order total cannot be charged")
                .detail(
                        "The total is %s %s; it must be %s to %s."
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
                                        "must have a total of %s to %s"
                                                .formatted(
                                                        limits.minimumCharge(),
                                                        limits.maximumCharge()))));
    }
}
