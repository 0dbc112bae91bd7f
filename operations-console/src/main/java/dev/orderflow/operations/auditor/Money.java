package dev.orderflow.operations.auditor;

import java.math.BigDecimal;

/// An amount as services tell it. Amounts of different scale are not the same.
record Money(BigDecimal amount, String currency) {

    static Money none(String currency) {
        return new Money(BigDecimal.ZERO, currency);
    }

    boolean isNothing() {
        return amount.signum() == 0;
    }

    Money minus(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException(
                    "currencies must be the same but were " + currency + " and " + other.currency);
        }
        return new Money(amount.subtract(other.amount), currency);
    }

    @Override
    public String toString() {
        return amount.toPlainString() + " " + currency;
    }
}
