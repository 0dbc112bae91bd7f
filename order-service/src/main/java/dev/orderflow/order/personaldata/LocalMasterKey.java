package dev.orderflow.order.personaldata;

import dev.orderflow.defaults.text.Sha256;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;

/// A master key from the configuration, for installations without KMS. An attacker who reads both
/// the configuration and the database can decrypt everything, which KMS would prevent.
final class LocalMasterKey implements MasterKey {

    private static final String PREFIX = "local:";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final DataKey key;

    private LocalMasterKey(DataKey key) {
        this.key = key;
    }

    /// @param base64 32 bytes, for example of `openssl rand -base64 32`
    /// @throws IllegalArgumentException when it is not; the message does not contain the value
    static LocalMasterKey of(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("a local key must be base64");
        }
        return new LocalMasterKey(DataKey.of(nameOf(bytes), bytes));
    }

    /// A name that identifies a key without revealing it: half of the SHA-256 of its 32 random
    /// bytes.
    private static UUID nameOf(byte[] key) {
        var digest = ByteBuffer.wrap(Sha256.digest(key));
        return new UUID(digest.getLong(), digest.getLong());
    }

    private String name() {
        return PREFIX + key.id();
    }

    /// Whether a master key id is the name of a local key.
    static boolean isLocal(String name) {
        return name.startsWith(PREFIX);
    }

    @Override
    public GeneratedDataKey generate(UUID id) {
        var bytes = new byte[DataKey.BYTES];
        RANDOM.nextBytes(bytes);
        var fresh = DataKey.of(id, bytes);
        return new GeneratedDataKey(fresh, wrap(fresh));
    }

    @Override
    public WrappedDataKey wrap(DataKey fresh) {
        return new WrappedDataKey(
                name(),
                EncryptedEnvelope.encrypt(
                        key, fresh.key().getEncoded(), encryptionContext(fresh.id())));
    }

    @Override
    public boolean canUnwrap(String by) {
        return by.equals(name());
    }

    @Override
    public DataKey unwrap(UUID id, WrappedDataKey wrapped) {
        return DataKey.of(
                id, EncryptedEnvelope.decrypt(key, wrapped.bytes(), encryptionContext(id)));
    }

    private static String encryptionContext(UUID id) {
        return "data_key/" + id;
    }
}
