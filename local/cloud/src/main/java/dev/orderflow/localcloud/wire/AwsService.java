package dev.orderflow.localcloud.wire;

import tools.jackson.databind.node.ObjectNode;

/// One AWS service, behind whatever protocol its callers speak.
public interface AwsService {

    /// The service's signing name (`events`, `states`, `sns`, `monitoring`), by which a request
    /// finds it.
    String signingName();

    /// Answers one call.
    ///
    /// @return the members of the answer, empty where the API returns nothing
    /// @throws AwsErrorException for every refusal; an operation that is not supported is refused
    ///     with     [AwsErrorException#unknownOperation(String)]
    ObjectNode handle(AwsRequest request);
}
