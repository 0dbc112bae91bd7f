package dev.orderflow.shipping.domain;

import java.util.regex.Pattern;

/// The carrier's identifier of a parcel.
///
/// @param value 1 to 64 letters, digits, dots, dashes or underscores
public record TrackingNumber(String value) {

    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    public TrackingNumber {
        if (value == null || !SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "tracking number must be 1 to 64 letters, digits, dots, dashes or underscores");
        }
    }
}
