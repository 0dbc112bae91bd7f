package dev.orderflow.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.EventSourceMapping;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.LayerVersion;
import software.amazon.awscdk.services.lambda.LoggingFormat;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.constructs.Construct;

/// The Lambda function that consumes the analytics queue instead of a container. It costs nothing
/// while the queue is empty and scales by itself.
final class AnalyticsFunction extends Construct {

    /// The name of the function.
    static final String NAME = "orderflow-analytics";

    /// The certificate authorities of Amazon RDS.
    static final String AUTHORITIES = "rds-global-bundle.pem";

    /// The queue that it consumes.
    static final String QUEUE = "analytics";

    private static final String HANDLER =
            "dev.orderflow.analytics.lambda.FactFunction::handleRequest";

    /// A sixth of the visibility time-out of the queue, as AWS recommends, so that Lambda can retry
    /// a batch before its messages become visible.
    private static final Duration TIMEOUT = Duration.seconds(20);

    /// If a batch fails, each message is handled alone within the time-out.
    private static final int BATCH = 10;

    private static final Duration WINDOW = Duration.seconds(1);

    /// Each concurrent execution has its own database connection.
    private static final int MAX_CONCURRENCY = 10;

    private static final List<String> NETWORK_INTERFACE_ACTIONS =
            List.of(
                    "ec2:AssignPrivateIpAddresses",
                    "ec2:CreateNetworkInterface",
                    "ec2:DeleteNetworkInterface",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSubnets",
                    "ec2:UnassignPrivateIpAddresses");

    /// The assets of the function, which are built before the stacks.
    ///
    /// @param function the archive built by Maven
    /// @param certificates a folder with [#AUTHORITIES], which a layer adds to the function
    record FunctionAssets(Path function, Path certificates) {}

    AnalyticsFunction(
            Construct scope,
            Stage stage,
            NetworkStack network,
            DataStack data,
            MessagingStack messaging,
            IKey storageKey,
            List<PolicyStatement> policies,
            FunctionAssets assets) {
        super(scope, "analytics-function");
        var log = LogGroups.create(this, "/orderflow/analytics-function", storageKey);
        var queue = messaging.queue(QUEUE);
        var function =
                Function.Builder.create(this, "function")
                        .functionName(NAME)
                        .description("Records events for the projections of analytics-service")
                        .runtime(Runtime.JAVA_25)
                        .architecture(Architecture.ARM_64)
                        .handler(HANDLER)
                        .code(Code.fromAsset(assets.function().toString()))
                        .layers(List.of(certificates(assets.certificates())))
                        .memorySize(1_024)
                        .timeout(TIMEOUT)
                        .vpc(network.vpc())
                        .vpcSubnets(network.isolatedSubnets())
                        .securityGroups(
                                List.of(
                                        network.groupOf(
                                                SecurityGroupRules.ANALYTICS_FUNCTION, this)))
                        .role(
                                PolicyStatements.role(
                                        this,
                                        "role",
                                        new ServicePrincipal("lambda.amazonaws.com"),
                                        Stream.concat(policies.stream(), runPolicies(stage, log))
                                                .toList()))
                        .logGroup(log)
                        .loggingFormat(LoggingFormat.JSON)
                        .environment(settings(stage, data, messaging))
                        .build();
        EventSourceMapping.Builder.create(this, "facts")
                .target(function)
                .eventSourceArn(queue.getQueueArn())
                .batchSize(BATCH)
                .maxBatchingWindow(WINDOW)
                .maxConcurrency(MAX_CONCURRENCY)
                .reportBatchItemFailures(true)
                .build();
    }

    private static Map<String, String> settings(
            Stage stage, DataStack data, MessagingStack messaging) {
        var settings = new TreeMap<>(ServiceEnvironment.regionalBuckets(stage));
        settings.put(
                "ORDERFLOW_DATABASE_URL",
                data.url(DeployedService.ANALYTICS.database())
                        + "?sslmode=verify-full&sslrootcert=/opt/"
                        + AUTHORITIES);
        settings.put("ORDERFLOW_DATABASE_USER", DeployedService.ANALYTICS.database());
        settings.put("ORDERFLOW_ANALYTICS_QUEUEURL", messaging.queue(QUEUE).getQueueUrl());
        settings.put("ORDERFLOW_CLAIMCHECKS_BUCKET", messaging.claimChecks().getBucketName());
        return settings;
    }

    private LayerVersion certificates(Path folder) {
        if (!Files.isRegularFile(folder.resolve(AUTHORITIES))) {
            throw new IllegalArgumentException(
                    "missing file %s in %s; see deploy/README.md".formatted(AUTHORITIES, folder));
        }
        return LayerVersion.Builder.create(this, "certificates")
                .description("Certificate authorities of the database")
                .code(Code.fromAsset(folder.toString()))
                .compatibleRuntimes(List.of(Runtime.JAVA_25))
                .compatibleArchitectures(List.of(Architecture.ARM_64))
                .build();
    }

    private static Stream<PolicyStatement> runPolicies(Stage stage, ILogGroup log) {
        return Stream.of(
                PolicyStatements.allow(
                        List.of("logs:CreateLogStream", "logs:PutLogEvents"),
                        List.of(log.getLogGroupArn())),
                // IAM supports no narrower resource for these actions.
                PolicyStatements.allow(NETWORK_INTERFACE_ACTIONS, List.of("*")),
                // Only the Lambda service needs these actions; the code of the function must not
                // use them.
                PolicyStatement.Builder.create()
                        .effect(Effect.DENY)
                        .actions(NETWORK_INTERFACE_ACTIONS)
                        .resources(List.of("*"))
                        .conditions(
                                Map.of(
                                        "ArnEquals",
                                        Map.of(
                                                "lambda:SourceFunctionArn",
                                                "arn:aws:lambda:%s:%s:function:%s"
                                                        .formatted(
                                                                stage.region(),
                                                                stage.account(),
                                                                NAME))))
                        .build());
    }
}
