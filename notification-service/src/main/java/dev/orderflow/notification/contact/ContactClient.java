package dev.orderflow.notification.contact;

import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.notification.NotificationProperties;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// `GET /internal/orders/{id}/contact` of order-service.
///
/// Responses are read without a message converter: its exceptions quote the body, which contains a
/// name and an address.
@Component
public class ContactClient {

    private static final int MAX_RESPONSE_BYTES = 64 * 1024;

    private final RestClient orders;
    private final Duration readTimeout;

    ContactClient(InternalRestClientFactory clients, NotificationProperties properties) {
        this.readTimeout = properties.timeouts().contact();
        this.orders = clients.create(properties.orderService().url(), readTimeout);
    }

    /// The response of order-service.
    public sealed interface ContactResult {

        record ContactFound(Contact contact) implements ContactResult {}

        /// order-service does not know the order.
        record ContactOrderUnknown() implements ContactResult {}

        /// The customer's data was erased, so no e-mail is sent.
        record ContactErased() implements ContactResult {}

        /// The contact's address cannot be used.
        record ContactInvalid(String reason) implements ContactResult {}

        /// No response, or one that cannot be used.
        ///
        /// @param reason for the log, without content of the response
        record ContactUnavailable(String reason) implements ContactResult {}
    }

    /// Requests the contact of an order's customer.
    public ContactResult findContact(UUID orderId) {
        try {
            return orders.get()
                    .uri("/internal/orders/{id}/contact", orderId)
                    .exchangeForRequiredValue((_, response) -> toResult(orderId, response));
        } catch (ResourceAccessException noResponse) {
            return new ContactResult.ContactUnavailable(
                    FailureDescription.of(noResponse, readTimeout));
        }
    }

    private static ContactResult toResult(UUID orderId, ClientHttpResponse response)
            throws IOException {
        int status = response.getStatusCode().value();
        if (status == 404) {
            return new ContactResult.ContactOrderUnknown();
        }
        if (status == 410) {
            return new ContactResult.ContactErased();
        }
        if (status != 200) {
            return new ContactResult.ContactUnavailable(FailureDescription.describeStatus(status));
        }
        try {
            var body =
                    JsonMapper.shared().readTree(response.getBody().readNBytes(MAX_RESPONSE_BYTES));
            if (!body.path("orderId").stringValue("").equals(orderId.toString())) {
                return new ContactResult.ContactUnavailable("the contact is of another order");
            }
            return new ContactResult.ContactFound(
                    new Contact(
                            body.path("email").stringValue(""), body.path("name").stringValue("")));
        } catch (JacksonException _) {
            return new ContactResult.ContactUnavailable(
                    FailureDescription.unreadableAnswer(status));
        } catch (IllegalArgumentException failure) {
            return new ContactResult.ContactInvalid(String.valueOf(failure.getMessage()));
        }
    }
}
