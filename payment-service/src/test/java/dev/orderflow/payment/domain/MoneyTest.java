package dev.orderflow.payment.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {

    @ParameterizedTest
    @CsvSource({"49.90,EUR", "0.01,USD", "1200,JPY", "1.234,KWD", "99999999.00,EUR"})
    void isReadAndWrittenWithTheFractionDigitsOfItsCurrency(String amount, String currency) {
        var money = Money.of(amount, currency);
        assertThat(money).hasToString(amount + " " + currency);
        assertThat(Money.stored(money.amount().setScale(4), currency)).isEqualTo(money);
    }

    @ParameterizedTest
    @CsvSource({
        "49.9,EUR",
        "49.900,EUR",
        "0.00,EUR",
        "-1.00,EUR",
        "+1.00,EUR",
        "01.00,EUR",
        "1e2,EUR",
        "' 1.00',EUR",
        "'',EUR",
        "1.00,eur",
        "1.00,ABC",
        "1.00,XXX",
        "1.00,JPY",
        "100000000.00,EUR",
        "99999999.01,EUR",
        "٤.٩٠,EUR"
    })
    void whatIsNoAmountIsRefused(String amount, String currency) {
        assertThatThrownBy(() -> Money.of(amount, currency))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"10.00,EUR,true", "49.90,EUR,true", "49.91,EUR,false", "10.00,USD,false"})
    void isWithinAnotherOfTheSameCurrencyThatIsNoSmaller(
            String amount, String currency, boolean within) {
        assertThat(Money.of(amount, currency).within(Money.of("49.90", "EUR"))).isEqualTo(within);
    }

    @Test
    void aStoredAmountIsNeverRounded() {
        assertThatThrownBy(() -> Money.stored(new BigDecimal("1.005"), "EUR"))
                .isInstanceOf(ArithmeticException.class);
    }
}
