package dev.orderflow.topology;

import java.net.URI;

/// The settings of one environment that the topology does not contain.
///
/// @param inventoryUrl the URL at which the workflow calls inventory-service
/// @param paymentUrl the URL at which the workflow calls payment-service
/// @param operationsConsoleUrl the URL of the pages of operations-console, for the texts of alarms
/// @param internalApiKey the API key that the connection sends; a secret, never logged
/// @param approvalLimits the limits above which orders wait for an approval
public record CloudEnvironment(
        URI inventoryUrl,
        URI paymentUrl,
        URI operationsConsoleUrl,
        String internalApiKey,
        ApprovalLimits approvalLimits) {

    @Override
    public String toString() {
        return "CloudEnvironment[inventory=%s, payment=%s, approvalLimits=%s]"
                .formatted(inventoryUrl, paymentUrl, approvalLimits);
    }
}
