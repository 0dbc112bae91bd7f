package dev.orderflow.asdeployed;

import dev.orderflow.localcloud.iam.PolicyGrant;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Permissions that the stacks grant and no journey of [AuthorizationTest] uses, each with its
/// reason.
final class UnusedPermissions {

    /// @param right matches all of `ROLE may ACTION on RESOURCE (STATEMENT)`
    /// @param reason why the stacks grant it
    private record Reason(Pattern right, String reason) {

        boolean covers(PolicyGrant grant) {
            return right.matcher(grant.toString()).matches();
        }
    }

    private static final List<Reason> REASONS =
            List.of(
                    never(
                            "operators start the task that creates the databases, before the"
                                    + " services are deployed",
                            "databases.* may .*"),
                    never(
                            "local-cloud has no network whose flows are logged",
                            "flowsrole.* may .*"),
                    never(
                            "local-cloud writes no logs of workflows",
                            "role\\w* may (logs:.*|kms:GenerateDataKey on .* \\(EncryptLogs\\))"),
                    never(
                            "with this permission S3 responds NoSuchKey instead of AccessDenied for an"
                                    + " absent object; in the journeys no object is absent",
                            "\\w+servicerole\\w* may s3:ListBucket on .*"),
                    never(
                            "SES requires it for an identity with a configuration set; local-cloud"
                                    + " has none",
                            "notificationservicerole\\w* may ses:SendEmail on .*:configuration-set/.*"),
                    never(
                            "local-cloud has no suppression list and no configuration sets",
                            "orderflow-operator may ses:(DeleteSuppressedDestination"
                                    + "|ListSuppressedDestinations"
                                    + "|PutConfigurationSetSendingOptions) on .*"),
                    onAwsAlone("application-autoscaling"),
                    onAwsAlone("ecs"),
                    onAwsAlone("elasticloadbalancing"),
                    onAwsAlone("lambda"),
                    onAwsAlone("logs"),
                    onAwsAlone("rds"),
                    onAwsAlone("servicequotas"),
                    onAwsAlone("vpc-lattice"));

    private UnusedPermissions() {}

    private static Reason never(String reason, String right) {
        return new Reason(Pattern.compile(right), reason);
    }

    /// Permissions of runbook commands for a service that local-cloud does not have.
    private static Reason onAwsAlone(String service) {
        return never("local-cloud has no " + service, "orderflow-operator may " + service + ":.*");
    }

    /// The unused permissions that are not listed, one line each.
    static List<String> withoutReason(Collection<PolicyGrant> unused) {
        return unused.stream()
                .filter(grant -> REASONS.stream().noneMatch(it -> it.covers(grant)))
                .map(PolicyGrant::toString)
                .toList();
    }

    /// The listed permissions that were used or that no role has, one line each.
    static List<String> untrueReasons(
            Collection<PolicyGrant> used, Collection<PolicyGrant> unused) {
        return Stream.concat(
                        used.stream()
                                .filter(grant -> REASONS.stream().anyMatch(it -> it.covers(grant)))
                                .map(grant -> grant + " was used"),
                        REASONS.stream()
                                .filter(it -> unused.stream().noneMatch(it::covers))
                                .map(it -> "no role has %s: %s".formatted(it.right(), it.reason())))
                .toList();
    }
}
