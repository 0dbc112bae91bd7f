package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.deploy.SynthesizedApp.TemplateResource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EncryptionTest {

    /// The property with the key, by resource type.
    private static final Map<String, List<String>> KEY_OF =
            Map.of(
                    "AWS::SQS::Queue", List.of("KmsMasterKeyId"),
                    "AWS::SNS::Topic", List.of("KmsMasterKeyId"),
                    "AWS::Events::EventBus", List.of("KmsKeyIdentifier"),
                    "AWS::Events::Archive", List.of("KmsKeyIdentifier"),
                    "AWS::Logs::LogGroup", List.of("KmsKeyId"),
                    "AWS::RDS::DBInstance", List.of("KmsKeyId"),
                    "AWS::SecretsManager::Secret", List.of("KmsKeyId"),
                    "AWS::ECR::Repository", List.of("EncryptionConfiguration", "KmsKey"),
                    "AWS::StepFunctions::StateMachine",
                            List.of("EncryptionConfiguration", "KmsKeyId"));

    private final SynthesizedApp synthesis = SynthesizedApp.get();

    static List<String> kinds() {
        return KEY_OF.keySet().stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theResourceIsEncryptedWithACustomerManagedKey(String kind) {
        var path = KEY_OF.getOrDefault(kind, List.of()).toArray(String[]::new);
        assertThat(synthesis.resources(kind))
                .isNotEmpty()
                .allSatisfy(resource -> assertThat(resource.at(path).isObject()).isTrue());
    }

    @Test
    void theDatabasesStorageIsEncrypted() {
        assertThat(synthesis.resources("AWS::RDS::DBInstance"))
                .isNotEmpty()
                .allSatisfy(
                        database ->
                                assertThat(database.at("StorageEncrypted").booleanValue())
                                        .isTrue());
    }

    @Test
    void everyBucketIsEncryptedAndPrivate() {
        assertThat(synthesis.resources("AWS::S3::Bucket"))
                .isNotEmpty()
                .allSatisfy(
                        bucket -> {
                            assertThat(bucket.at("BucketEncryption").isObject()).isTrue();
                            assertThat(bucket.at("PublicAccessBlockConfiguration").propertyStream())
                                    .hasSize(4)
                                    .allSatisfy(
                                            block ->
                                                    assertThat(block.getValue().booleanValue())
                                                            .isTrue());
                        });
    }

    @Test
    void everyKeyIsRotated() {
        assertThat(synthesis.resources("AWS::KMS::Key"))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(key.at("EnableKeyRotation").booleanValue()).isTrue());
    }

    @Test
    void queuesTopicsAndBucketsRequireTls() {
        for (var kind :
                Map.of(
                                "AWS::SQS::Queue", "AWS::SQS::QueuePolicy",
                                "AWS::SNS::Topic", "AWS::SNS::TopicPolicy",
                                "AWS::S3::Bucket", "AWS::S3::BucketPolicy")
                        .entrySet()) {
            assertThat(synthesis.resources(kind.getValue()))
                    .hasSameSizeAs(synthesis.resources(kind.getKey()))
                    .allSatisfy(policy -> assertThat(refusesPlainText(policy)).isTrue());
        }
    }

    private static boolean refusesPlainText(TemplateResource policy) {
        return policy.at("PolicyDocument", "Statement")
                .valueStream()
                .anyMatch(
                        statement ->
                                statement.path("Effect").asString().equals("Deny")
                                        && statement
                                                .path("Condition")
                                                .path("Bool")
                                                .path("aws:SecureTransport")
                                                .asString()
                                                .equals("false"));
    }

    /// Resources of a failed deployment are deleted. If one were retained, its fixed name would be
    /// taken when the deployment is repeated.
    @Test
    void noResourceOfAFailedDeploymentBlocksTheNextOne() {
        var kept = new TreeMap<String, Long>();
        for (var template : synthesis.templates().values()) {
            for (var resource : template.path("Resources")) {
                assertThat(resource.path("DeletionPolicy").asString(""))
                        .as(resource.path("Properties").toString())
                        .isNotEqualTo("Retain");
                if (resource.path("DeletionPolicy").asString("").equals("RetainExceptOnCreate")) {
                    kept.merge(resource.path("Type").asString(), 1L, Long::sum);
                }
            }
        }
        assertThat(kept)
                .containsKeys(
                        "AWS::Logs::LogGroup",
                        "AWS::ECR::Repository",
                        "AWS::SecretsManager::Secret",
                        "AWS::S3::Bucket",
                        "AWS::KMS::Key",
                        "AWS::Cognito::UserPool");
    }

    @Test
    void everyLogGroupHasARetention() {
        assertThat(synthesis.resources("AWS::Logs::LogGroup"))
                .isNotEmpty()
                .allSatisfy(log -> assertThat(log.at("RetentionInDays").intValue()).isEqualTo(90));
    }
}
