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

/// What of cdk-nag's findings stands, and why. There is no other place that suppresses one.
final class Suppressions {

    private static final String NETWORK = "orderflow-network";

    /// @param rule of the pack AwsSolutions
    /// @param reason for a reader who would have removed the finding
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
                            "It would cost more than all our own metrics; what our alarms need of"
                                    + " containers ECS and the load balancers tell for nothing",
                            "orderflow-foundation/cluster"),
                    suppressed(
                            "AwsSolutions-EC23",
                            "It is the door of the public API: HTTPS, and HTTP that is sent on to"
                                    + " HTTPS, with a firewall before it",
                            "orderflow-network/public-load-balancer/Resource"),
                    suppressed(
                            "AwsSolutions-RDS11",
                            "A port is no secret, and the security group lets only the services at"
                                    + " it; another one would only surprise people",
                            "orderflow-data/database"),
                    suppressed(
                            "AwsSolutions-SMG4",
                            "Who made the key must change it: Stripe its own, and the internal one"
                                    + " is changed in three steps, since two are valid meanwhile, as"
                                    + " deploy/README.md says",
                            "orderflow-data/internal-api-key/Resource",
                            "orderflow-data/internal-api-key-next/Resource",
                            "orderflow-data/gateway-key/Resource"),
                    suppressed(
                            "AwsSolutions-SQS3",
                            "It is the dead-letter queue itself, of every rule and of the bus;"
                                    + " cdk-nag knows only those of queues",
                            "orderflow-messaging/undelivered-events/Resource"),
                    suppressed(
                            "AwsSolutions-S1",
                            "Objects are named by event ids, hold no personal data and are read by"
                                    + " our services alone; a log of each access would cost more than"
                                    + " the bucket and tell what CloudTrail's data events can tell",
                            "orderflow-messaging/orderflow-claim-checks/Resource"),
                    suppressed(
                            "AwsSolutions-S1",
                            "It is the log of the load balancers, which nobody reads but people; a"
                                    + " log of the log has no end",
                            "orderflow-services/access-log/Resource"),
                    suppressed(
                            "AwsSolutions-COG3",
                            "It guards passwords, and nobody signs in with one: clients are programs"
                                    + " with a secret of forty characters and more",
                            "orderflow-identity/users/Resource"),
                    new Suppression(
                            "AwsSolutions-ECS2",
                            "What is in the environment is no secret: addresses and names. Secrets"
                                    + " come from Secrets Manager when the task starts",
                            Stream.concat(
                                            Stream.of("orderflow-data/databases-task/Resource"),
                                            ofServices("-task/Resource"))
                                    .toList()),
                    new Suppression(
                            "AwsSolutions-IAM5",
                            "ECS signs in to the registry before it pulls the image, and AWS knows no"
                                    + " resource for that",
                            Stream.concat(
                                            Stream.of(
                                                    "orderflow-data/databases-start-role/Resource"),
                                            ofServices("-start-role/Resource"))
                                    .toList()),
                    new Suppression(
                            "AwsSolutions-IAM5",
                            "Meters have no resource but a namespace, which is named; claim checks"
                                    + " and executions are named by orders that are not placed yet",
                            ofServices("-role/Resource").toList()),
                    suppressed(
                            "AwsSolutions-IAM5",
                            "Paths hold the order's id, and AWS knows no resources for the actions"
                                    + " that deliver logs",
                            "orderflow-workflow/role/Resource"),
                    suppressed(
                            "AwsSolutions-IAM5",
                            "AWS knows no resources for what lists, and replays, executions, tasks"
                                    + " and claim checks have names that are not given yet",
                            "orderflow-monitoring/operator-role/Resource"),
                    suppressed(
                            "AwsSolutions-SF1",
                            "Errors are logged. All else is in the execution's history for 90 days at"
                                    + " no cost, and logging every event would double what logs cost",
                            "orderflow-workflow/state-machine"),
                    suppressed(
                            "AwsSolutions-SF2",
                            "An order's trace is the traceparent in its input, which every call and"
                                    + " event carries on; X-Ray would begin a second trace beside it",
                            "orderflow-workflow/state-machine"));

    /// For a stage whose analytics queue is read by a function.
    static final Suppression OF_THE_FUNCTION =
            suppressed(
                    "AwsSolutions-IAM5",
                    "Lambda enters the network before the function is there, so AWS knows no resource;"
                            + " claim checks are named by orders that are not placed yet",
                    "orderflow-services/analytics-function/role/Resource");

    private Suppressions() {}

    private static Suppression suppressed(String rule, String reason, String... paths) {
        return new Suppression(rule, reason, List.of(paths));
    }

    private static Stream<String> ofServices(String suffix) {
        return Arrays.stream(DeployedService.values())
                .map(service -> "orderflow-services/" + service.label() + suffix);
    }

    /// @throws RuntimeException when there is nothing at a path
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
                                        "A stage names its availability zones, so that its templates"
                                                + " are the same whoever builds them")
                                .build());
    }

    private static Stack stack(Construct app, String name) {
        return (Stack) app.getNode().findChild(name);
    }
}
