package dev.orderflow.deploy;

import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awscdk.Acknowledgment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Validations;
import software.constructs.Construct;

/// All suppressed findings of cdk-nag with the reasons.
final class Suppressions {

    private static final String NETWORK = "orderflow-network";

    /// @param rule of the pack AwsSolutions
    /// @param reason why the finding is accepted
    /// @param paths of the constructs in the app
    record Suppression(String rule, String reason, List<String> paths) {

        Suppression {
            paths = List.copyOf(paths);
        }
    }

    static final List<Suppression> ALL =
            List.of(
                    suppressed(
                            "AwsSolutions-ECS4",
                            "Container Insights costs more than all other metrics; the alarms use free"
                                    + " metrics of ECS and of the load balancers",
                            "orderflow-foundation/cluster"),
                    suppressed(
                            "AwsSolutions-EC23",
                            "The public API accepts HTTPS from any address, redirects HTTP to HTTPS,"
                                    + " and is protected by a web application firewall",
                            "orderflow-network/public-load-balancer/Resource"),
                    suppressed(
                            "AwsSolutions-RDS11",
                            "The default port is not a risk, because the security group allows only"
                                    + " the services",
                            "orderflow-data/database"),
                    suppressed(
                            "AwsSolutions-SMG4",
                            "Stripe issues its key, and the internal key is rotated in three steps"
                                    + " with two valid keys, which deploy/README.md describes",
                            "orderflow-data/internal-api-key/Resource",
                            "orderflow-data/internal-api-key-next/Resource",
                            "orderflow-data/gateway-key/Resource"),
                    suppressed(
                            "AwsSolutions-SQS3",
                            "It is the dead-letter queue of all rules and of the bus; cdk-nag"
                                    + " recognises only those of queues",
                            "orderflow-messaging/undelivered-events/Resource"),
                    suppressed(
                            "AwsSolutions-S1",
                            "Objects contain no personal data and only services read them; an access"
                                    + " log would cost more than the bucket, and CloudTrail data events"
                                    + " provide the same",
                            "orderflow-messaging/orderflow-claim-checks/Resource"),
                    suppressed(
                            "AwsSolutions-S1",
                            "It is the access log of the load balancers; only operators read it",
                            "orderflow-services/access-log/Resource"),
                    suppressed(
                            "AwsSolutions-COG3",
                            "Threat protection is for passwords; the clients are programs with"
                                    + " generated secrets",
                            "orderflow-identity/users/Resource"),
                    suppressed(
                            "AwsSolutions-COG3",
                            "Threat protection needs the plan PLUS; users cannot sign up, a second factor"
                                    + " is required, and passwords have 14 characters",
                            "orderflow-identity/operators/users/Resource"),
                    new Suppression(
                            "AwsSolutions-ECS2",
                            "The environment contains addresses and names; secrets are injected from"
                                    + " Secrets Manager when the task starts",
                            Stream.concat(
                                            Stream.of("orderflow-data/databases-task/Resource"),
                                            ofServices("-task/Resource"))
                                    .toList()),
                    new Suppression(
                            "AwsSolutions-IAM5",
                            "IAM supports no resource for the authorisation token of the registry",
                            Stream.concat(
                                            Stream.of(
                                                    "orderflow-data/databases-start-role/Resource"),
                                            ofServices("-start-role/Resource"))
                                    .toList()),
                    new Suppression(
                            "AwsSolutions-IAM5",
                            "Metrics are restricted by namespace; names of claim checks and"
                                    + " executions depend on future orders",
                            ofServices("-role/Resource").toList()),
                    suppressed(
                            "AwsSolutions-IAM5",
                            "Paths contain order ids, and IAM supports no resources for the actions"
                                    + " of log delivery",
                            "orderflow-workflow/role/Resource"),
                    suppressed(
                            "AwsSolutions-IAM5",
                            "AWS knows no resources for what lists, and replays, executions, tasks"
                                    + " and claim checks have names that are not given yet",
                            "orderflow-monitoring/operator-role/Resource"),
                    suppressed(
                            "AwsSolutions-SF1",
                            "Errors are logged; the execution history is available for 90 days at no"
                                    + " cost, and logging all events would double the cost of logs",
                            "orderflow-workflow/state-machine"),
                    suppressed(
                            "AwsSolutions-SF2",
                            "The input contains the trace parent, which every call and event"
                                    + " propagates; X-Ray would start a second trace",
                            "orderflow-workflow/state-machine"));

    /// For a stage with the analytics function.
    static final Suppression OF_THE_FUNCTION =
            suppressed(
                    "AwsSolutions-IAM5",
                    "IAM supports no resource for network interfaces of a function; names of claim"
                            + " checks depend on future orders",
                    "orderflow-services/analytics-function/role/Resource");

    private Suppressions() {}

    private static Suppression suppressed(String rule, String reason, String... paths) {
        return new Suppression(rule, reason, List.of(paths));
    }

    private static Stream<String> ofServices(String suffix) {
        return Arrays.stream(DeployedService.values())
                .map(service -> "orderflow-services/" + service.label() + suffix);
    }

    /// @throws RuntimeException if a path does not exist
    static void applyTo(Construct app, Stage stage) {
        var all =
                stage.analytics() == Stage.AnalyticsMode.LAMBDA
                        ? Stream.concat(ALL.stream(), Stream.of(OF_THE_FUNCTION)).toList()
                        : ALL;
        for (var suppression : all) {
            var suppressed =
                    List.of(
                            NagPackSuppression.builder()
                                    .id(suppression.rule())
                                    .reason(suppression.reason())
                                    .build());
            for (var path : suppression.paths()) {
                NagSuppressions.addResourceSuppressionsByPath(
                        stack(app, path.substring(0, path.indexOf('/'))), "/" + path, suppressed);
            }
        }
        Validations.of(stack(app, NETWORK))
                .acknowledge(
                        Acknowledgment.builder()
                                .id("CloudFormation-Validate::W3010")
                                .reason(
                                        "Availability zones are configured, so that templates do not"
                                                + " depend on the account")
                                .build());
    }

    private static Stack stack(Construct app, String name) {
        return (Stack) app.getNode().findChild(name);
    }
}
