package dev.orderflow.localcloud.kms;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestMembers;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// The operations that encrypt and decrypt with a key.
final class CryptographicOperations {

    /// The maximum plaintext size of `Encrypt`, in bytes.
    private static final int LONGEST_PLAINTEXT = 4_096;

    private static final Set<String> COMMON_MEMBERS =
            Set.of("KeyId", "EncryptionContext", "GrantTokens");

    private static final Map<String, Integer> KEY_SPECS = Map.of("AES_256", 32, "AES_128", 16);

    private static final String SYMMETRIC = "SYMMETRIC_DEFAULT";

    private static final Set<String> ASYMMETRIC =
            Set.of("RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE");

    private final Map<String, KmsKey> keys;
    private final KeyReferences references;
    private final KmsCipher cipher;

    CryptographicOperations(Map<String, KmsKey> keys, KeyReferences references, KmsCipher cipher) {
        this.keys = keys;
        this.references = references;
        this.cipher = cipher;
    }

    /// @param members those that not every operation has
    private static RequestMembers read(AwsRequest request, String... members) {
        return RequestMembers.of(
                request,
                AwsErrorException::validation,
                Stream.concat(COMMON_MEMBERS.stream(), Stream.of(members))
                        .collect(Collectors.toSet()));
    }

    private static void requireSymmetric(RequestMembers in, String keyArn) {
        var algorithm = in.optional("EncryptionAlgorithm");
        if (algorithm == null || algorithm.equals(SYMMETRIC)) {
            return;
        }
        if (!ASYMMETRIC.contains(algorithm)) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value '%s' at 'encryptionAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [SYMMETRIC_DEFAULT, RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SM2PKE]"
                            .formatted(algorithm));
        }
        throw AwsErrorException.client(
                "InvalidKeyUsageException",
                "%s is a symmetric key, which does not support the algorithm %s."
                        .formatted(keyArn, algorithm));
    }

    ObjectNode encrypt(AwsRequest request) {
        var in = read(request, "Plaintext", "EncryptionAlgorithm");
        var key = keyOrAlias(request, in);
        requireSymmetric(in, KeyReferences.keyArn(request, key.id()));
        var plaintext = base64(in.required("Plaintext"));
        if (plaintext.length == 0 || plaintext.length > LONGEST_PLAINTEXT) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length "
                            + (plaintext.length == 0
                                    ? "greater than or equal to 1"
                                    : "less than or equal to " + LONGEST_PLAINTEXT));
        }
        Kms.requireUsable(request, key);
        return Kms.answer()
                .put(
                        "CiphertextBlob",
                        text(cipher.encrypt(key, plaintext, in.stringMap("EncryptionContext"))))
                .put("KeyId", KeyReferences.keyArn(request, key.id()))
                .put("EncryptionAlgorithm", SYMMETRIC);
    }

    ObjectNode decrypt(AwsRequest request) {
        var in = read(request, "CiphertextBlob", "EncryptionAlgorithm");
        var ciphertext = base64(in.required("CiphertextBlob"));
        if (ciphertext.length == 0) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value at 'ciphertextBlob' failed to satisfy constraint: Member must have length greater than or equal to 1");
        }
        KmsCipher.requireLength(ciphertext);
        var key = keys.get(KmsCipher.keyIdOf(ciphertext));
        var requestedKey = in.optional("KeyId");
        if (requestedKey != null
                && !references.requireKeyOrAlias(request, "KeyId", requestedKey).equals(key)) {
            throw AwsErrorException.client(
                    "IncorrectKeyException",
                    "The key ID in the request does not identify a CMK that can perform this operation.");
        }
        if (key == null) {
            throw KmsCipher.invalidCiphertext();
        }
        requireSymmetric(in, KeyReferences.keyArn(request, key.id()));
        Kms.requireUsable(request, key);
        return Kms.answer()
                .put(
                        "Plaintext",
                        text(KmsCipher.decrypt(key, ciphertext, in.stringMap("EncryptionContext"))))
                .put("KeyId", KeyReferences.keyArn(request, key.id()))
                .put("EncryptionAlgorithm", SYMMETRIC);
    }

    ObjectNode generateDataKey(AwsRequest request) {
        var in = read(request, "KeySpec", "NumberOfBytes");
        var key = keyOrAlias(request, in);
        var spec = in.optional("KeySpec");
        int count = in.integer("NumberOfBytes", 1, 1_024, 0);
        int length = spec == null ? count : length(spec);
        if (length == 0 || spec != null && count != 0) {
            throw AwsErrorException.validation(
                    "Please specify either number of bytes or key spec.");
        }
        Kms.requireUsable(request, key);
        var dataKey = cipher.randomBytes(length);
        return Kms.answer()
                .put(
                        "CiphertextBlob",
                        text(cipher.encrypt(key, dataKey, in.stringMap("EncryptionContext"))))
                .put("Plaintext", text(dataKey))
                .put("KeyId", KeyReferences.keyArn(request, key.id()));
    }

    private static int length(String spec) {
        var length = KEY_SPECS.get(spec);
        if (length == null) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value '%s' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [AES_256, AES_128]"
                            .formatted(spec));
        }
        return length;
    }

    static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw AwsErrorException.client("SerializationException", "a blob is not valid Base64");
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private KmsKey keyOrAlias(AwsRequest request, RequestMembers in) {
        return references.requireKeyOrAlias(request, "KeyId", in.required("KeyId"));
    }
}
