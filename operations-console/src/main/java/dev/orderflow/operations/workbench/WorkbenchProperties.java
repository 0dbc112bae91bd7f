package dev.orderflow.operations.workbench;

import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// Where the workbench finds the parts of a system on one machine. They are read only where it is
/// switched on.
///
/// @param enabled whether there is a workbench; permitted only under the profile `local`
/// @param orderApiUrl the public API of order-service
/// @param issuerUrl the development issuer
/// @param gatewayUrl the sandbox of the payment gateway
/// @param carrierUrl the sandbox of the carrier
/// @param cloudUrl local-cloud
/// @param logFile the log of all services, if they have one in common
@Validated
@ConfigurationProperties("orderflow.operations.workbench")
record WorkbenchProperties(
        boolean enabled,
        @NotNull URI orderApiUrl,
        @NotNull URI issuerUrl,
        @NotNull URI gatewayUrl,
        @NotNull URI carrierUrl,
        @NotNull URI cloudUrl,
        @Nullable Path logFile) {}
