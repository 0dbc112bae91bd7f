package dev.orderflow.order.web;

import dev.orderflow.contracts.value.CountryCode;
import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.EmailAddress;
import dev.orderflow.contracts.value.PaymentMethodId;
import dev.orderflow.contracts.value.PostalCode;
import dev.orderflow.contracts.value.Quantity;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.order.domain.DeliveryDetails;
import dev.orderflow.order.placement.OrderRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The body of `POST /orders`.
@Schema(name = "NewOrder", example = OrderBody.EXAMPLE)
record OrderBody(
        @NotNull @Size(min = 1, max = Quantity.MAX_LINES, message = "must have 1 to {max} lines")
                List<@NotNull @Valid OrderLineBody> lines,
        @NotNull
                @SharedValue(SharedValue.SharedValueType.PAYMENT_METHOD_ID)
                @Schema(
                        description = "The payment gateway's id of the payment method.",
                        pattern = "^" + PaymentMethodId.PATTERN + "$",
                        example = "pm_card_visa")
                String paymentMethodId,
        @NotNull
                @SharedValue(SharedValue.SharedValueType.EMAIL_ADDRESS)
                @Schema(
                        description =
                                """
                                One mailbox that Amazon SES delivers to (RFC 5321, section 4.1.2): at \
                                most 64 characters before the @, no quotes, single dots, a domain with \
                                a top-level domain. ASCII; a domain of other characters as Punycode.""",
                        maxLength = EmailAddress.MAX_LENGTH,
                        example = "ada@example.org")
                String email,
        @NotNull @Valid ShippingAddressBody shippingAddress) {

    /// An order that is accepted with the catalogue of the demo.
    static final String EXAMPLE =
            """
            {
              "lines": [{"sku": "MUG-BLUE", "quantity": 2}],
              "paymentMethodId": "pm_card_visa",
              "email": "ada@example.org",
              "shippingAddress": {
                "recipient": "Ada Lovelace",
                "street": "12 St James Square",
                "postalCode": "SW1Y 4JH",
                "city": "London",
                "country": "GB"
              }
            }
            """;

    /// A quantity of one article.
    @Schema(name = "NewOrderLine")
    record OrderLineBody(
            @NotNull
                    @SharedValue(SharedValue.SharedValueType.SKU)
                    @Schema(pattern = "^" + Sku.PATTERN + "$", example = "MUG-BLUE")
                    String sku,
            @Min(1) @Max(Quantity.MAX_ORDERED) @Schema(example = "2") int quantity) {}

    /// The delivery address.
    @PostalCodeOfCountry
    record ShippingAddressBody(
            @NotNull
                    @SingleLineText(max = TextLine.MAX_NAME_LENGTH)
                    @Schema(
                            minLength = 1,
                            maxLength = TextLine.MAX_NAME_LENGTH,
                            example = "Ada Lovelace")
                    String recipient,
            @NotNull
                    @SingleLineText(max = TextLine.MAX_STREET_LENGTH)
                    @Schema(
                            minLength = 1,
                            maxLength = TextLine.MAX_STREET_LENGTH,
                            example = "12 St James Square")
                    String street,
            @Schema(
                            description =
                                    """
                                    Required, in the country's format, if the country's postal service \
                                    requires one; optional in other countries, for example in HK and AE, \
                                    which have no postal codes.""",
                            maxLength = PostalCode.MAX_LENGTH,
                            example = "SW1Y 4JH")
                    @Nullable String postalCode,
            @NotNull
                    @SingleLineText(max = TextLine.MAX_CITY_LENGTH)
                    @Schema(minLength = 1, maxLength = TextLine.MAX_CITY_LENGTH, example = "London")
                    String city,
            @NotNull
                    @SharedValue(SharedValue.SharedValueType.COUNTRY_CODE)
                    @Schema(
                            description = "An officially assigned code of ISO 3166-1 alpha-2.",
                            pattern = "^" + CountryCode.PATTERN + "$",
                            example = "GB")
                    String country) {

        /// Omits all values.
        @Override
        public String toString() {
            return "ShippingAddressBody[…]";
        }
    }

    OrderRequest toRequest(CustomerRef customer, String traceparent) {
        return new OrderRequest(
                customer,
                lines.stream()
                        .map(
                                line ->
                                        new OrderRequest.RequestedLine(
                                                new Sku(line.sku()), line.quantity()))
                        .toList(),
                paymentMethodId,
                new DeliveryDetails(
                        email,
                        shippingAddress.recipient(),
                        shippingAddress.street(),
                        shippingAddress.postalCode(),
                        shippingAddress.city(),
                        shippingAddress.country()),
                traceparent);
    }

    /// Omits personal data and the payment method.
    @Override
    public String toString() {
        return "OrderBody[lines=" + lines + "]";
    }
}
