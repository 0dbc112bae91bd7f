package dev.orderflow.localcloud.sts;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.AwsService;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The STS API: GetCallerIdentity
/// (docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html). Every caller is the
/// root user of the only account.
public final class Sts implements AwsService {

    @Override
    public String signingName() {
        return "sts";
    }

    @Override
    public ObjectNode handle(AwsRequest request) {
        if (!request.operation().equals("GetCallerIdentity")) {
            throw AwsErrorException.withStatus(
                    400,
                    "InvalidAction",
                    "local-cloud does not support the operation " + request.operation());
        }
        var account = request.context().accountId();
        return JsonMapper.shared()
                .createObjectNode()
                .put("Arn", "arn:aws:iam::" + account + ":root")
                .put("UserId", account)
                .put("Account", account);
    }
}
