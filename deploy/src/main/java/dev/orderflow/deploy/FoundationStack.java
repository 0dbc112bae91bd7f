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

/// The KMS keys, a repository for each image, and the cluster.
///
/// It is a separate stack, so that images can be pushed before the services are deployed.
final class FoundationStack extends Stack {

    /// The name of the cluster.
    static final String CLUSTER = "orderflow";

    private final Key storageKey;
    private final Key personalData;
    private final Map<DeployedService, IRepository> repositories = new TreeMap<>();

    FoundationStack(Construct app, StackProps properties, Topology topology) {
        super(app, "orderflow-foundation", properties);
        storageKey = key("storage", "Encrypts the database, logs, secrets and images");
        storageKey.addToResourcePolicy(
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
        // A multi-region key: without it, personal data in a copy of the database in another region
        // could not be decrypted.
        personalData =
                keyBuilder(
                                "personal-data",
                                "Encrypts the data keys of personal data in order-service")
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
                                        // See docs/cost.md for its price.
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

    /// Tags are immutable, so that a repeated deployment runs the same images.
    private Repository repository(DeployedService service) {
        return Repository.Builder.create(this, service.label())
                .repositoryName("orderflow/" + service.label())
                .imageTagMutability(TagMutability.IMMUTABLE)
                .removalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
                .imageScanOnPush(true)
                .encryption(RepositoryEncryption.KMS)
                .encryptionKey(storageKey)
                .lifecycleRules(
                        List.of(
                                LifecycleRule.builder()
                                        .tagStatus(TagStatus.UNTAGGED)
                                        .maxImageAge(Duration.days(14))
                                        .build()))
                .build();
    }

    /// Encrypts stored data. CloudWatch Logs may use it for the log groups of this account.
    IKey storageKey() {
        return storageKey;
    }

    /// Encrypts the data keys with which order-service encrypts personal data. Its deletion makes
    /// all personal data unreadable.
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
