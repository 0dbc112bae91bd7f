package dev.orderflow.notification.contact;

import dev.orderflow.contracts.value.EmailAddress;

/// Whom to write to. Personal data: used at once, never stored, never logged.
///
/// @param email one plain address; nothing that a mail system could read as a list, a display name
///     or another header
/// @param name as the customer wrote it, which may be anything
public record Contact(String email, String name) {

    public Contact {
        var unused = new EmailAddress(email);
    }

    @Override
    public String toString() {
        return "Contact[…]";
    }
}
