package dev.orderflow.localcloud.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestContext;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class KmsTest {

    private final Kms kms = new Kms();

    private ObjectNode call(String operation, String input) {
        JsonNode in = JsonMapper.shared().readTree(input.replace('\'', '"'));
        return kms.handle(
                new AwsRequest(
                        AwsProtocol.JSON_1_1,
                        operation,
                        (ObjectNode) in,
                        new RequestContext(
                                UUID.randomUUID(),
                                "us-east-1",
                                "000000000000",
                                URI.create("http://localhost"))));
    }

    private String newKey() {
        return call("CreateKey", "{}").path("KeyMetadata").path("Arn").asString();
    }

    @Test
    void aDataKeyIsUnwrappedUnderTheContextItWasMadeWith() {
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
    void whatWasEncryptedIsDecryptedByItsOwnKeyAlone() {
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
}
