package dev.orderflow.localcloud.kms;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.AwsService;
import dev.orderflow.localcloud.wire.RequestMembers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Symmetric keys: `CreateKey`, `DescribeKey`, `CreateAlias`, `Encrypt`, `Decrypt` and
/// `GenerateDataKey`.
///
/// A ciphertext names its key and is bound to its encryption context, so that a wrong context is
/// `InvalidCiphertextException`, as
/// [KMS](https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html) has it.
public final class Kms implements AwsService {

    /// Bytes of plaintext that `Encrypt` takes.
    private static final int LONGEST_PLAINTEXT = 4_096;

    private static final int LONGEST_DESCRIPTION = 8_192;
    private static final int LONGEST_POLICY = 131_072;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_ID = 36;
    private static final Map<String, Integer> KEY_SPECS = Map.of("AES_256", 32, "AES_128", 16);

    private final Map<String, byte[]> keys = new ConcurrentHashMap<>();
    private final Map<String, String> aliases = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    @Override
    public String signingName() {
        return "kms";
    }

    @Override
    public ObjectNode handle(AwsRequest request) {
        return switch (request.operation()) {
            case "CreateKey" -> createKey(request);
            case "DescribeKey" -> describeKey(request);
            case "CreateAlias" -> createAlias(request);
            case "Encrypt" -> encrypt(request);
            case "Decrypt" -> decrypt(request);
            case "GenerateDataKey" -> generateDataKey(request);
            default -> throw AwsErrorException.unknownOperation(request.operation());
        };
    }

    private ObjectNode createKey(AwsRequest request) {
        var in =
                RequestMembers.of(
                        request,
                        AwsErrorException::validation,
                        Set.of(
                                "Description",
                                "Policy",
                                "Tags",
                                "KeyUsage",
                                "KeySpec",
                                "CustomerMasterKeySpec",
                                "Origin",
                                "MultiRegion",
                                "BypassPolicyLockoutSafetyCheck"));
        requireOnly(in, "KeyUsage", "ENCRYPT_DECRYPT");
        requireOnly(in, "KeySpec", "SYMMETRIC_DEFAULT");
        requireOnly(in, "CustomerMasterKeySpec", "SYMMETRIC_DEFAULT");
        requireOnly(in, "Origin", "AWS_KMS");
        in.optional("Description", LONGEST_DESCRIPTION);
        in.optional("Policy", LONGEST_POLICY);
        in.objects("Tags");
        in.flag("BypassPolicyLockoutSafetyCheck");
        if (in.flag("MultiRegion")) {
            throw AwsErrorException.validation(
                    "local-cloud does not support the parameter MultiRegion");
        }
        var id = UUID.randomUUID().toString();
        keys.put(id, bytes(32));
        return metadata(request, id);
    }

    private static void requireOnly(RequestMembers in, String name, String supported) {
        var value = in.optional(name);
        if (value != null && !value.equals(supported)) {
            throw AwsErrorException.validation(
                    "local-cloud does not support the %s %s".formatted(name, value));
        }
    }

    private ObjectNode describeKey(AwsRequest request) {
        var in =
                RequestMembers.of(
                        request, AwsErrorException::validation, Set.of("KeyId", "GrantTokens"));
        return metadata(request, keyId(in.required("KeyId")));
    }

    private ObjectNode createAlias(AwsRequest request) {
        var in =
                RequestMembers.of(
                        request, AwsErrorException::validation, Set.of("AliasName", "TargetKeyId"));
        aliases.put(in.required("AliasName"), keyId(in.required("TargetKeyId")));
        return answer();
    }

    private ObjectNode encrypt(AwsRequest request) {
        var in =
                RequestMembers.of(
                        request,
                        AwsErrorException::validation,
                        Set.of(
                                "KeyId",
                                "Plaintext",
                                "EncryptionContext",
                                "EncryptionAlgorithm",
                                "GrantTokens"));
        var id = keyId(in.required("KeyId"));
        var plaintext = base64(in.required("Plaintext"));
        if (plaintext.length == 0 || plaintext.length > LONGEST_PLAINTEXT) {
            throw AwsErrorException.validation(
                    "plaintext must be 1 to %d bytes long".formatted(LONGEST_PLAINTEXT));
        }
        return answer().put(
                        "CiphertextBlob",
                        text(encryptBytes(id, plaintext, in.stringMap("EncryptionContext"))))
                .put("KeyId", arn(request, id))
                .put("EncryptionAlgorithm", "SYMMETRIC_DEFAULT");
    }

    private ObjectNode decrypt(AwsRequest request) {
        var in =
                RequestMembers.of(
                        request,
                        AwsErrorException::validation,
                        Set.of(
                                "KeyId",
                                "CiphertextBlob",
                                "EncryptionContext",
                                "EncryptionAlgorithm",
                                "GrantTokens"));
        var ciphertext = base64(in.required("CiphertextBlob"));
        if (ciphertext.length <= KEY_ID + NONCE) {
            throw invalidCiphertext();
        }
        var id = new String(ciphertext, 0, KEY_ID, StandardCharsets.US_ASCII);
        var wanted = in.optional("KeyId");
        if (wanted != null && !keyId(wanted).equals(id)) {
            throw AwsErrorException.client(
                    "IncorrectKeyException",
                    "The key ID in the request does not identify a CMK that can perform this operation.");
        }
        return answer().put(
                        "Plaintext",
                        text(decryptBytes(id, ciphertext, in.stringMap("EncryptionContext"))))
                .put("KeyId", arn(request, id))
                .put("EncryptionAlgorithm", "SYMMETRIC_DEFAULT");
    }

    private ObjectNode generateDataKey(AwsRequest request) {
        var in =
                RequestMembers.of(
                        request,
                        AwsErrorException::validation,
                        Set.of(
                                "KeyId",
                                "KeySpec",
                                "NumberOfBytes",
                                "EncryptionContext",
                                "GrantTokens"));
        var id = keyId(in.required("KeyId"));
        var spec = in.optional("KeySpec");
        var length = spec == null ? in.integer("NumberOfBytes", 1, 1_024, 0) : length(spec);
        if (length == 0) {
            throw AwsErrorException.validation(
                    "Please specify either number of bytes or key spec.");
        }
        var key = bytes(length);
        return answer().put(
                        "CiphertextBlob",
                        text(encryptBytes(id, key, in.stringMap("EncryptionContext"))))
                .put("Plaintext", text(key))
                .put("KeyId", arn(request, id));
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

    private byte[] encryptBytes(String id, byte[] plaintext, Map<String, String> context) {
        var nonce = bytes(NONCE);
        var sealed = cipher(Cipher.ENCRYPT_MODE, id, nonce, plaintext, context);
        return ByteBuffer.allocate(KEY_ID + NONCE + sealed.length)
                .put(id.getBytes(StandardCharsets.US_ASCII))
                .put(nonce)
                .put(sealed)
                .array();
    }

    private byte[] decryptBytes(String id, byte[] ciphertext, Map<String, String> context) {
        if (!keys.containsKey(id)) {
            throw invalidCiphertext();
        }
        var nonce = new byte[NONCE];
        var sealed = new byte[ciphertext.length - KEY_ID - NONCE];
        ByteBuffer.wrap(ciphertext, KEY_ID, NONCE + sealed.length).get(nonce).get(sealed);
        return cipher(Cipher.DECRYPT_MODE, id, nonce, sealed, context);
    }

    private byte[] cipher(
            int mode, String id, byte[] nonce, byte[] text, Map<String, String> context) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    mode,
                    new SecretKeySpec(keys.get(id), "AES"),
                    new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(new TreeMap<>(context).toString().getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException wrongContextOrText) {
            throw invalidCiphertext();
        }
    }

    private static AwsErrorException invalidCiphertext() {
        return AwsErrorException.client("InvalidCiphertextException", "");
    }

    /// Takes an id, an ARN, an alias or an alias's ARN.
    private String keyId(String key) {
        var name = key.startsWith("arn:") ? key.substring(key.lastIndexOf(':') + 1) : key;
        @Nullable String id =
                name.startsWith("alias/")
                        ? aliases.get(name)
                        : name.substring(name.lastIndexOf('/') + 1);
        if (id == null || !keys.containsKey(id)) {
            throw AwsErrorException.client(
                    "NotFoundException", "Key '%s' does not exist".formatted(key));
        }
        return id;
    }

    private static ObjectNode metadata(AwsRequest request, String id) {
        var answer = answer();
        answer.putObject("KeyMetadata")
                .put("KeyId", id)
                .put("Arn", arn(request, id))
                .put("AWSAccountId", request.context().accountId())
                .put("Enabled", true)
                .put("KeyState", "Enabled")
                .put("KeyUsage", "ENCRYPT_DECRYPT")
                .put("KeySpec", "SYMMETRIC_DEFAULT");
        return answer;
    }

    private static String arn(AwsRequest request, String id) {
        return "arn:aws:kms:%s:%s:key/%s"
                .formatted(request.context().region(), request.context().accountId(), id);
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw AwsErrorException.client("SerializationException", "a blob is not base64");
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static ObjectNode answer() {
        return JsonNodeFactory.instance.objectNode();
    }
}
