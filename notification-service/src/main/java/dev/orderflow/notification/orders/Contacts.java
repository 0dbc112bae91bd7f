package dev.orderflow.notification.orders;

import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.notification.NotificationProperties;
import java.io.IOException;
import java.util.UUID;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// `GET /internal/orders/{id}/contact` of order-service.
///
/// Answers are read by hand, because an exception of the client quotes the body it could not use,
/// and that body holds a name and an address.
@Component
public class Contacts {

    private static final int LARGEST_ANSWER = 64 * 1024;

    private final RestClient orders;

    Contacts(InternalRestClientFactory clients, NotificationProperties properties) {
        this.orders = clients.create(properties.orderServiceUrl(), properties.timeouts().contact());
    }

    /// What order-service says.
    public sealed interface Answer {

        record Known(Contact contact) implements Answer {}

        /// Nobody there knows the order.
        record NoSuchOrder() implements Answer {}

        /// The customer was forgotten, and nobody is to be written to.
        record Erased() implements Answer {}

        /// There is a contact, but not one that a mail can be sent to.
        record Unusable(String why) implements Answer {}

        /// No answer, or none that can be understood.
        ///
        /// @param why for the log, without anything of the answer
        record NoAnswer(String why) implements Answer {}
    }

    /// Asks for the contact of an order's customer.
    public Answer of(UUID orderId) {
        try {
            return orders.get()
                    .uri("/internal/orders/{id}/contact", orderId)
                    .exchangeForRequiredValue((_, answer) -> read(orderId, answer));
        } catch (ResourceAccessException noAnswer) {
            var cause = noAnswer.getMostSpecificCause();
            return new Answer.NoAnswer(cause.getClass().getSimpleName());
        }
    }

    private static Answer read(UUID orderId, ClientHttpResponse answer) throws IOException {
        int status = answer.getStatusCode().value();
        if (status == 404) {
            return new Answer.NoSuchOrder();
        }
        if (status == 410) {
            return new Answer.Erased();
        }
        if (status != 200) {
            return new Answer.NoAnswer("answered " + status);
        }
        try {
            var body = JsonMapper.shared().readTree(answer.getBody().readNBytes(LARGEST_ANSWER));
            if (!body.path("orderId").stringValue("").equals(orderId.toString())) {
                return new Answer.NoAnswer("answered with the contact of another order");
            }
            return new Answer.Known(
                    new Contact(
                            body.path("email").stringValue(""), body.path("name").stringValue("")));
        } catch (JacksonException noJson) {
            return new Answer.NoAnswer("answered with what is no contact");
        } catch (IllegalArgumentException unusable) {
            return new Answer.Unusable(String.valueOf(unusable.getMessage()));
        }
    }
}
