package dev.orderflow.order.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;

/// A sum of money, exact.
///
/// @param amount not negative, with exactly the fraction digits of the currency
public record Money(BigDecimal amount, Currency currency) {

    public Money {
        int digits = currency.getDefaultFractionDigits();
        if (digits < 0) {
            throw new IllegalArgumentException(currency + " is not money one can pay with");
        }
        if (amount.signum() < 0) {
            throw new IllegalArgumentException("amount must not be negative but was " + amount);
        }
        // Also what keeps "1e9999999" from being written out as ten million digits.
        if (amount.precision() - (long) amount.scale() > 12 || amount.scale() > 12) {
            throw new IllegalArgumentException("amount must be below a million million");
        }
        try {
            amount = amount.setScale(digits, RoundingMode.UNNECESSARY);
        } catch (ArithmeticException tooFine) {
            throw new IllegalArgumentException(
                    "amount must have at most %d fraction digits but was %s"
                            .formatted(digits, amount));
        }
    }

    /// Reads an amount such as `49.90` and a code such as `EUR`.
    ///
    /// @throws IllegalArgumentException when it is no sum of money
    public static Money of(String amount, String currency) {
        if (!amount.matches("[0-9]{1,12}(\\.[0-9]{1,4})?")) {
            throw new IllegalArgumentException("amount must be a decimal number such as 49.90");
        }
        if (!currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException("currency must be a code such as EUR");
        }
        return new Money(new BigDecimal(amount), Currency.getInstance(currency));
    }

    /// The sum of both.
    public Money plus(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException(currency + " and " + other.currency + " do not add");
        }
        return new Money(amount.add(other.amount), currency);
    }

    /// So many times this.
    public Money times(int quantity) {
        return new Money(amount.multiply(BigDecimal.valueOf(quantity)), currency);
    }

    @Override
    public String toString() {
        return amount.toPlainString() + " " + currency;
    }
}
