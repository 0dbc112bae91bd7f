package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.ecr.LifecycleRule;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.ecr.RepositoryEncryption;
import software.amazon.awscdk.services.ecr.TagMutability;
import software.amazon.awscdk.services.ecr.TagStatus;
import software.amazon.awscdk.services.ecs.CfnCluster;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.kms.Key;
import software.constructs.Construct;

/// What is there before anything runs: the keys, a repository for each image, the cluster.
///
/// It is a stack of its own so that images can be pushed before the services that need them.
final class FoundationStack extends Stack {

    /// The cluster's name.
    static final String CLUSTER = "orderflow";

    private final Key stored;
    private final Key personalData;
    private final Map<DeployedService, IRepository> repositories = new TreeMap<>();

    FoundationStack(Construct app, StackProps here, Topology topology) {
        super(app, "orderflow-foundation", here);
        stored = key("stored", "What is stored: database, logs, secrets, images");
        stored.addToResourcePolicy(
                PolicyStatement.Builder.create()
                        .sid("LogsOfThisAccount")
                        .principals(
                                List.of(
                                        new ServicePrincipal(
                                                "logs." + getRegion() + ".amazonaws.com")))
                        .actions(
                                List.of(
                                        "kms:Encrypt",
                                        "kms:Decrypt",
                                        "kms:ReEncryptFrom",
                                        "kms:ReEncryptTo",
                                        "kms:GenerateDataKey",
                                        "kms:DescribeKey"))
                        .resources(List.of("*"))
                        .conditions(
                                Map.of(
                                        "ArnLike",
                                        Map.of(
                                                "kms:EncryptionContext:aws:logs:arn",
                                                "arn:aws:logs:%s:%s:log-group:*"
                                                        .formatted(getRegion(), getAccount()))))
                        .build());
        // Of several regions: without it a copy of the database in another one has no addresses.
        personalData =
                keyBuilder("personal-data", "Customers' addresses, sealed by order-service")
                        .multiRegion(true)
                        .build();
        for (var name : topology.services()) {
            var service = DeployedService.byName(name);
            repositories.put(service, repository(service));
        }
        CfnCluster.Builder.create(this, "cluster")
                .clusterName(CLUSTER)
                .clusterSettings(
                        List.of(
                                CfnCluster.ClusterSettingsProperty.builder()
                                        .name("containerInsights")
                                        // docs/cost.md says what it would cost.
                                        .value("disabled")
                                        .build()))
                .build();
    }

    private Key key(String name, String description) {
        return keyBuilder(name, description).build();
    }

    private Key.Builder keyBuilder(String name, String description) {
        return Key.Builder.create(this, name)
                .alias("orderflow/" + name)
                .description(description)
                .enableKeyRotation(true)
                .pendingWindow(Duration.days(30))
                .removalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    }

    /// A tag names one image for ever, so that a stage that is built again runs what it ran.
    private Repository repository(DeployedService service) {
        return Repository.Builder.create(this, service.label())
                .repositoryName("orderflow/" + service.label())
                .imageTagMutability(TagMutability.IMMUTABLE)
                .removalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
                .imageScanOnPush(true)
                .encryption(RepositoryEncryption.KMS)
                .encryptionKey(stored)
                .lifecycleRules(
                        List.of(
                                LifecycleRule.builder()
                                        .tagStatus(TagStatus.UNTAGGED)
                                        .maxImageAge(Duration.days(14))
                                        .build()))
                .build();
    }

    /// Encrypts what is stored. CloudWatch Logs may use it for the log groups of this account.
    IKey stored() {
        return stored;
    }

    /// Encrypts the keys with which order-service seals personal data. Who deletes it forgets
    /// every customer's address.
    IKey personalData() {
        return personalData;
    }

    IRepository repositoryOf(DeployedService service) {
        var repository = repositories.get(service);
        if (repository == null) {
            throw new IllegalArgumentException("the topology has no service " + service.label());
        }
        return repository;
    }
}
