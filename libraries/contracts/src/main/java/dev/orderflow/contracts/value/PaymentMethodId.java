package dev.orderflow.contracts.value;

import java.util.regex.Pattern;

/// The payment method of a customer, as the gateway identifies it (`pm_card_visa`). Personal data:
/// it is not
/// logged.
///
/// @param value 1 to 255 letters, digits and `_`
public record PaymentMethodId(String value) {

    /// The form of a payment method's id, as a regular expression for schemas.
    public static final String PATTERN = "[A-Za-z0-9_]{1,255}";

    private static final Pattern FORM = Pattern.compile(PATTERN);

    public PaymentMethodId {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValueException(
                    "paymentMethodId", "must be 1 to 255 letters, digits or underscores");
        }
    }

    /// Leaves the value out.
    @Override
    public String toString() {
        return "PaymentMethodId[…]";
    }
}
