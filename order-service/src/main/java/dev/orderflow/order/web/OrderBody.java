package dev.orderflow.order.web;

import dev.orderflow.order.domain.CustomerRef;
import dev.orderflow.order.domain.Delivery;
import dev.orderflow.order.domain.Line;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.Sku;
import dev.orderflow.order.placement.OrderRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;

/// The body of `POST /orders`.
@Schema(name = "NewOrder")
record OrderBody(
        @NotNull @Size(min = 1, max = Order.MOST_LINES) List<@NotNull @Valid Wanted> lines,
        @NotNull
                @Pattern(regexp = "[A-Za-z0-9_-]{1,255}")
                @Schema(
                        description = "What the gateway knows the payment method by.",
                        example = "pm_card_visa")
                String paymentMethodId,
        @NotNull
                @Pattern(
                        regexp =
                                "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
                                        + "@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63}){1,8}")
                @Size(max = 254)
                @Schema(example = "ada@example.org")
                String email,
        @NotNull @Valid Address shippingAddress) {

    /// So many of one article.
    @Schema(name = "NewOrderLine")
    record Wanted(
            @NotNull @Pattern(regexp = Sku.PATTERN) @Schema(example = "MUG-BLUE") String sku,
            @Min(1) @Max(Line.MOST) int quantity) {}

    /// Where the parcel goes.
    record Address(
            @NotNull @Text @Size(max = 100) String recipient,
            @NotNull @Text @Size(max = 200) String street,
            @NotNull @Text @Size(max = 20) String postalCode,
            @NotNull @Text @Size(max = 100) String city,
            @NotNull @Pattern(regexp = "[A-Z]{2}") @Schema(example = "GB") String country) {

        /// Leaves everything out.
        @Override
        public String toString() {
            return "Address[…]";
        }
    }

    OrderRequest by(CustomerRef customer, String traceparent) {
        return new OrderRequest(
                customer,
                lines.stream()
                        .map(line -> new OrderRequest.Wanted(new Sku(line.sku()), line.quantity()))
                        .toList(),
                paymentMethodId,
                new Delivery(
                        email,
                        shippingAddress.recipient(),
                        shippingAddress.street(),
                        shippingAddress.postalCode(),
                        shippingAddress.city(),
                        shippingAddress.country()),
                traceparent);
    }

    /// Leaves out what identifies a person or a means of payment.
    @Override
    public String toString() {
        return "OrderBody[lines=" + lines + "]";
    }
}
