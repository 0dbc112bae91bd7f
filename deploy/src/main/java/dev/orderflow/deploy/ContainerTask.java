package dev.orderflow.deploy;

import static software.amazon.awscdk.services.secretsmanager.Secret.fromSecretCompleteArn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.ecs.AwsLogDriverMode;
import software.amazon.awscdk.services.ecs.AwsLogDriverProps;
import software.amazon.awscdk.services.ecs.Capability;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.CpuArchitecture;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.LinuxParameters;
import software.amazon.awscdk.services.ecs.LogDriver;
import software.amazon.awscdk.services.ecs.MountPoint;
import software.amazon.awscdk.services.ecs.OperatingSystemFamily;
import software.amazon.awscdk.services.ecs.RuntimePlatform;
import software.amazon.awscdk.services.ecs.Secret;
import software.amazon.awscdk.services.ecs.Volume;
import software.amazon.awscdk.services.iam.IPrincipal;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.iam.ServicePrincipalOpts;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.constructs.Construct;

/// A container on Fargate: on ARM, with an unprivileged user, a read-only file system except
/// `/tmp`, and its own role.
///
/// @param name of the task
/// @param repository of its image
/// @param tag of its image
/// @param cpu in 1,024ths of a vCPU
/// @param memoryMegabytes of the task
/// @param environment the environment variables
/// @param secrets the secrets, injected as environment variables when the task starts
/// @param policies the policies of its role
record ContainerTask(
        String name,
        IRepository repository,
        String tag,
        int cpu,
        int memoryMegabytes,
        Map<String, String> environment,
        Map<String, ISecret> secrets,
        List<PolicyStatement> policies) {

    /// The unprivileged user of the images.
    private static final String UNPRIVILEGED_USER = "10001:10001";

    /// @param container the additional options of its container
    FargateTaskDefinition create(
            Construct scope,
            Stage stage,
            IKey storageKey,
            ContainerDefinitionOptions.Builder container) {
        var log = LogGroups.create(scope, "/orderflow/" + name, storageKey);
        var definition =
                FargateTaskDefinition.Builder.create(scope, name + "-task")
                        .family("orderflow-" + name)
                        .cpu(cpu)
                        .memoryLimitMiB(memoryMegabytes)
                        .runtimePlatform(
                                RuntimePlatform.builder()
                                        .cpuArchitecture(CpuArchitecture.ARM64)
                                        .operatingSystemFamily(OperatingSystemFamily.LINUX)
                                        .build())
                        .taskRole(
                                PolicyStatements.role(scope, name + "-role", ecs(stage), policies))
                        .executionRole(
                                PolicyStatements.role(
                                        scope,
                                        name + "-start-role",
                                        ecs(stage),
                                        startPolicies(log, storageKey, stage)))
                        .volumes(List.of(Volume.builder().name("tmp").build()))
                        .build();
        definition
                .addContainer(
                        name,
                        container
                                .containerName(name)
                                .image(ContainerImage.fromEcrRepository(repository, tag))
                                .user(UNPRIVILEGED_USER)
                                .readonlyRootFilesystem(true)
                                .linuxParameters(withoutCapabilities(scope))
                                // Sorted, because a changed order would replace all tasks.
                                .environment(new TreeMap<>(environment))
                                .secrets(secretReferences(scope))
                                // Logging must not block the service.
                                .logging(
                                        LogDriver.awsLogs(
                                                AwsLogDriverProps.builder()
                                                        .logGroup(log)
                                                        .streamPrefix(name)
                                                        .mode(AwsLogDriverMode.NON_BLOCKING)
                                                        .maxBufferSize(Size.mebibytes(8))
                                                        .build()))
                                .build())
                .addMountPoints(
                        MountPoint.builder()
                                .sourceVolume("tmp")
                                .containerPath("/tmp")
                                .readOnly(false)
                                .build());
        return definition;
    }

    /// Only on behalf of this account.
    private static IPrincipal ecs(Stage stage) {
        return new ServicePrincipal(
                "ecs-tasks.amazonaws.com",
                ServicePrincipalOpts.builder()
                        .conditions(
                                Map.of(
                                        "StringEquals",
                                        Map.of("aws:SourceAccount", stage.account())))
                        .build());
    }

    /// Imported by ARN, because otherwise CDK would add the start role to the key policy; the role
    /// has its own policy.
    private Map<String, Secret> secretReferences(Construct scope) {
        return secrets.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                secret ->
                                        Secret.fromSecretsManager(
                                                fromSecretCompleteArn(
                                                        scope,
                                                        name + "-" + secret.getKey(),
                                                        secret.getValue().getSecretArn()))));
    }

    private LinuxParameters withoutCapabilities(Construct scope) {
        var parameters = LinuxParameters.Builder.create(scope, name + "-linux").build();
        parameters.dropCapabilities(Capability.ALL);
        return parameters;
    }

    /// The policies that ECS needs to start the task; the task itself does not have them.
    private List<PolicyStatement> startPolicies(ILogGroup log, IKey storageKey, Stage stage) {
        var statements = new ArrayList<PolicyStatement>();
        // IAM supports no resources for this action.
        statements.add(PolicyStatements.allow(List.of("ecr:GetAuthorizationToken"), List.of("*")));
        statements.add(
                PolicyStatements.allow(
                        List.of(
                                "ecr:BatchCheckLayerAvailability",
                                "ecr:BatchGetImage",
                                "ecr:GetDownloadUrlForLayer"),
                        List.of(repository.getRepositoryArn())));
        statements.add(
                PolicyStatements.allow(
                        List.of("logs:CreateLogStream", "logs:PutLogEvents"),
                        List.of(log.getLogGroupArn())));
        if (!secrets.isEmpty()) {
            statements.add(
                    PolicyStatements.allow(
                            List.of("secretsmanager:GetSecretValue"),
                            secrets.values().stream()
                                    .map(ISecret::getSecretArn)
                                    .sorted()
                                    .toList()));
            statements.add(
                    PolicyStatements.allow(
                            List.of("kms:Decrypt"),
                            List.of(storageKey.getKeyArn()),
                            Map.of(
                                    "kms:ViaService",
                                    "secretsmanager.%s.amazonaws.com".formatted(stage.region()))));
        }
        return List.copyOf(statements);
    }
}
