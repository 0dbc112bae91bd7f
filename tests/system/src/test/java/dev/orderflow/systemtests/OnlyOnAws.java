package dev.orderflow.systemtests;

import java.util.Map;
import java.util.stream.Collectors;

/// The commands of the runbooks that need an AWS account. Tests check their arguments only; they
/// execute every other command.
final class OnlyOnAws {

    private static final String SCALING = "the scaling of services exists only on AWS";
    private static final String CONTAINERS = "containers of Amazon ECS exist only on AWS";
    private static final String LOAD_BALANCERS = "load balancers exist only on AWS";
    private static final String MAIL = "local-cloud has version 1 of the API of SES";

    /// The beginning of each command, with the reason.
    private static final Map<String, String> REASONS =
            Map.ofEntries(
                    Map.entry("aws application-autoscaling describe-scaling-activities", SCALING),
                    Map.entry("aws application-autoscaling register-scalable-target", SCALING),
                    Map.entry("aws ecs describe-services", CONTAINERS),
                    Map.entry("aws ecs describe-tasks", CONTAINERS),
                    Map.entry("aws ecs list-tasks", CONTAINERS),
                    Map.entry("aws ecs update-service", CONTAINERS),
                    Map.entry("aws elbv2 describe-target-groups", LOAD_BALANCERS),
                    Map.entry("aws elbv2 describe-target-health", LOAD_BALANCERS),
                    Map.entry("aws lambda get-account-settings", "functions exist only on AWS"),
                    Map.entry("aws logs tail", "services of a test log to a file"),
                    Map.entry(
                            "aws service-quotas list-service-quotas",
                            "quotas of an account exist only on AWS"),
                    Map.entry("aws sesv2 delete-suppressed-destination", MAIL),
                    Map.entry("aws sesv2 get-email-identity", MAIL),
                    Map.entry("aws sesv2 list-suppressed-destinations", MAIL),
                    Map.entry("aws sesv2 put-configuration-set-sending-options", MAIL),
                    Map.entry(
                            "aws vpc-lattice list-resource-configurations",
                            "networks exist only on AWS"),
                    Map.entry("npx cdk deploy", "deploys to an AWS account"));

    private OnlyOnAws() {}

    /// The beginning of each command, with the reason why no test executes it.
    static Map<String, String> reasons() {
        return REASONS;
    }

    /// The alternatives of a `case` of Bash that matches the listed commands.
    static String pattern() {
        return REASONS.keySet().stream()
                .sorted()
                .map(command -> "'" + command + "'")
                .collect(Collectors.joining("|"));
    }
}
