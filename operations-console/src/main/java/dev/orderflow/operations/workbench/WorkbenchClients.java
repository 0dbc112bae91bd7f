package dev.orderflow.operations.workbench;

import dev.orderflow.operations.services.ServiceApi;
import org.springframework.web.client.RestClient;

/// The clients of the parts that only the workbench calls.
///
/// @param orderApi the public API of order-service, without a token
/// @param issuer the development issuer
record WorkbenchClients(
        ServiceApi gateway,
        ServiceApi carrier,
        ServiceApi cloud,
        RestClient orderApi,
        RestClient issuer) {}
