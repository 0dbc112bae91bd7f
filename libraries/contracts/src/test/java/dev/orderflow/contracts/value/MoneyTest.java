package dev.orderflow.contracts.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.Currency;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {

    @ParameterizedTest
    @CsvSource({
        "49.9,EUR,49.90",
        "49.90,EUR,49.90",
        "49.900,EUR,49.90",
        "1000,JPY,1000",
        "1.234,KWD,1.234",
        "0,EUR,0.00",
        "999999999999.99,EUR,999999999999.99"
    })
    void anAmountHasTheFractionDigitsOfItsCurrency(String amount, String currency, String exact) {
        var money = Money.of(amount, currency);
        assertThat(money.amount().toPlainString()).isEqualTo(exact);
        assertThat(money).hasToString(exact + " " + currency);
        assertThat(Money.of(money.amount().setScale(4), currency)).isEqualTo(money);
    }

    @ParameterizedTest
    @CsvSource({
        "0.005,EUR",
        "1.5,JPY",
        "-1,EUR",
        "+1,EUR",
        "01.00,EUR",
        "1e9,EUR",
        "1000000000000,EUR",
        "9999999999999,EUR",
        "NaN,EUR",
        "'',EUR",
        "' 1.00',EUR",
        "1,XAU",
        "1,XXX",
        "1,eur",
        "1,ZZZ",
        "١,EUR"
    })
    void anInvalidAmountIsRefused(String amount, String currency) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> Money.of(amount, currency));
    }

    @Test
    void anAmountWithAHugeExponentIsRefusedWithoutExpandingIt() {
        var euro = Currency.getInstance("EUR");
        for (var hostile : new String[] {"1e999999999", "1e-999999999", "0e-999999999"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Money(new BigDecimal(hostile), euro));
        }
    }

    @Test
    void sumsAreExact() {
        var tenCents = Money.of("0.10", "EUR");
        assertThat(tenCents.times(3)).isEqualTo(Money.of("0.30", "EUR"));
        assertThat(tenCents.plus(Money.of("0.20", "EUR"))).isEqualTo(Money.of("0.30", "EUR"));
    }

    @Test
    void differentCurrenciesDoNotAdd() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Money.of("1", "EUR").plus(Money.of("1", "GBP")));
    }

    @Test
    void theRemainderIsEmptyWhenNothingRemains() {
        var whole = Money.of("12.50", "EUR");
        assertThat(whole.minus(Money.of("6.00", "EUR"))).contains(Money.of("6.50", "EUR"));
        assertThat(whole.minus(whole)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> whole.minus(Money.of("12.51", "EUR")));
        assertThatIllegalArgumentException().isThrownBy(() -> whole.minus(Money.of("1", "GBP")));
    }

    @ParameterizedTest
    @CsvSource({"10.00,EUR,true", "49.90,EUR,true", "49.91,EUR,false", "10.00,USD,false"})
    void anAmountIsWithinAnEqualOrLargerAmountOfTheSameCurrency(
            String amount, String currency, boolean within) {
        assertThat(Money.of(amount, currency).isWithin(Money.of("49.90", "EUR"))).isEqualTo(within);
    }
}
