package dev.orderflow.asdeployed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.localcloud.iam.PolicyGrant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The list of unused permissions must not hide a permission without a reason, nor contain outdated
/// reasons.
class UnusedPermissionsTest {

    private static final PolicyGrant LISTED =
            new PolicyGrant(
                    "orderflow-operator", "#0", "rds:ModifyDBInstance", "arn:aws:rds:::db:x");
    private static final PolicyGrant NOT_LISTED =
            new PolicyGrant("orderflow-operator", "#0", "sqs:PurgeQueue", "arn:aws:sqs:::q");

    @Test
    void aRightThatIsNotListedIsNamedWhenNothingUsedIt() {
        assertThat(UnusedPermissions.withoutReason(List.of(LISTED, NOT_LISTED)))
                .containsExactly(NOT_LISTED.toString());
    }

    @Test
    void aRightThatIsListedIsNamedWhenItWasUsed() {
        assertThat(UnusedPermissions.untrueReasons(List.of(LISTED, NOT_LISTED), List.of(LISTED)))
                .contains(LISTED + " was used")
                .doesNotContain(NOT_LISTED + " was used");
    }

    @Test
    void aReasonCanApplyToOneStatementOnly() {
        var logs = workflowMayEncrypt("EncryptLogs");
        var history = workflowMayEncrypt("EncryptHistory");
        assertThat(UnusedPermissions.withoutReason(List.of(logs, history)))
                .containsExactly(history.toString());
        assertThat(UnusedPermissions.untrueReasons(List.of(history), List.of(logs)))
                .noneMatch(line -> line.contains("was used"));
    }

    private static PolicyGrant workflowMayEncrypt(String statement) {
        return new PolicyGrant(
                "roleC7B7E775", statement, "kms:GenerateDataKey", "arn:aws:kms:::key/k");
    }

    @Test
    void aReasonForARightThatNobodyHasIsNamed() {
        assertThat(UnusedPermissions.untrueReasons(List.of(), List.of(LISTED)))
                .noneMatch(line -> line.contains("rds"))
                .anyMatch(line -> line.contains("lambda"));
    }
}
