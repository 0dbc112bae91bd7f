package dev.orderflow.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.rds.CfnDBInstance;
import software.amazon.awscdk.services.rds.CfnDBParameterGroup;
import software.amazon.awscdk.services.rds.CfnDBSubnetGroup;
import software.amazon.awscdk.services.rds.PostgresEngineVersion;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretStringGenerator;
import software.constructs.Construct;

/// One PostgreSQL server with a database and a user for each service, and the secrets.
///
/// The server has no passwords. All users, including the master user, authenticate with IAM tokens,
/// so that there is nothing to rotate.
final class DataStack extends Stack {

    /// The identifier of the database server.
    static final String NAME = "orderflow";
    private static final String MASTER = "orderflow_master";
    private static final PostgresEngineVersion VERSION = postgresVersion();

    private final Stage stage;
    private final CfnDBInstance database;
    private final Secret internalApiKey;
    private final Secret nextInternalApiKey;
    private final Secret gatewayKey;

    DataStack(
            Construct app,
            StackProps properties,
            Stage stage,
            FoundationStack foundation,
            NetworkStack network) {
        super(app, "orderflow-data", properties);
        this.stage = stage;
        var key = foundation.storageKey();
        internalApiKey =
                secret(
                        "internal-api-key",
                        "Key of the internal API for calls of the workflow and of services",
                        key);
        nextInternalApiKey =
                secret(
                        "internal-api-key-next",
                        "Second valid key of the internal API, for rotations without downtime",
                        key);
        gatewayKey =
                secret(
                        "gateway-key",
                        "Secret key of Stripe; the generated value must be replaced",
                        key);
        database = database(SizeOfScale.of(stage.scale()), network, key);
        createDatabases(foundation, network);
    }

    private Secret secret(String name, String description, IKey key) {
        return Secret.Builder.create(this, name)
                .secretName("orderflow/" + name)
                .description(description)
                .encryptionKey(key)
                .removalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
                .generateSecretString(
                        SecretStringGenerator.builder()
                                .passwordLength(48)
                                .excludePunctuation(true)
                                .build())
                .build();
    }

    private CfnDBInstance database(SizeOfScale size, NetworkStack network, IKey key) {
        var subnets =
                CfnDBSubnetGroup.Builder.create(this, "subnets")
                        .dbSubnetGroupDescription("Isolated subnets")
                        .subnetIds(
                                network
                                        .vpc()
                                        .selectSubnets(network.dataSubnets())
                                        .getSubnets()
                                        .stream()
                                        .map(ISubnet::getSubnetId)
                                        .toList())
                        .build();
        var parameters =
                CfnDBParameterGroup.Builder.create(this, "parameters")
                        .family("postgres" + VERSION.getPostgresMajorVersion())
                        .description(
                                "Requires encryption and allows enough connections for all tasks")
                        .parameters(
                                Map.of(
                                        "rds.force_ssl", "1",
                                        "max_connections",
                                                Integer.toString(size.databaseConnections()),
                                        // Logs statements without parameters, which may be personal
                                        // data.
                                        "log_min_duration_statement", "1000",
                                        "log_parameter_max_length", "0",
                                        "log_parameter_max_length_on_error", "0",
                                        "idle_in_transaction_session_timeout", "60000"))
                        .build();
        var instance =
                CfnDBInstance.Builder.create(this, "database")
                        .dbInstanceIdentifier(NAME)
                        .engine("postgres")
                        .engineVersion(VERSION.getPostgresFullVersion())
                        .autoMinorVersionUpgrade(true)
                        // No paid support for old versions: they must be upgraded.
                        .engineLifecycleSupport("open-source-rds-extended-support-disabled")
                        .dbInstanceClass(size.database())
                        .multiAz(size.standby())
                        .storageType("gp3")
                        .allocatedStorage(Integer.toString(size.storageGigabytes()))
                        .maxAllocatedStorage(4 * size.storageGigabytes())
                        .storageEncrypted(true)
                        .kmsKeyId(key.getKeyArn())
                        .masterUsername(MASTER)
                        .masterUserAuthenticationType("iam-db-auth")
                        .enableIamDatabaseAuthentication(true)
                        .caCertificateIdentifier("rds-ca-rsa2048-g1")
                        .dbParameterGroupName(parameters.getRef())
                        .dbSubnetGroupName(subnets.getRef())
                        .vpcSecurityGroups(
                                List.of(
                                        network.groupOf(SecurityGroupRules.DATABASE, this)
                                                .getSecurityGroupId()))
                        .port(Integer.toString(SecurityGroupRules.POSTGRES))
                        .publiclyAccessible(false)
                        // Erased personal data is gone when the last backup with it has expired.
                        .backupRetentionPeriod(14)
                        .automaticBackupReplicationRegion(stage.backup().region())
                        .automaticBackupReplicationKmsKeyId(stage.backup().keyArn())
                        .automaticBackupReplicationRetentionPeriod(14)
                        .copyTagsToSnapshot(true)
                        .deleteAutomatedBackups(false)
                        .deletionProtection(true)
                        .enablePerformanceInsights(true)
                        .performanceInsightsKmsKeyId(key.getKeyArn())
                        .performanceInsightsRetentionPeriod(7)
                        .enableCloudwatchLogsExports(List.of("postgresql", "upgrade"))
                        .build();
        instance.applyRemovalPolicy(RemovalPolicy.SNAPSHOT);
        // Otherwise RDS creates the log groups unencrypted and without expiry.
        for (var log : List.of("postgresql", "upgrade")) {
            instance.getNode()
                    .addDependency(
                            LogGroups.create(
                                    this, "/aws/rds/instance/%s/%s".formatted(NAME, log), key));
        }
        return instance;
    }

    /// A task that operators run before they deploy the services: the databases must exist before
    /// the services start, and the image must be pushed before the task runs.
    private void createDatabases(FoundationStack foundation, NetworkStack network) {
        var group = network.groupOf(SecurityGroupRules.DATABASE_SETUP, this);
        var command =
                new ArrayList<>(
                        List.of(
                                "java",
                                "@/app/jvm",
                                "-cp",
                                "app.jar",
                                "dev.orderflow.defaults.database.DatabaseCreator"));
        Arrays.stream(DeployedService.values())
                .map(DeployedService::database)
                .forEach(command::add);
        var task =
                new ContainerTask(
                                "databases",
                                foundation.repositoryOf(DeployedService.OPERATIONS),
                                stage.imageTag(),
                                256,
                                512,
                                Map.of(
                                        "ORDERFLOW_DATABASE_URL",
                                        url("postgres"),
                                        "ORDERFLOW_DATABASE_USER",
                                        MASTER),
                                Map.of(),
                                List.of(allowConnectAs(MASTER)))
                        .create(
                                this,
                                stage,
                                foundation.storageKey(),
                                ContainerDefinitionOptions.builder().entryPoint(command));
        CfnOutput.Builder.create(this, "create-databases")
                .description(
                        "Creates the databases and their users; run it before the services are deployed")
                .value(
                        "aws ecs run-task --cluster %s --launch-type FARGATE --task-definition %s --network-configuration 'awsvpcConfiguration={subnets=[%s],securityGroups=[%s]}'"
                                .formatted(
                                        FoundationStack.CLUSTER,
                                        task.getFamily(),
                                        network
                                                .vpc()
                                                .selectSubnets(network.isolatedSubnets())
                                                .getSubnets()
                                                .stream()
                                                .map(ISubnet::getSubnetId)
                                                .collect(Collectors.joining(",")),
                                        group.getSecurityGroupId()))
                .build();
    }

    /// The version in the root `pom.xml`, on which all tests run. The constants of CDK are not
    /// used, because they appear months after RDS offers a version.
    private static PostgresEngineVersion postgresVersion() {
        var build = new Properties();
        try (var file =
                Objects.requireNonNull(
                        DataStack.class.getResourceAsStream("build.properties"),
                        "build.properties is missing beside " + DataStack.class.getName())) {
            build.load(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        var full = Objects.requireNonNull(build.getProperty("postgres.version"));
        if (!full.matches("\\d+\\.\\d+")) {
            throw new IllegalStateException("postgres.version is not MAJOR.MINOR: " + full);
        }
        return PostgresEngineVersion.of(full, full.substring(0, full.indexOf('.')));
    }

    /// The JDBC URL of a database.
    String url(String name) {
        return "jdbc:postgresql://%s:%d/%s"
                .formatted(database.getAttrEndpointAddress(), SecurityGroupRules.POSTGRES, name);
    }

    /// Allows a role to connect as one database user.
    PolicyStatement allowConnectAs(String user) {
        return PolicyStatements.allow(
                List.of("rds-db:connect"),
                List.of(
                        "arn:aws:rds-db:%s:%s:dbuser:%s/%s"
                                .formatted(
                                        stage.region(),
                                        stage.account(),
                                        database.getAttrDbiResourceId(),
                                        user)));
    }

    /// The key of the internal API.
    ISecret internalApiKey() {
        return internalApiKey;
    }

    /// The second valid key, for rotations.
    ISecret nextInternalApiKey() {
        return nextInternalApiKey;
    }

    /// The secret key for Stripe.
    ISecret gatewayKey() {
        return gatewayKey;
    }
}
