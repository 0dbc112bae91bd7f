package dev.orderflow.notification.contact;

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
public class ContactClient {

    private static final int MAX_RESPONSE_BYTES = 64 * 1024;

    private final RestClient orders;

    ContactClient(InternalRestClientFactory clients, NotificationProperties properties) {
        this.orders = clients.create(properties.orderServiceUrl(), properties.timeouts().contact());
    }

    /// What order-service says.
    public sealed interface ContactResult {

        record ContactFound(Contact contact) implements ContactResult {}

        /// Nobody there knows the order.
        record ContactOrderUnknown() implements ContactResult {}

        /// The customer was forgotten, and nobody is to be written to.
        record ContactErased() implements ContactResult {}

        /// There is a contact, but not one that a mail can be sent to.
        record ContactInvalid(String reason) implements ContactResult {}

        /// No answer, or none that can be understood.
        ///
        /// @param why for the log, without anything of the answer
        record ContactUnavailable(String reason) implements ContactResult {}
    }

    /// Asks for the contact of an order's customer.
    public ContactResult findContact(UUID orderId) {
        try {
            return orders.get()
                    .uri("/internal/orders/{id}/contact", orderId)
                    .exchangeForRequiredValue((_, answer) -> toResult(orderId, answer));
        } catch (ResourceAccessException noAnswer) {
            var cause = noAnswer.getMostSpecificCause();
            return new ContactResult.ContactUnavailable(cause.getClass().getSimpleName());
        }
    }

    private static ContactResult toResult(UUID orderId, ClientHttpResponse answer)
            throws IOException {
        int status = answer.getStatusCode().value();
        if (status == 404) {
            return new ContactResult.ContactOrderUnknown();
        }
        if (status == 410) {
            return new ContactResult.ContactErased();
        }
        if (status != 200) {
            return new ContactResult.ContactUnavailable("answered " + status);
        }
        try {
            var body =
                    JsonMapper.shared().readTree(answer.getBody().readNBytes(MAX_RESPONSE_BYTES));
            if (!body.path("orderId").stringValue("").equals(orderId.toString())) {
                return new ContactResult.ContactUnavailable(
                        "answered with the contact of another order");
            }
            return new ContactResult.ContactFound(
                    new Contact(
                            body.path("email").stringValue(""), body.path("name").stringValue("")));
        } catch (JacksonException noJson) {
            return new ContactResult.ContactUnavailable("answered with what is no contact");
        } catch (IllegalArgumentException unusable) {
            return new ContactResult.ContactInvalid(String.valueOf(unusable.getMessage()));
        }
    }
}
