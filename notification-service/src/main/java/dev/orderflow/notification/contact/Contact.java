package dev.orderflow.notification.contact;

import dev.orderflow.contracts.value.EmailAddress;

/// The recipient of an e-mail. Personal data: neither stored nor logged.
///
/// @param email one plain address, without anything that a mail system could read as a list, a
///     display name or another header
/// @param name as the customer entered it, any text
public record Contact(String email, String name) {

    public Contact {
        var unused = new EmailAddress(email);
    }

    @Override
    public String toString() {
        return "Contact[…]";
    }
}
