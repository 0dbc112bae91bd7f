package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Compares the commands of "Restore the database" in `deploy/README.md` with the templates: the
/// restored database has the same properties, and every stopped service is started again.
class RestoreTest {

    /// Properties that RDS copies from the backup.
    private static final Set<String> FROM_THE_BACKUP =
            Set.of(
                    "AllocatedStorage",
                    "Engine",
                    "EngineVersion",
                    "KmsKeyId",
                    "MasterUserAuthenticationType",
                    "MasterUsername",
                    "StorageEncrypted");

    /// Properties that only CloudFormation uses, when it deletes an instance.
    private static final Set<String> OF_CLOUDFORMATION = Set.of("DeleteAutomatedBackups");

    /// The option of the command for each property.
    private static final Map<String, String> OPTIONS =
            Map.ofEntries(
                    Map.entry("AutoMinorVersionUpgrade", "--auto-minor-version-upgrade"),
                    Map.entry("AutomaticBackupReplicationKmsKeyId", "--kms-key-id"),
                    Map.entry("AutomaticBackupReplicationRegion", "--region"),
                    Map.entry(
                            "AutomaticBackupReplicationRetentionPeriod",
                            "start-db-instance-automated-backups-replication"),
                    Map.entry("BackupRetentionPeriod", "--backup-retention-period"),
                    Map.entry("CACertificateIdentifier", "--ca-certificate-identifier"),
                    Map.entry("CopyTagsToSnapshot", "--copy-tags-to-snapshot"),
                    Map.entry("DBInstanceClass", "--db-instance-class"),
                    Map.entry("DBInstanceIdentifier", "--new-db-instance-identifier orderflow "),
                    Map.entry("DBParameterGroupName", "--db-parameter-group-name"),
                    Map.entry("DBSubnetGroupName", "--db-subnet-group-name"),
                    Map.entry("DeletionProtection", "--deletion-protection"),
                    Map.entry(
                            "EnableCloudwatchLogsExports",
                            "--enable-cloudwatch-logs-exports postgresql upgrade"),
                    Map.entry(
                            "EnableIAMDatabaseAuthentication",
                            "--enable-iam-database-authentication"),
                    Map.entry("EnablePerformanceInsights", "--enable-performance-insights"),
                    Map.entry("EngineLifecycleSupport", "--engine-lifecycle-support"),
                    Map.entry("MaxAllocatedStorage", "--max-allocated-storage"),
                    Map.entry("MultiAZ", "--multi-az"),
                    Map.entry("PerformanceInsightsKMSKeyId", "--performance-insights-kms-key-id"),
                    Map.entry(
                            "PerformanceInsightsRetentionPeriod",
                            "--performance-insights-retention-period"),
                    Map.entry("Port", "--port"),
                    Map.entry("PubliclyAccessible", "--no-publicly-accessible"),
                    Map.entry("StorageType", "--storage-type"),
                    Map.entry("Tags", "--tags Key=project,Value=orderflow Key=stage,Value=$STAGE"),
                    Map.entry("VPCSecurityGroups", "--vpc-security-group-ids"));

    private final SynthesizedApp synthesis = SynthesizedApp.get();
    private final String commands = commands();

    private static String commands() {
        try {
            var readme = Files.readString(Path.of("README.md"));
            var section =
                    readme.substring(
                            readme.indexOf("## Restore the database"),
                            readme.indexOf("## Remove the installation"));
            return Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL)
                    .matcher(section)
                    .results()
                    .map(block -> block.group(1))
                    .collect(Collectors.joining());
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @Test
    void theRestoredDatabaseHasAllPropertiesOfTheOriginal() {
        var properties =
                synthesis.resources("AWS::RDS::DBInstance").getFirst().at().propertyNames();
        var unknown = new TreeSet<>(properties);
        unknown.removeAll(FROM_THE_BACKUP);
        unknown.removeAll(OF_CLOUDFORMATION);
        unknown.removeAll(OPTIONS.keySet());
        assertThat(unknown).as("properties without a decision for a restore").isEmpty();
        for (var option : OPTIONS.entrySet()) {
            if (properties.contains(option.getKey())) {
                assertThat(commands).as(option.getKey()).contains(option.getValue());
            }
        }
    }

    /// CloudFormation compares a template with the previous template, not with the resources. It
    /// does not revert manual changes, so a service that was scaled to zero stays at zero.
    @Test
    void stoppedServicesAreRestartedByCommandsWithUnchangedScalingLimits() {
        assertThat(commands)
                .contains(
                        "SERVICES=\"%s\"\n"
                                .formatted(String.join(" ", SynthesizedApp.TOPOLOGY.services())))
                .contains("scaling $s true", "--desired-count 0 ")
                .contains("scaling $s false", "'ScalableTargets[0].MinCapacity'")
                .doesNotContain("--min-capacity", "--max-capacity");
        assertThat(commands.indexOf("scaling $s true"))
                .isLessThan(commands.indexOf("--desired-count 0"));
        assertThat(commands.indexOf("MinCapacity"))
                .isLessThan(commands.indexOf("scaling $s false"));
        assertThat(synthesis.resources("AWS::ApplicationAutoScaling::ScalableTarget"))
                .hasSize(SynthesizedApp.TOPOLOGY.services().size())
                .allSatisfy(
                        target -> {
                            assertThat(target.at("MinCapacity").intValue()).isPositive();
                            assertThat(target.at("ScalableDimension").asString())
                                    .isEqualTo("ecs:service:DesiredCount");
                            assertThat(commands)
                                    .contains(
                                            "--resource-id service/"
                                                    + FoundationStack.CLUSTER
                                                    + "/$1");
                        });
    }

    /// The address is derived from the name and stays the same; the resource id in the roles
    /// changes.
    @Test
    void policiesAreUpdatedToTheRestoredDatabase() {
        var stacks =
                synthesis.resources("AWS::IAM::Role").stream()
                        .filter(role -> role.at().toString().contains("rds-db:connect"))
                        .map(SynthesizedApp.TemplateResource::stack)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(List.copyOf(stacks)).isNotEmpty();
        for (var stack : stacks) {
            assertThat(commands).contains("starts_with(RoleName,'%s-')".formatted(stack));
        }
    }
}
