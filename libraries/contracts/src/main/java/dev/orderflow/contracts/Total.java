package dev.orderflow.contracts;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.orderflow.contracts.value.Money;
import java.math.BigDecimal;
import java.util.Currency;

/// An exact amount of money. In JSON the amount is a string, because parsers may read a JSON number
/// as a double.
///
/// @param amount not negative, with exactly the fraction digits of the currency (`49.90`, never
///     `49.9`)
/// @param currency an ISO 4217 code
public record Total(
        @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal amount, String currency) {

    public Total {
        MessageValidation.requirePresent("amount", amount);
        MessageValidation.requirePresent("currency", currency);
        int digits = fractionDigits(currency);
        // Neither the amount nor the currency is quoted, because they are untrusted input.
        if (amount.signum() < 0) {
            throw new IllegalArgumentException("amount must not be negative");
        }
        if (amount.scale() != digits) {
            throw new IllegalArgumentException(
                    "amount must have " + digits + " fraction digits but had " + amount.scale());
        }
        // Also prevents that "1e9999999" is written as ten million digits.
        if (amount.precision() - amount.scale() > 12) {
            throw new IllegalArgumentException("amount must be less than 1000000000000");
        }
    }

    /// Converts an amount of money for publication.
    public static Total of(Money money) {
        return new Total(money.amount(), money.currency().getCurrencyCode());
    }

    /// Converts a published amount.
    public Money money() {
        return Money.of(amount, currency);
    }

    private static int fractionDigits(String currency) {
        try {
            return Currency.getInstance(currency).getDefaultFractionDigits();
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("currency must be an ISO 4217 code");
        }
    }
}
