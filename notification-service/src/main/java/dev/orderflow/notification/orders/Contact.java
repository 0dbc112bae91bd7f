package dev.orderflow.notification.orders;

import java.util.regex.Pattern;

/// Whom to write to. Personal data: used at once, never stored, never logged.
///
/// @param email one plain address; nothing that a mail system could read as a list, a display name
///     or another header
/// @param name as the customer wrote it, which may be anything
public record Contact(String email, String name) {

    private static final int LONGEST_ADDRESS = 254;
    private static final Pattern PLAIN_ADDRESS =
            Pattern.compile(
                    "[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");

    public Contact {
        if (email.length() > LONGEST_ADDRESS || !PLAIN_ADDRESS.matcher(email).matches()) {
            throw new IllegalArgumentException("email must be one plain address");
        }
    }

    @Override
    public String toString() {
        return "Contact[…]";
    }
}
