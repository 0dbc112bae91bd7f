package dev.orderflow.localcloud.wire;

import tools.jackson.databind.node.ObjectNode;

/// One call of an AWS API, freed from the protocol it came in.
///
/// @param protocol how the caller spoke, which is how it wants to be answered
/// @param operation the API action, for example `PutEvents`
/// @param input the members of the request as JSON. From the Query protocol every scalar is a
///     string and lists and maps are already folded (`Tags.member.1.Key` is `{"Tags":[{"Key":…}]}`)
/// @param context who called where
public record AwsRequest(
        AwsProtocol protocol, String operation, ObjectNode input, RequestContext context) {}
