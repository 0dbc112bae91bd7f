package dev.orderflow.topology;

import java.math.BigDecimal;
import java.net.URI;

/// What a topology does not say about the place it is built in.
///
/// @param inventoryUrl where the workflow reaches inventory-service
/// @param paymentUrl where the workflow reaches payment-service
/// @param internalApiKey what the connection sends; a secret, never logged
/// @param approvalLimit orders above it wait for a person, in the order's own currency
public record Site(
        URI inventoryUrl, URI paymentUrl, String internalApiKey, BigDecimal approvalLimit) {

    @Override
    public String toString() {
        return "Site[inventory=%s, payment=%s, approvalLimit=%s]"
                .formatted(inventoryUrl, paymentUrl, approvalLimit);
    }
}
