package dev.orderflow.deploy;

import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/// Creates log groups: encrypted, with a retention of three months, and not deleted with their
/// stack.
///
/// Like repositories, secrets and buckets they have fixed names. If a failed first deployment left
/// them behind, it could not be repeated; therefore resources that a failed deployment has just
/// created are deleted, and only existing ones are kept (`RetainExceptOnCreate`).
final class LogGroups {

    private LogGroups() {}

    static LogGroup create(Construct scope, String name, IKey key) {
        return LogGroup.Builder.create(scope, "log" + name.replace('/', '-'))
                .logGroupName(name)
                .encryptionKey(key)
                .retention(RetentionDays.THREE_MONTHS)
                .removalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
                .build();
    }
}
