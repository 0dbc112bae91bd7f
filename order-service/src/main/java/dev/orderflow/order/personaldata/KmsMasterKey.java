package dev.orderflow.order.personaldata;

import dev.orderflow.defaults.aws.AwsFailures;
import dev.orderflow.defaults.problem.FailureDescription;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;

/// A master key that never leaves KMS.
///
/// The encryption context names the service, the purpose and the data key: KMS authenticates it,
/// key policies can require it, and CloudTrail records it.
final class KmsMasterKey implements MasterKey {

    private final KmsClient kms;
    private final String keyId;

    KmsMasterKey(KmsClient kms, String keyId) {
        this.kms = kms;
        this.keyId = keyId;
    }

    @Override
    public GeneratedDataKey generate(UUID id) {
        return call(
                () -> {
                    var made =
                            kms.generateDataKey(
                                    it ->
                                            it.keyId(keyId)
                                                    .keySpec(DataKeySpec.AES_256)
                                                    .encryptionContext(encryptionContext(id)));
                    return new GeneratedDataKey(
                            DataKey.of(id, made.plaintext().asByteArray()),
                            new WrappedDataKey(made.keyId(), made.ciphertextBlob().asByteArray()));
                });
    }

    @Override
    public WrappedDataKey wrap(DataKey key) {
        return call(
                () -> {
                    var plain = SdkBytes.fromByteArray(key.key().getEncoded());
                    var made =
                            kms.encrypt(
                                    it ->
                                            it.keyId(keyId)
                                                    .plaintext(plain)
                                                    .encryptionContext(
                                                            encryptionContext(key.id())));
                    return new WrappedDataKey(made.keyId(), made.ciphertextBlob().asByteArray());
                });
    }

    /// True for every KMS key, also one configured earlier: KMS decides whether its policy allows
    /// it.
    @Override
    public boolean canUnwrap(String by) {
        return !LocalMasterKey.isLocal(by);
    }

    @Override
    public DataKey unwrap(UUID id, WrappedDataKey wrapped) {
        return call(
                () ->
                        DataKey.of(
                                id,
                                kms.decrypt(
                                                it ->
                                                        it.keyId(wrapped.masterKeyId())
                                                                .ciphertextBlob(
                                                                        SdkBytes.fromByteArray(
                                                                                wrapped.bytes()))
                                                                .encryptionContext(
                                                                        encryptionContext(id)))
                                        .plaintext()
                                        .asByteArray()));
    }

    private static Map<String, String> encryptionContext(UUID id) {
        return Map.of(
                "service", "order-service", "purpose", "personal-data", "data-key", id.toString());
    }

    private static <T> T call(Supplier<T> request) {
        try {
            return request.get();
        } catch (SdkException failure) {
            throw new KeysUnavailableException(
                    "call of KMS failed: " + FailureDescription.of(failure),
                    AwsFailures.isOutage(failure));
        }
    }
}
