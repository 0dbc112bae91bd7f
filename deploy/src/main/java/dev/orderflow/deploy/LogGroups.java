package dev.orderflow.deploy;

import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/// Log groups: encrypted, kept for three months, and not deleted with their stack.
///
/// They have fixed names, as repositories, secrets and buckets have, and so a first deployment that
/// failed could not be repeated if it left them behind: what a failed deployment has just created
/// is deleted, and only what was there before is kept (`RetainExceptOnCreate`).
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
