package dev.orderflow.payment.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.value.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StripeAmountTest {

    @ParameterizedTest
    @CsvSource({
        "49.90,EUR,4990",
        "1200,JPY,1200",
        "1.230,KWD,1230",
        "5,UGX,500",
        "7,ISK,700",
        "8.00,MGA,8"
    })
    void amountsAreConvertedAsStripeCountsThem(String amount, String currency, long units) {
        var money = Money.of(amount, currency);
        assertThat(StripeAmount.of(money)).isEqualTo(units);
        assertThat(StripeAmount.toMoney(units, StripeAmount.currency(money))).isEqualTo(money);
    }

    @Test
    void anAmountThatStripeCannotExpressIsRefusedAndNotRounded() {
        assertThatThrownBy(() -> StripeAmount.of(Money.of("1.234", "KWD")))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> StripeAmount.of(Money.of("8.50", "MGA")))
                .isInstanceOf(ArithmeticException.class);
    }
}
