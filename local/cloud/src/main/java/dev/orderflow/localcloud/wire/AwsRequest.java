package dev.orderflow.localcloud.wire;

import tools.jackson.databind.node.ObjectNode;

/// One call of an AWS API, independent of its protocol.
///
/// @param protocol the protocol of the request and its response
/// @param operation the API action, for example `PutEvents`
/// @param input the members of the request as JSON. In the query protocol every scalar is a string,
///     and lists and maps are already converted (`Tags.member.1.Key` is `{"Tags":[{"Key":…}]}`)
/// @param context region, account and endpoint of the call
public record AwsRequest(
        AwsProtocol protocol, String operation, ObjectNode input, RequestContext context) {}
