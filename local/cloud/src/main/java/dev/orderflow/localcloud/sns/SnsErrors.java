package dev.orderflow.localcloud.sns;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestMembers;
import java.util.Set;

/// Errors that several SNS operations share.
final class SnsErrors {

    private SnsErrors() {}

    static AwsErrorException invalid(String what) {
        return AwsErrorException.client("InvalidParameter", "Invalid parameter: " + what);
    }

    static AwsErrorException notFound(String what) {
        return AwsErrorException.withStatus(404, "NotFound", what + " does not exist");
    }

    static RequestMembers read(AwsRequest request, Set<String> known) {
        return RequestMembers.of(request, SnsErrors::invalid, known);
    }
}
