package dev.orderflow.asdeployed;

import dev.orderflow.localcloud.iam.PolicyGrant;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/// Rights that the stacks give and that no path of [AuthorizationTest] uses, each with its reason.
final class UnusedRights {

    /// @param right matches all of `ROLE may ACTION on RESOURCE`
    /// @param reason why the stacks give it all the same
    /// @param always whether none of the paths uses it; else it depends on how they go, as a right
    ///     does with which a message is put off
    private record Reason(Pattern right, String reason, boolean always) {

        boolean covers(PolicyGrant grant) {
            return right.matcher(
                            "%s may %s on %s"
                                    .formatted(grant.role(), grant.action(), grant.resource()))
                    .matches();
        }
    }

    private static final List<Reason> REASONS =
            List.of(
                    never(
                            "the task that makes the databases is run by hand, before there are"
                                    + " services",
                            "databases.* may .*"),
                    never(
                            "no path here takes the operators' role: its rights are those of the"
                                    + " runbooks' commands, which deploy's OperatorRoleTest compares",
                            "orderflow-operator may .*"),
                    never(
                            "local-cloud has no network whose flows are logged",
                            "flowsrole.* may .*"),
                    never(
                            "local-cloud writes no logs of workflows",
                            "role\\w* may (logs:.*|kms:GenerateDataKey on .*)"),
                    never(
                            "with it S3 answers that there is no such object, instead of access denied;"
                                    + " here all objects are there",
                            "\\w+servicerole\\w* may s3:ListBucket on .*"),
                    never(
                            "its events come from the workflow, none of which is large today; they may"
                                    + " come by claim check all the same",
                            "(inventory|notification|shipping)servicerole\\w* may s3:GetObject on .*"),
                    never(
                            "SES asks for it when an identity has a configuration set; local-cloud"
                                    + " knows none",
                            "notificationservicerole\\w* may ses:SendEmail on .*:configuration-set/.*"),
                    never(
                            "for a shipment that a carrier refuses or a customer cancels in time",
                            "shippingservicerole\\w* may states:SendTaskFailure on .*"),
                    never(
                            "data keys that another master key has encrypted are encrypted anew; here"
                                    + " there is one master key",
                            "orderservicerole\\w* may kms:Encrypt on .*"),
                    never(
                            "nothing is undelivered here: every rule reaches its queue",
                            "operationsconsolerole\\w* may sqs:DeleteMessage on .*:undelivered-events"),
                    sometimes(
                            "a data key that was opened is kept in memory for a while",
                            "orderservicerole\\w* may kms:Decrypt on .*"),
                    sometimes(
                            "asked for when an order's workflow has not been heard of for a while",
                            "orderservicerole\\w* may states:DescribeExecution on .*"),
                    sometimes(
                            "a message is put off only while something is away",
                            "\\w+ may sqs:ChangeMessageVisibility on .*"),
                    sometimes(
                            "the operators' commands ask for what the state of a queue makes"
                                    + " necessary",
                            "operationsconsolerole\\w* may (sqs|kms):.*"));

    private UnusedRights() {}

    private static Reason never(String reason, String right) {
        return new Reason(Pattern.compile(right), reason, true);
    }

    private static Reason sometimes(String reason, String right) {
        return new Reason(Pattern.compile(right), reason, false);
    }

    /// Of rights that were not used, those that are not listed: a line each.
    static List<String> withoutReason(Collection<PolicyGrant> unused) {
        return unused.stream()
                .filter(grant -> REASONS.stream().noneMatch(it -> it.covers(grant)))
                .map(PolicyGrant::toString)
                .toList();
    }

    /// What is listed although all of it was used: a line each.
    static List<String> reasonsWithoutRight(Collection<PolicyGrant> unused) {
        return REASONS.stream()
                .filter(it -> it.always() && unused.stream().noneMatch(it::covers))
                .map(it -> it.right() + ": " + it.reason())
                .toList();
    }
}
