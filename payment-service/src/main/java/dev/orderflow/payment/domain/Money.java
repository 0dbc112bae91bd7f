package dev.orderflow.payment.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Optional;

/// A positive amount with exactly the fraction digits its currency has.
public record Money(BigDecimal amount, Currency currency) {

    /// Above it nothing is sold here, and a mistake is likelier than a sale.
    private static final BigDecimal MOST = new BigDecimal("99999999");

    public Money {
        if (currency.getDefaultFractionDigits() < 0) {
            throw new IllegalArgumentException(
                    "currency must have amounts but was " + currency.getCurrencyCode());
        }
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException("amount must be more than nothing");
        }
        if (amount.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("amount must be at most " + MOST);
        }
        if (amount.scale() != currency.getDefaultFractionDigits()) {
            throw new IllegalArgumentException(
                    "amount must have %d fraction digits"
                            .formatted(currency.getDefaultFractionDigits()));
        }
    }

    /// Reads what JSON carries: a plain decimal number as text, and an ISO 4217 code.
    public static Money of(String amount, String currency) {
        if (!amount.matches("(0|[1-9][0-9]{0,7})(\\.[0-9]{1,4})?")) {
            throw new IllegalArgumentException("amount must be a decimal number such as 49.90");
        }
        if (!currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException("currency must be a code such as EUR");
        }
        return new Money(new BigDecimal(amount), currencyOf(currency));
    }

    /// Reads what a database gives back, whatever scale its column has.
    public static Money stored(BigDecimal amount, String code) {
        var currency = Currency.getInstance(code);
        return new Money(
                amount.setScale(currency.getDefaultFractionDigits(), RoundingMode.UNNECESSARY),
                currency);
    }

    private static Currency currencyOf(String code) {
        try {
            return Currency.getInstance(code);
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException("currency must be one that exists", unknown);
        }
    }

    /// Whether it is part of another amount: the same currency, and no more.
    public boolean within(Money whole) {
        return currency.equals(whole.currency) && amount.compareTo(whole.amount) <= 0;
    }

    /// The sum of two amounts of one currency.
    public Money plus(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException(
                    "currencies must be the same but were " + currency + " and " + other.currency);
        }
        return new Money(amount.add(other.amount), currency);
    }

    /// What is left after a part of it was taken away; none when nothing is left.
    public Optional<Money> minus(Money part) {
        if (!part.within(this)) {
            throw new IllegalArgumentException(part + " must be within " + this);
        }
        var left = amount.subtract(part.amount);
        return left.signum() == 0 ? Optional.empty() : Optional.of(new Money(left, currency));
    }

    @Override
    public String toString() {
        return amount.toPlainString() + " " + currency.getCurrencyCode();
    }
}
