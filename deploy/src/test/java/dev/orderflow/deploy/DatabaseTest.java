package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.deploy.SynthesizedApp.TemplateResource;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DatabaseTest {

    private final SynthesizedApp synthesis = SynthesizedApp.get();

    @Test
    void noUserHasAPassword() {
        assertThat(database().at("MasterUserPassword").isMissingNode()).isTrue();
        assertThat(database().at("MasterUserAuthenticationType").asString())
                .isEqualTo("iam-db-auth");
        assertThat(database().at("EnableIAMDatabaseAuthentication").booleanValue()).isTrue();
    }

    @Test
    void onlyEncryptedConnectionsAreAccepted() {
        assertThat(
                        synthesis
                                .resources("AWS::RDS::DBParameterGroup")
                                .getFirst()
                                .at("Parameters", "rds.force_ssl")
                                .asString())
                .isEqualTo("1");
    }

    @Test
    void theDatabaseIsPrivateRetainedAndBackedUp() {
        assertThat(database().at("PubliclyAccessible").booleanValue()).isFalse();
        assertThat(database().at("DeletionProtection").booleanValue()).isTrue();
        assertThat(database().at("MultiAZ").booleanValue()).isTrue();
        // Not longer, because a backup contains erased personal data.
        assertThat(database().at("BackupRetentionPeriod").asInt()).isBetween(7, 35);
    }

    @Test
    void backupsAreCopiedToAnotherRegionWithTheKeyOfPersonalData() {
        assertThat(database().at("AutomaticBackupReplicationRegion").asString())
                .isEqualTo(SynthesizedApp.STAGE.backup().region())
                .isNotEqualTo(SynthesizedApp.STAGE.region());
        assertThat(database().at("AutomaticBackupReplicationKmsKeyId").asString())
                .isEqualTo(SynthesizedApp.STAGE.backup().keyArn());
        assertThat(synthesis.resources("AWS::KMS::Key"))
                .filteredOn(key -> key.id().startsWith("personaldata"))
                .singleElement()
                .satisfies(key -> assertThat(key.at("MultiRegion").booleanValue()).isTrue());
    }

    @Test
    void itsLogGroupsAreCreatedBeforeTheDatabase() {
        assertThat(
                        database()
                                .at("EnableCloudwatchLogsExports")
                                .valueStream()
                                .map(log -> "/aws/rds/instance/orderflow/" + log.asString()))
                .isNotEmpty()
                .allMatch(
                        name ->
                                synthesis.resources("AWS::Logs::LogGroup").stream()
                                        .anyMatch(
                                                log ->
                                                        log.at("LogGroupName")
                                                                .asString()
                                                                .equals(name)));
    }

    @Test
    void theDatabaseTaskCreatesEveryDatabase() {
        assertThat(
                        synthesis.resources("AWS::ECS::TaskDefinition").stream()
                                .filter(
                                        it ->
                                                it.at("Family")
                                                        .asString()
                                                        .equals("orderflow-databases"))
                                .flatMap(
                                        it ->
                                                it.at("ContainerDefinitions")
                                                        .path(0)
                                                        .path("EntryPoint")
                                                        .valueStream())
                                .map(JsonNode::asString))
                .containsExactly(
                        "java",
                        "@/app/jvm",
                        "-cp",
                        "app.jar",
                        "dev.orderflow.defaults.database.DatabaseCreator",
                        "orders",
                        "inventory",
                        "payments",
                        "shipping",
                        "notifications",
                        "analytics",
                        "operations");
    }

    private TemplateResource database() {
        return synthesis.resources("AWS::RDS::DBInstance").getFirst();
    }
}
