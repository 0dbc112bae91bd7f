package dev.orderflow.order.web;

import dev.orderflow.contracts.value.Money;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;

/// Money in JSON. The amount is a string because clients may read a JSON number as a double.
@Schema(example = "{\"amount\":\"49.90\",\"currency\":\"EUR\"}")
record AmountView(@NotNull String amount, @NotNull String currency) {

    static AmountView of(Money money) {
        return new AmountView(money.amount().toPlainString(), money.currency().getCurrencyCode());
    }
}
