package dev.orderflow.contracts.value;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Optional;
import java.util.regex.Pattern;

/// An exact amount of money. [ChargeCurrency] says whether the gateway can charge it.
///
/// @param amount 0 to 999,999,999,999 with exactly the fraction digits of the currency in ISO 4217
public record Money(BigDecimal amount, Currency currency) {

    /// The form of an amount in JSON, as a regular expression for schemas.
    public static final String AMOUNT_PATTERN = "(0|[1-9][0-9]{0,11})(\\.[0-9]{1,4})?";

    /// The form of a currency code, as a regular expression for schemas.
    public static final String CURRENCY_PATTERN = "[A-Z]{3}";

    private static final int MOST_WHOLE_DIGITS = 12;

    private static final Pattern AMOUNT = Pattern.compile(AMOUNT_PATTERN);
    private static final Pattern CURRENCY = Pattern.compile(CURRENCY_PATTERN);

    public Money {
        int digits = currency.getDefaultFractionDigits();
        if (digits < 0) {
            throw new InvalidValueException("currency", "must be a currency with fraction digits");
        }
        if (amount.signum() < 0) {
            throw new InvalidValueException("amount", "must not be negative");
        }
        // Also prevents that "1e9999999" is written as ten million digits.
        if (amount.precision() - (long) amount.scale() > MOST_WHOLE_DIGITS
                || amount.scale() > MOST_WHOLE_DIGITS) {
            throw new InvalidValueException("amount", "must be less than 1000000000000");
        }
        try {
            amount = amount.setScale(digits, RoundingMode.UNNECESSARY);
        } catch (ArithmeticException _) {
            throw new InvalidValueException(
                    "amount", "must have at most " + digits + " fraction digits");
        }
    }

    /// Parses an amount such as `49.90` and a code such as `EUR`, as in JSON.
    ///
    /// @throws InvalidValueException if the amount or the currency is invalid
    public static Money of(String amount, String currency) {
        if (!AMOUNT.matcher(amount).matches()) {
            throw new InvalidValueException("amount", "must be a decimal number such as 49.90");
        }
        return of(new BigDecimal(amount), currency);
    }

    /// Converts an amount of any scale, from a message or the database.
    ///
    /// @throws InvalidValueException if the amount or the currency is invalid; an amount is never
    ///     rounded
    public static Money of(BigDecimal amount, String currency) {
        if (!CURRENCY.matcher(currency).matches()) {
            throw new InvalidValueException("currency", "must be a code such as EUR");
        }
        Currency known;
        try {
            known = Currency.getInstance(currency);
        } catch (IllegalArgumentException _) {
            throw new InvalidValueException("currency", "must be an ISO 4217 code such as EUR");
        }
        return new Money(amount, known);
    }

    /// Adds two amounts.
    ///
    /// @throws IllegalArgumentException when the currencies differ
    public Money plus(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException(
                    currency + " and " + other.currency + " cannot be added");
        }
        return new Money(amount.add(other.amount), currency);
    }

    /// Subtracts an amount; empty if the difference is 0.
    ///
    /// @throws IllegalArgumentException when the other is not [within][#isWithin] this
    public Optional<Money> minus(Money part) {
        if (!part.isWithin(this)) {
            throw new IllegalArgumentException(part + " must be within " + this);
        }
        var left = amount.subtract(part.amount);
        return left.signum() == 0 ? Optional.empty() : Optional.of(new Money(left, currency));
    }

    /// Multiplies the amount.
    public Money times(int quantity) {
        return new Money(amount.multiply(BigDecimal.valueOf(quantity)), currency);
    }

    /// Whether this amount is at most another amount of the same currency.
    public boolean isWithin(Money whole) {
        return currency.equals(whole.currency) && amount.compareTo(whole.amount) <= 0;
    }

    @Override
    public String toString() {
        return amount.toPlainString() + " " + currency.getCurrencyCode();
    }
}
