package dev.orderflow.notification.channel;

import dev.orderflow.notification.template.EmailTemplate;

/// Sends e-mails to customers.
public interface MailSender {

    /// Sends one e-mail in a single attempt. Never throws.
    SendResult send(String address, EmailTemplate email);
}
