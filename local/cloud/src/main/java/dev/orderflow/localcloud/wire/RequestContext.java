package dev.orderflow.localcloud.wire;

import java.net.URI;
import java.util.UUID;

/// What surrounds a call.
///
/// @param requestId a new UUID that the answer carries
/// @param region from the credential scope of the signature, `us-east-1` when unsigned
/// @param accountId the one account there is, `000000000000`
/// @param endpoint the address that the caller used, for URLs in answers (queue URLs)
public record RequestContext(UUID requestId, String region, String accountId, URI endpoint) {}
