package dev.orderflow.deploy;

import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/// Log groups: encrypted, kept for three months, and not deleted with their stack.
final class Logs {

    private Logs() {}

    static LogGroup group(Construct scope, String name, IKey key) {
        return LogGroup.Builder.create(scope, "log" + name.replace('/', '-'))
                .logGroupName(name)
                .encryptionKey(key)
                .retention(RetentionDays.THREE_MONTHS)
                .build();
    }
}
