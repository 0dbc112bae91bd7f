package dev.orderflow.localcloud.sns;

import dev.orderflow.localcloud.wire.AwsError;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.Members;
import java.util.Set;

/// The errors of SNS that more than one operation gives.
final class Refusals {

    private Refusals() {}

    static AwsError invalid(String what) {
        return AwsError.client("InvalidParameter", "Invalid parameter: " + what);
    }

    static AwsError notFound(String what) {
        return AwsError.withStatus(404, "NotFound", what + " does not exist");
    }

    static Members read(AwsRequest request, Set<String> known) {
        return Members.of(request, Refusals::invalid, known);
    }
}
