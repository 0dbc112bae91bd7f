package dev.orderflow.notification.channel;

import dev.orderflow.notification.template.EmailTemplate;

/// Hands a mail over.
public interface MailSender {

    /// Hands one mail over, once. Never throws.
    SendResult send(String address, EmailTemplate letter);
}
