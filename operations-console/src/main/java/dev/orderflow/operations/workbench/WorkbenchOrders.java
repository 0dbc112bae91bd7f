package dev.orderflow.operations.workbench;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.operations.services.ServiceApi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.databind.JsonNode;

/// Places orders as a customer: with a token of the development issuer, at the public API.
@Component
@ConditionalOnWorkbench
class WorkbenchOrders {

    /// The secret of every client of the development issuer; it is public.
    private static final String SECRET = "local";

    /// Tokens are valid for 8 hours, and the issuer has new keys after a restart.
    private static final Duration KEEP_TOKEN = Duration.ofMinutes(10);

    /// Names that begin like this are programs of the public API, not customers.
    private static final String PROGRAM = "operator";

    private final WorkbenchClients clients;
    private final Map<String, CustomerToken> tokens = new ConcurrentHashMap<>();

    WorkbenchOrders(WorkbenchClients clients) {
        this.clients = clients;
    }

    private record CustomerToken(String token, Instant until) {

        @Override
        public String toString() {
            return "CustomerToken[until " + until + "]";
        }
    }

    /// An order to place.
    ///
    /// @param country of the address: `GB`, or `AQ`, to which the carrier does not deliver
    record WorkbenchOrder(
            CustomerRef customer, String sku, int quantity, String card, String country) {

        WorkbenchOrder {
            if (customer.value().startsWith(PROGRAM)) {
                throw new InvalidValueException("customer", "must not begin with " + PROGRAM);
            }
            if (!List.of("GB", "AQ").contains(country)) {
                throw new InvalidValueException("country", "must be GB or AQ");
            }
        }

        Map<String, Object> toBody() {
            var address =
                    country.equals("GB")
                            ? Map.of(
                                    "recipient", "Ada Lovelace",
                                    "street", "12 St James Square",
                                    "postalCode", "SW1Y 4JH",
                                    "city", "London",
                                    "country", country)
                            : Map.of(
                                    "recipient", "Ada Lovelace",
                                    "street", "Amundsen-Scott Station",
                                    "city", "South Pole",
                                    "country", country);
            return Map.of(
                    "lines",
                    List.of(Map.of("sku", sku, "quantity", quantity)),
                    "paymentMethodId",
                    card,
                    "email",
                    customer.value() + "@example.org",
                    "shippingAddress",
                    address);
        }
    }

    /// The articles of the catalogue.
    List<WorkbenchPage.WorkbenchChoice> articles() {
        return new ServiceApi("order-service", clients.orderApi())
                .get("/catalogue?limit=100")
                .objects("articles")
                .map(
                        article ->
                                new WorkbenchPage.WorkbenchChoice(
                                        article.text("sku"),
                                        "%s, %s %s"
                                                .formatted(
                                                        article.text("name"),
                                                        article.object("unitPrice").text("amount"),
                                                        article.object("unitPrice")
                                                                .text("currency"))))
                .toList();
    }

    /// Places an order.
    ///
    /// @return its id
    /// @throws dev.orderflow.operations.services.ServiceProblemException when order-service refuses
    ///     it
    /// @throws dev.orderflow.operations.services.ServiceUnavailableException when order-service
    ///     does not respond
    /// @throws TokenUnavailableException when the issuer does not issue a token
    UUID place(WorkbenchOrder order) {
        return new ServiceApi("order-service", asCustomer(order.customer()))
                .post("/orders", order.toBody())
                .uuid("orderId");
    }

    private RestClient asCustomer(CustomerRef customer) {
        var token = token(customer.value());
        return clients.orderApi()
                .mutate()
                .defaultHeaders(
                        headers -> {
                            headers.setBearerAuth(token);
                            headers.set("Idempotency-Key", UUID.randomUUID().toString());
                        })
                .build();
    }

    private String token(String customer) {
        var kept = tokens.get(customer);
        if (kept != null && Instant.now().isBefore(kept.until())) {
            return kept.token();
        }
        var token = fetchToken(customer);
        if (tokens.size() > 1_000) {
            tokens.clear();
        }
        tokens.put(customer, new CustomerToken(token, Instant.now().plus(KEEP_TOKEN)));
        return token;
    }

    private String fetchToken(String customer) {
        try {
            var answer =
                    clients.issuer()
                            .post()
                            .uri("/oauth2/token")
                            .headers(headers -> headers.setBasicAuth(customer, SECRET))
                            .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                            .body("grant_type=client_credentials")
                            .retrieve()
                            .body(JsonNode.class);
            if (answer != null && answer.path("access_token").isString()) {
                return answer.path("access_token").stringValue();
            }
        } catch (RestClientException failure) {
            throw new TokenUnavailableException(failure);
        }
        throw new TokenUnavailableException(null);
    }
}
