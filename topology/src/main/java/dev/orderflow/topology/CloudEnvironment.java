package dev.orderflow.topology;

import java.net.URI;

/// What a topology does not say about the place it is built in.
///
/// @param inventoryUrl where the workflow reaches inventory-service
/// @param paymentUrl where the workflow reaches payment-service
/// @param internalApiKey what the connection sends; a secret, never logged
/// @param approvalLimits orders above them wait for a person
public record CloudEnvironment(
        URI inventoryUrl, URI paymentUrl, String internalApiKey, ApprovalLimits approvalLimits) {

    @Override
    public String toString() {
        return "Site[inventory=%s, payment=%s, approvalLimits=%s]"
                .formatted(inventoryUrl, paymentUrl, approvalLimits);
    }
}
