package dev.orderflow.asdeployed;

import dev.orderflow.localcloud.iam.PolicyGrant;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Rights that the stacks give and that no path of [AuthorizationTest] uses, each with its reason.
final class UnusedRights {

    /// @param right matches all of `ROLE may ACTION on RESOURCE (STATEMENT)`
    /// @param reason why the stacks give it all the same
    private record Reason(Pattern right, String reason) {

        boolean covers(PolicyGrant grant) {
            return right.matcher(grant.toString()).matches();
        }
    }

    private static final List<Reason> REASONS =
            List.of(
                    never(
                            "the task that makes the databases is run by hand, before there are"
                                    + " services",
                            "databases.* may .*"),
                    never(
                            "local-cloud has no network whose flows are logged",
                            "flowsrole.* may .*"),
                    never(
                            "local-cloud writes no logs of workflows",
                            "role\\w* may (logs:.*|kms:GenerateDataKey on .* \\(EncryptLogs\\))"),
                    never(
                            "with it S3 answers that there is no such object, instead of access denied;"
                                    + " here all objects are there",
                            "\\w+servicerole\\w* may s3:ListBucket on .*"),
                    never(
                            "SES asks for it when an identity has a configuration set; local-cloud"
                                    + " knows none",
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

    private UnusedRights() {}

    private static Reason never(String reason, String right) {
        return new Reason(Pattern.compile(right), reason);
    }

    /// Of commands of runbooks about a service that local-cloud does not have.
    private static Reason onAwsAlone(String service) {
        return never("local-cloud has no " + service, "orderflow-operator may " + service + ":.*");
    }

    /// Of rights that were not used, those that are not listed: a line each.
    static List<String> withoutReason(Collection<PolicyGrant> unused) {
        return unused.stream()
                .filter(grant -> REASONS.stream().noneMatch(it -> it.covers(grant)))
                .map(PolicyGrant::toString)
                .toList();
    }

    /// Of rights that were used, those that are listed all the same, and reasons for rights that
    /// nobody has: a line each.
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
