package dev.orderflow.localcloud.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestContext;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class KmsTest {

    private final Kms kms = new Kms(new CloudClock(1));

    private ObjectNode call(String operation, String input) {
        return call(kms, operation, input);
    }

    private static ObjectNode call(Kms kms, String operation, String input) {
        JsonNode in = JsonMapper.shared().readTree(input.replace('\'', '"'));
        return kms.handle(request(operation, (ObjectNode) in));
    }

    private static AwsRequest request(String operation, ObjectNode input) {
        return new AwsRequest(
                AwsProtocol.JSON_1_1,
                operation,
                input,
                new RequestContext(
                        UUID.randomUUID(),
                        "us-east-1",
                        "000000000000",
                        URI.create("http://localhost")));
    }

    private String newKey() {
        return call("CreateKey", "{}").path("KeyMetadata").path("Arn").asString();
    }

    @Test
    void aDataKeyIsDecryptedWithItsEncryptionContext() {
        var key = newKey();
        var made =
                call(
                        "GenerateDataKey",
                        "{'KeyId':'"
                                + key
                                + "','KeySpec':'AES_256','EncryptionContext':{'a':'1'}}");
        var wrapped = made.path("CiphertextBlob").asString();
        var opened =
                call(
                        "Decrypt",
                        "{'CiphertextBlob':'" + wrapped + "','EncryptionContext':{'a':'1'}}");
        assertThat(opened.path("Plaintext")).isEqualTo(made.path("Plaintext"));
        assertThat(opened.path("KeyId").asString()).isEqualTo(key);
        assertThatThrownBy(
                        () ->
                                call(
                                        "Decrypt",
                                        "{'CiphertextBlob':'"
                                                + wrapped
                                                + "','EncryptionContext':{'a':'2'}}"))
                .extracting("code")
                .isEqualTo("InvalidCiphertextException");
    }

    @Test
    void aCiphertextIsDecryptedOnlyWithItsKey() {
        var key = newKey();
        var sealed =
                call("Encrypt", "{'KeyId':'" + key + "','Plaintext':'c2VjcmV0'}")
                        .path("CiphertextBlob")
                        .asString();
        assertThat(
                        call("Decrypt", "{'CiphertextBlob':'" + sealed + "'}")
                                .path("Plaintext")
                                .asString())
                .isEqualTo("c2VjcmV0");
        assertThatThrownBy(
                        () ->
                                call(
                                        "Decrypt",
                                        "{'CiphertextBlob':'"
                                                + sealed
                                                + "','KeyId':'"
                                                + newKey()
                                                + "'}"))
                .extracting("code")
                .isEqualTo("IncorrectKeyException");
    }

    @Test
    void anAliasNamesAKeyAndAnUnknownKeyIsNotFound() {
        call("CreateAlias", "{'AliasName':'alias/orders','TargetKeyId':'" + newKey() + "'}");
        assertThat(call("DescribeKey", "{'KeyId':'alias/orders'}").has("KeyMetadata")).isTrue();
        assertThatThrownBy(() -> call("DescribeKey", "{'KeyId':'alias/other'}"))
                .extracting("code")
                .isEqualTo("NotFoundException");
    }

    private String of(String key) {
        return "{'KeyId':'" + key + "'}";
    }

    private String state(String key) {
        return call("DescribeKey", of(key)).path("KeyMetadata").path("KeyState").asString();
    }

    private void assertRefused(String code, String operation, String input) {
        assertThatThrownBy(() -> call(operation, input)).extracting("code").isEqualTo(code);
    }

    @Test
    void aDisabledKeyCannotBeUsedUntilItIsEnabled() {
        var key = newKey();
        var sealed =
                call("Encrypt", "{'KeyId':'" + key + "','Plaintext':'c2VjcmV0'}")
                        .path("CiphertextBlob")
                        .asString();
        call("DisableKey", of(key));
        assertThat(state(key)).isEqualTo("Disabled");
        assertRefused("DisabledException", "Encrypt", "{'KeyId':'" + key + "','Plaintext':'eA=='}");
        assertRefused("DisabledException", "Decrypt", "{'CiphertextBlob':'" + sealed + "'}");
        assertRefused(
                "DisabledException",
                "GenerateDataKey",
                "{'KeyId':'" + key + "','KeySpec':'AES_256'}");
        assertRefused("DisabledException", "EnableKeyRotation", of(key));
        call("EnableKey", of(key));
        assertThat(
                        call("Decrypt", "{'CiphertextBlob':'" + sealed + "'}")
                                .path("Plaintext")
                                .asString())
                .isEqualTo("c2VjcmV0");
    }

    /// By the table of key states.
    @Test
    void aKeyPendingDeletionAcceptsOnlyTheCancellation() {
        var key = newKey();
        call("EnableKeyRotation", of(key));
        var scheduled =
                call("ScheduleKeyDeletion", "{'KeyId':'" + key + "','PendingWindowInDays':7}");
        assertThat(scheduled.path("KeyId").asString()).isEqualTo(key);
        assertThat(scheduled.path("KeyState").asString()).isEqualTo("PendingDeletion");
        assertThat(scheduled.path("PendingWindowInDays").asInt()).isEqualTo(7);
        var described = call("DescribeKey", of(key)).path("KeyMetadata");
        assertThat(described.path("Enabled").asBoolean(true)).isFalse();
        assertThat(described.path("DeletionDate")).isEqualTo(scheduled.path("DeletionDate"));
        var state = "KMSInvalidStateException";
        assertRefused(state, "Encrypt", "{'KeyId':'" + key + "','Plaintext':'eA=='}");
        assertRefused(state, "EnableKey", of(key));
        assertRefused(state, "DisableKey", of(key));
        assertRefused(state, "EnableKeyRotation", of(key));
        assertRefused(state, "ScheduleKeyDeletion", of(key));
        assertRefused(state, "CreateAlias", "{'AliasName':'alias/a','TargetKeyId':'" + key + "'}");
        assertThat(isRotated(key)).isFalse();
        call("CancelKeyDeletion", of(key));
        assertThat(state(key)).isEqualTo("Disabled");
        assertThat(isRotated(key)).as("as it was before").isTrue();
        assertRefused(state, "CancelKeyDeletion", of(key));
    }

    private boolean isRotated(String key) {
        return call("GetKeyRotationStatus", of(key)).path("KeyRotationEnabled").asBoolean(false);
    }

    @Test
    void aKeyIsDeletedWithItsAliasesAfterItsWaitingPeriod() {
        // A day takes ten milliseconds.
        var hurried = new Kms(new CloudClock(8_640_000));
        var key = call(hurried, "CreateKey", "{}").path("KeyMetadata").path("KeyId").asString();
        call(hurried, "CreateAlias", "{'AliasName':'alias/a','TargetKeyId':'" + key + "'}");
        call(hurried, "ScheduleKeyDeletion", "{'KeyId':'" + key + "','PendingWindowInDays':7}");
        await().untilAsserted(
                        () ->
                                assertThatThrownBy(() -> call(hurried, "DescribeKey", of(key)))
                                        .extracting("code")
                                        .isEqualTo("NotFoundException"));
        assertThat(call(hurried, "ListAliases", "{}").path("Aliases")).isEmpty();
    }

    @Test
    void aWindowOrAPeriodOutsideTheLimitsIsRefused() {
        var key = newKey();
        for (var days : new int[] {6, 31}) {
            assertRefused(
                    "ValidationException",
                    "ScheduleKeyDeletion",
                    "{'KeyId':'" + key + "','PendingWindowInDays':" + days + "}");
        }
        for (var days : new int[] {89, 2_561}) {
            assertRefused(
                    "ValidationException",
                    "EnableKeyRotation",
                    "{'KeyId':'" + key + "','RotationPeriodInDays':" + days + "}");
        }
        call("EnableKeyRotation", "{'KeyId':'" + key + "','RotationPeriodInDays':90}");
        assertThat(call("GetKeyRotationStatus", of(key)).path("RotationPeriodInDays").asInt())
                .isEqualTo(90);
    }

    /// The calls of Terraform's `aws_kms_key` and `aws_kms_alias`.
    @Test
    void policyTagsDescriptionAndAliasesAreStoredAndReturned() {
        var key =
                call("CreateKey", "{'Description':'d','Tags':[{'TagKey':'a','TagValue':'b'}]}")
                        .path("KeyMetadata")
                        .path("KeyId")
                        .asString();
        assertThat(call("GetKeyPolicy", of(key)).path("Policy").asString())
                .contains("\"AWS\":\"arn:aws:iam::000000000000:root\"");
        var policy =
                "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"kms:Put*\",\"Resource\":\"*\"}}";
        kms.handle(
                request(
                        "PutKeyPolicy",
                        JsonMapper.shared()
                                .createObjectNode()
                                .put("KeyId", key)
                                .put("Policy", policy)));
        assertThat(call("GetKeyPolicy", of(key)).path("Policy").asString()).isEqualTo(policy);
        call("TagResource", "{'KeyId':'" + key + "','Tags':[{'TagKey':'c','TagValue':'d'}]}");
        call("UntagResource", "{'KeyId':'" + key + "','TagKeys':['a']}");
        assertThat(call("ListResourceTags", of(key)).path("Tags").toString())
                .isEqualTo("[{\"TagKey\":\"c\",\"TagValue\":\"d\"}]");
        call("UpdateKeyDescription", "{'KeyId':'" + key + "','Description':'e'}");
        assertThat(call("DescribeKey", of(key)).path("KeyMetadata").path("Description").asString())
                .isEqualTo("e");
        var alias = "{'AliasName':'alias/a','TargetKeyId':'" + key + "'}";
        call("CreateAlias", alias);
        assertRefused("AlreadyExistsException", "CreateAlias", alias);
        call("UpdateAlias", "{'AliasName':'alias/a','TargetKeyId':'" + newKey() + "'}");
        assertThat(call("ListAliases", of(key)).path("Aliases")).isEmpty();
        call("DeleteAlias", "{'AliasName':'alias/a'}");
        assertRefused("NotFoundException", "DeleteAlias", "{'AliasName':'alias/a'}");
        assertThat(call("ListKeys", "{'Limit':1}").path("Truncated").asBoolean(false)).isTrue();
    }

    /// https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html and
    /// API_ListAliases.html
    @Test
    void withoutALimitAPageHasAHundredKeysAndFiftyAliases() {
        for (int i = 0; i < 101; i++) {
            var key = call("CreateKey", "{}").path("KeyMetadata").path("KeyId").asString();
            call(
                    "CreateAlias",
                    "{'AliasName':'alias/many-%d','TargetKeyId':'%s'}".formatted(i, key));
        }
        assertThat(call("ListKeys", "{}").path("Keys")).hasSize(100);
        assertThat(call("ListAliases", "{}").path("Aliases")).hasSize(50);
        assertThat(call("ListAliases", "{'Limit':100}").path("Aliases")).hasSize(100);
    }

    @Test
    void unsupportedFeaturesAreRejectedByName() {
        assertThatThrownBy(() -> call("ReEncrypt", "{}"))
                .hasMessage("local-cloud does not support the operation ReEncrypt");
    }

    /// Without a statement that allows to change the policy, no one could.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    "Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"kms:*" | true
                    "Principal":{"AWS":["000000000000"]},"Action":["kms:Encrypt","kms:PutKeyPolicy"] | true
                    "Principal":{"AWS":"arn:aws:iam::999999999999:root"},"Action":"kms:*" | false
                    "Principal":{"Service":"sns.amazonaws.com"},"Action":"kms:*" | false
                    "Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"kms:Decrypt" | false
                    """)
    void aPolicyThatLocksItsAccountOutIsRefused(String statement, boolean accepted) {
        var policy =
                "{\"Statement\":[{\"Effect\":\"Allow\",\"Resource\":\"*\"," + statement + "}]}";
        var input = JsonMapper.shared().createObjectNode().put("Policy", policy);
        if (!accepted) {
            assertThatThrownBy(() -> kms.handle(request("CreateKey", input)))
                    .hasMessage(
                            "The new key policy will not allow you to update the key policy in the future.")
                    .extracting("code")
                    .isEqualTo("MalformedPolicyDocumentException");
            input.put("BypassPolicyLockoutSafetyCheck", true);
        }
        assertThat(kms.handle(request("CreateKey", input)).path("KeyMetadata")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    DescribeKey | '' | ValidationException
                    DescribeKey | nothing | NotFoundException
                    DescribeKey | 12345678-1234-1234-1234-123456789012 | NotFoundException
                    DescribeKey | alias/none | NotFoundException
                    DescribeKey | arn:aws:sqs:us-east-1:000000000000:ID | InvalidArnException
                    DescribeKey | arn:aws:kms:us-east-1:999999999999:key/ID | AccessDeniedException
                    DescribeKey | arn:aws:kms:eu-west-1:000000000000:key/ID | NotFoundException
                    DescribeKey | arn:aws:kms:us-east-1:999999999999:alias/orders | AccessDeniedException
                    DisableKey | alias/orders | NotFoundException
                    ScheduleKeyDeletion | arn:aws:kms:us-east-1:000000000000:alias/orders | InvalidArnException
                    """)
    void aKeyIsFoundOnlyByItsOwnIdArnOrAlias(String operation, String reference, String code) {
        var arn = newKey();
        var id = arn.substring(arn.lastIndexOf('/') + 1);
        call("CreateAlias", "{'AliasName':'alias/orders','TargetKeyId':'" + id + "'}");
        for (var name :
                List.of(id, arn, "alias/orders", arn.replace("key/" + id, "alias/orders"))) {
            assertThat(call("DescribeKey", of(name)).path("KeyMetadata").path("Arn").asString())
                    .isEqualTo(arn);
        }
        assertRefused(code, operation, of(reference.replace("ID", id)));
    }

    /// Joined by separators, both would be `{a=b=c}`.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    {'a':'b=c'}     | {'a=b':'c'}
                    {'a':'b, c=d'}  | {'a':'b','c':'d'}
                    {'':'a'}        | {'a':''}
                    {}              | {'':''}
                    """)
    void differentEncryptionContextsAreDistinguished(String context, String other) {
        var key = newKey();
        for (var pair : List.of(List.of(context, other), List.of(other, context))) {
            var wrapped =
                    call(
                                    "Encrypt",
                                    "{'KeyId':'%s','Plaintext':'c2VjcmV0','EncryptionContext':%s}"
                                            .formatted(key, pair.getFirst()))
                            .path("CiphertextBlob")
                            .asString();
            assertThatThrownBy(
                            () ->
                                    call(
                                            "Decrypt",
                                            "{'CiphertextBlob':'%s','EncryptionContext':%s}"
                                                    .formatted(wrapped, pair.getLast())))
                    .extracting("code")
                    .isEqualTo("InvalidCiphertextException");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    CreateAlias | {'AliasName':'alias/taken','TargetKeyId':'KEY'} | AlreadyExistsException
                    CreateAlias | {'AliasName':'orders','TargetKeyId':'KEY'} | ValidationException
                    CreateAlias | {'AliasName':'alias/a b','TargetKeyId':'KEY'} | ValidationException
                    CreateAlias | {'AliasName':'alias/aws/x','TargetKeyId':'KEY'} | NotAuthorizedException
                    CreateAlias | {'AliasName':'alias/x','TargetKeyId':'alias/taken'} | ValidationException
                    CreateAlias | {'AliasName':'alias/x','TargetKeyId':'nothing'} | NotFoundException
                    Encrypt | {'KeyId':'KEY','Plaintext':'YQ==','EncryptionAlgorithm':'RSAES_OAEP_SHA_256'} | InvalidKeyUsageException
                    Encrypt | {'KeyId':'KEY','Plaintext':'YQ==','EncryptionAlgorithm':'X'} | ValidationException
                    GenerateDataKey | {'KeyId':'KEY','KeySpec':'AES_256','NumberOfBytes':16} | ValidationException
                    GenerateDataKey | {'KeyId':'KEY'} | ValidationException
                    ListKeys | {'Marker':'Zm9v'} | InvalidMarkerException
                    CreateKey | {'Tags':[TAGS]} | LimitExceededException
                    TagResource | {'KeyId':'KEY','Tags':[TAGS]} | LimitExceededException
                    TagResource | {'KeyId':'KEY','Tags':[{'TagKey':'a','TagValue':'b'},{'TagKey':'a','TagValue':'c'}]} | TagException
                    CreateKey | {'KeySpec':'RSA_1'} | ValidationException
                    CreateKey | {'Policy':'{'} | MalformedPolicyDocumentException
                    CreateKey | {'Policy':'{}'} | MalformedPolicyDocumentException
                    PutKeyPolicy | {'KeyId':'KEY','Policy':'[]'} | MalformedPolicyDocumentException
                    Decrypt | {'CiphertextBlob':''} | ValidationException
                    """)
    void invalidParametersAreRejectedByName(String operation, String input, String code) {
        var key = newKey();
        call("CreateAlias", "{'AliasName':'alias/taken','TargetKeyId':'" + key + "'}");
        var tags =
                IntStream.rangeClosed(1, 51)
                        .mapToObj("{'TagKey':'tag-%d','TagValue':'v'}"::formatted)
                        .collect(Collectors.joining(","));
        assertThatThrownBy(() -> call(operation, input.replace("KEY", key).replace("TAGS", tags)))
                .extracting("code")
                .isEqualTo(code);
    }

    @Test
    void tagsThatAreAddedCountWithTheTagsOfTheKey() {
        var key = newKey();
        var fifty =
                IntStream.rangeClosed(1, 50)
                        .mapToObj("{'TagKey':'tag-%d','TagValue':'v'}"::formatted)
                        .collect(Collectors.joining(","));
        call("TagResource", "{'KeyId':'%s','Tags':[%s]}".formatted(key, fifty));
        assertThatThrownBy(
                        () ->
                                call(
                                        "TagResource",
                                        "{'KeyId':'%s','Tags':[{'TagKey':'one','TagValue':'more'}]}"
                                                .formatted(key)))
                .extracting("code")
                .isEqualTo("LimitExceededException");
    }
}
