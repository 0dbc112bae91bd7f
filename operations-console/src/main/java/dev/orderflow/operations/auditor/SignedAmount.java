package dev.orderflow.operations.auditor;

import java.math.BigDecimal;

/// An amount as services tell it. Amounts of different scale are not the same.
record SignedAmount(BigDecimal amount, String currency) {

    static SignedAmount none(String currency) {
        return new SignedAmount(BigDecimal.ZERO, currency);
    }

    boolean isNothing() {
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
