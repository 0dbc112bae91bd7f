package dev.orderflow.order.personaldata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.orderflow.contracts.fixture.AwsHttpStub;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kms.KmsClient;
import tools.jackson.databind.json.JsonMapper;

class KmsMasterKeyTest {

    private static final String ARN = "arn:aws:kms:us-east-1:000000000000:key/one";
    private static final String PLAIN = Base64.getEncoder().encodeToString(new byte[32]);
    private static final UUID ID = UUID.randomUUID();

    private final AwsHttpStub wire = new AwsHttpStub();
    private final KmsMasterKey key = new KmsMasterKey(wire.client(KmsClient.builder()), ARN);

    @AfterEach
    void closeStub() {
        wire.close();
    }

    @Test
    void kmsGeneratesADataKeyWithTheEncryptionContext() {
        wire.answer =
                """
                {"KeyId":"%s","Plaintext":"%s","CiphertextBlob":"d3JhcHBlZA=="}"""
                        .formatted(ARN, PLAIN);
        var fresh = key.generate(ID);
        assertThat(wire.lastTarget()).isEqualTo("TrentService.GenerateDataKey");
        assertThat(JsonMapper.shared().readTree(wire.lastRequestBody()))
                .isEqualTo(
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"KeyId":"%s","KeySpec":"AES_256","EncryptionContext":{
                                         "service":"order-service","purpose":"personal-data",
                                         "data-key":"%s"}}"""
                                                .formatted(ARN, ID)));
        assertThat(fresh.key()).isEqualTo(DataKey.of(ID, new byte[32]));
        assertThat(fresh.wrapped().masterKeyId()).isEqualTo(ARN);
        assertThat(fresh.wrapped().bytes()).asString().isEqualTo("wrapped");
    }

    @Test
    void aStoredDataKeyIsUnwrappedByTheKeyThatWrappedIt() {
        wire.answer =
                """
                {"KeyId":"%s","Plaintext":"%s"}"""
                        .formatted(ARN, PLAIN);
        var before = "arn:aws:kms:us-east-1:000000000000:key/before";
        assertThat(key.canUnwrap(before)).isTrue();
        assertThat(key.canUnwrap("local:1")).isFalse();
        assertThat(key.unwrap(ID, new MasterKey.WrappedDataKey(before, new byte[] {1})))
                .isEqualTo(DataKey.of(ID, new byte[32]));
        assertThat(wire.lastTarget()).isEqualTo("TrentService.Decrypt");
        var request = JsonMapper.shared().readTree(wire.lastRequestBody());
        assertThat(request.path("KeyId").asString()).isEqualTo(before);
        assertThat(request.path("EncryptionContext").path("data-key").asString())
                .isEqualTo(ID.toString());
    }

    @Test
    void kmsWrapsADataKeyOfAnotherMasterKey() {
        wire.answer =
                """
                {"KeyId":"%s","CiphertextBlob":"d3JhcHBlZA=="}"""
                        .formatted(ARN);
        var wrapped = key.wrap(DataKey.of(ID, new byte[32]));
        assertThat(wire.lastTarget()).isEqualTo("TrentService.Encrypt");
        assertThat(wrapped.masterKeyId()).isEqualTo(ARN);
    }

    @Test
    void aKmsErrorIsReportedWithItsCode() {
        wire.answerWithError(400, "AccessDeniedException");
        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(() -> key.generate(ID))
                .withMessage("call of KMS failed: answered 400 AccessDeniedException")
                .matches(failure -> !failure.isOutage());
    }

    @Test
    void aMissingResponseIsReported() {
        wire.close();
        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(() -> key.generate(ID))
                .withMessage("call of KMS failed: connection refused")
                .matches(KeysUnavailableException::isOutage);
    }
}
