package dev.orderflow.operations.auditor;

import java.math.BigDecimal;

/// An amount of money in a service's response. Amounts of different scale are not equal.
record SignedAmount(BigDecimal amount, String currency) {

    boolean isZero() {
        return amount.signum() == 0;
    }

    SignedAmount minus(SignedAmount other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException(
                    "currencies must be the same but were " + currency + " and " + other.currency);
        }
        return new SignedAmount(amount.subtract(other.amount), currency);
    }

    @Override
    public String toString() {
        return amount.toPlainString() + " " + currency;
    }
}
