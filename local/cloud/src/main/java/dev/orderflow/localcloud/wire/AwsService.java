package dev.orderflow.localcloud.wire;

import tools.jackson.databind.node.ObjectNode;

/// One AWS service, independent of the protocol of its callers.
public interface AwsService {

    /// The service's signing name (`events`, `states`, `sns`, `monitoring`), by which requests are
    /// routed.
    String signingName();

    /// Handles one call.
    ///
    /// @return the members of the response, empty if the API returns none
    /// @throws AwsErrorException if the call fails; for an unsupported operation with
    ///     [AwsErrorException#unknownOperation(String)]
    ObjectNode handle(AwsRequest request);
}
