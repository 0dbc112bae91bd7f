package dev.orderflow.notification.orders;

import dev.orderflow.defaults.security.InternalRestClients;
import dev.orderflow.notification.NotificationProperties;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/// `GET /internal/orders/{id}/contact` of order-service.
@Component
public class Contacts {

    /// Whom to write to. Personal data: used at once, never stored, never logged.
    public record Contact(String email, String name) {

        @Override
        public String toString() {
            return "Contact[…]";
        }
    }

    private final RestClient orders;

    Contacts(InternalRestClients clients, NotificationProperties properties) {
        this.orders = clients.to(properties.orderServiceUrl(), Duration.ofSeconds(5));
    }

    /// @return empty when there is no such order
    /// @throws org.springframework.web.client.RestClientException when order-service does not
    ///     answer
    public Optional<Contact> of(UUID orderId) {
        try {
            return Optional.ofNullable(
                    orders.get()
                            .uri("/internal/orders/{id}/contact", orderId)
                            .retrieve()
                            .body(Contact.class));
        } catch (HttpClientErrorException.NotFound noSuchOrder) {
            return Optional.empty();
        }
    }
}
