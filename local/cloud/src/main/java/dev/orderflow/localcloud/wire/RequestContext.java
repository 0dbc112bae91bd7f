package dev.orderflow.localcloud.wire;

import java.net.URI;
import java.util.UUID;

/// Metadata of one call.
///
/// @param requestId a new UUID, returned in the response
/// @param region region of the signature's credential scope, `us-east-1` when unsigned
/// @param accountId the only account, `000000000000`
/// @param endpoint the address the caller used, for URLs in responses (queue URLs)
public record RequestContext(UUID requestId, String region, String accountId, URI endpoint) {}
