package dev.orderflow.order.workflow;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Why an execution did not succeed. Only the name of the error and the gateway's code are taken:
/// the cause may contain personal data.
///
/// @param error the name of the error; empty when Step Functions names none, as for an aborted
///     execution
/// @param gatewayCode the payment gateway's error code, when the cause contains one
record ExecutionFailure(Optional<String> error, Optional<String> gatewayCode) {

    private static final Pattern ERROR_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,80}");

    /// The cause of a failed HTTP task is the response body, here a problem of payment-service.
    private static final Pattern GATEWAY_CODE =
            Pattern.compile("\\\\?\"gatewayCode\\\\?\"\\s*:\\s*\\\\?\"([a-z0-9_]{1,60})\\\\?\"");

    /// The failure of an execution of which Step Functions names neither error nor cause.
    static final ExecutionFailure UNKNOWN =
            new ExecutionFailure(Optional.empty(), Optional.empty());

    /// Takes what may be shown from the error and the cause of an execution.
    static ExecutionFailure of(@Nullable String error, @Nullable String cause) {
        return new ExecutionFailure(
                Optional.ofNullable(error).filter(name -> ERROR_NAME.matcher(name).matches()),
                Optional.ofNullable(cause)
                        .flatMap(
                                text ->
                                        GATEWAY_CODE
                                                .matcher(text)
                                                .results()
                                                .map(found -> found.group(1))
                                                .findFirst()));
    }
}
