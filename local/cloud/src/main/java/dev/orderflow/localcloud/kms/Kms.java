package dev.orderflow.localcloud.kms;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.AwsService;
import dev.orderflow.localcloud.wire.RequestMembers;
import dev.orderflow.localcloud.wire.ResultPage;
import dev.orderflow.localcloud.wire.TagRules;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The KMS API for symmetric keys: encryption, key states, aliases, tags and policies.
///
/// A disabled key, or one pending deletion, is rejected as [the table of key
/// states](https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html) documents.
/// Rotation settings are stored; as on AWS, existing ciphertexts stay readable. Policies are stored
/// and returned; permissions are set with `LocalCloud.accessControl()`.
///
/// A ciphertext names its key and is bound to its encryption context: decryption with another
/// context fails with `InvalidCiphertextException`, as in
/// [KMS](https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html).
public final class Kms implements AwsService {
    private static final int LONGEST_DESCRIPTION = 8_192;

    private static final int LONGEST_POLICY = 131_072;

    private static final String SYMMETRIC = "SYMMETRIC_DEFAULT";

    private static final List<String> USAGES =
            List.of("ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT");

    private static final List<String> SPECS =
            List.of(
                    SYMMETRIC,
                    "RSA_2048",
                    "RSA_3072",
                    "RSA_4096",
                    "ECC_NIST_P256",
                    "ECC_NIST_P384",
                    "ECC_NIST_P521",
                    "ECC_NIST_EDWARDS25519",
                    "ECC_SECG_P256K1",
                    "HMAC_224",
                    "HMAC_256",
                    "HMAC_384",
                    "HMAC_512",
                    "ML_DSA_44",
                    "ML_DSA_65",
                    "ML_DSA_87",
                    "SM2");

    private static final List<String> ORIGINS =
            List.of("AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE");

    private static final int SHORTEST_WINDOW = 7;

    private static final int DEFAULT_WINDOW = 30;

    private static final int MOST_TAGS = 50;

    private static final int DEFAULT_ROTATION = 365;

    private final CloudClock clock;

    private final Map<String, KmsKey> keys = new ConcurrentHashMap<>();

    private final Map<String, String> aliases = new ConcurrentHashMap<>();

    private final KeyReferences references = new KeyReferences(keys, aliases);

    private final KmsCipher cipher = new KmsCipher();
    private final AliasOperations aliasOperations = new AliasOperations(aliases, references);
    private final CryptographicOperations cryptography =
            new CryptographicOperations(keys, references, cipher);

    public Kms(CloudClock clock) {
        this.clock = clock;
    }

    @Override
    public String signingName() {
        return "kms";
    }

    @Override
    public ObjectNode handle(AwsRequest request) {
        removeDeletedKeys();
        return switch (request.operation()) {
            case "CreateKey" -> createKey(request);
            case "DescribeKey" -> describeKey(request);
            case "ListKeys" -> listKeys(request);
            case "UpdateKeyDescription" -> updateDescription(request);
            case "EnableKey" -> setEnabled(request, true);
            case "DisableKey" -> setEnabled(request, false);
            case "ScheduleKeyDeletion" -> scheduleDeletion(request);
            case "CancelKeyDeletion" -> cancelDeletion(request);
            case "EnableKeyRotation" -> enableRotation(request);
            case "DisableKeyRotation" -> disableRotation(request);
            case "GetKeyRotationStatus" -> rotationStatus(request);
            case "GetKeyPolicy" -> getPolicy(request);
            case "PutKeyPolicy" -> putPolicy(request);
            case "TagResource" -> tag(request);
            case "UntagResource" -> untag(request);
            case "ListResourceTags" -> listTags(request);
            case "CreateAlias" -> aliasOperations.createAlias(request);
            case "UpdateAlias" -> aliasOperations.updateAlias(request);
            case "DeleteAlias" -> aliasOperations.deleteAlias(request);
            case "ListAliases" -> aliasOperations.listAliases(request);
            case "Encrypt" -> cryptography.encrypt(request);
            case "Decrypt" -> cryptography.decrypt(request);
            case "GenerateDataKey" -> cryptography.generateDataKey(request);
            default -> throw AwsErrorException.unknownOperation(request.operation());
        };
    }

    /// Called by every operation, so that a key is deleted at its deletion date.
    private void removeDeletedKeys() {
        var now = clock.instant();
        keys.values().removeIf(key -> key.isDeletedBy(now));
        aliases.values().removeIf(id -> !keys.containsKey(id));
    }

    /// The id of the key that a request refers to; empty if it does not exist.
    public Optional<String> keyOf(JsonNode input) {
        var name = input.path("KeyId").asString(input.path("TargetKeyId").asString(""));
        if (name.isEmpty()) {
            name = input.path("AliasName").asString("");
        }
        if (name.isEmpty()) {
            var ciphertext = input.path("CiphertextBlob").asString("");
            name =
                    ciphertext.isEmpty()
                            ? ""
                            : KmsCipher.keyIdOf(CryptographicOperations.base64(ciphertext));
        }
        return references.find(name);
    }

    private ObjectNode createKey(AwsRequest request) {
        var in =
                read(
                        request,
                        "Description",
                        "Policy",
                        "Tags",
                        "KeyUsage",
                        "KeySpec",
                        "CustomerMasterKeySpec",
                        "Origin",
                        "MultiRegion",
                        "BypassPolicyLockoutSafetyCheck");
        requireOnly(in, "KeyUsage", USAGES);
        requireOnly(in, "KeySpec", SPECS);
        requireOnly(in, "CustomerMasterKeySpec", SPECS);
        requireOnly(in, "Origin", ORIGINS);
        if (in.flag("MultiRegion")) {
            throw AwsErrorException.validation(
                    "local-cloud does not support the parameter MultiRegion");
        }
        var description = in.optional("Description", LONGEST_DESCRIPTION);
        var policy = in.optional("Policy", LONGEST_POLICY);
        if (policy != null) {
            requirePolicy(request, in, policy);
        }
        var key =
                new KmsKey(
                        UUID.randomUUID().toString(),
                        cipher.randomBytes(32),
                        clock.instant(),
                        description == null ? "" : description,
                        policy == null ? defaultPolicy(request) : policy,
                        tags(in));
        keys.put(key.id(), key);
        var answer = answer();
        answer.set("KeyMetadata", metadata(request, key));
        return answer;
    }

    /// The policy of a key that was created without one.
    private static String defaultPolicy(AwsRequest request) {
        return """
               {"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User \
               Permissions","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},\
               "Action":"kms:*","Resource":"*"}]}"""
                .formatted(request.context().accountId());
    }

    private static void requirePolicy(AwsRequest request, RequestMembers in, String policy) {
        KeyPolicy.require(
                policy, request.context().accountId(), in.flag("BypassPolicyLockoutSafetyCheck"));
    }

    /// @param values the values of AWS, of which the first is supported
    private static void requireOnly(RequestMembers in, String name, List<String> values) {
        var value = in.optional(name);
        if (value != null && !values.contains(value)) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: %s"
                            .formatted(
                                    value,
                                    Character.toLowerCase(name.charAt(0)) + name.substring(1),
                                    values));
        }
        if (value != null && !value.equals(values.getFirst())) {
            throw AwsErrorException.validation(
                    "local-cloud does not support the %s %s".formatted(name, value));
        }
    }

    static RequestMembers read(AwsRequest request, String... known) {
        return RequestMembers.of(request, AwsErrorException::validation, Set.of(known));
    }

    private ObjectNode describeKey(AwsRequest request) {
        var key = keyOrAlias(request, read(request, "KeyId", "GrantTokens"));
        var answer = answer();
        answer.set("KeyMetadata", metadata(request, key));
        return answer;
    }

    private ObjectNode listKeys(AwsRequest request) {
        var in = read(request, "Limit", "Marker");
        return list(
                in,
                "Keys",
                new PageSize(100, 1_000),
                keys.values().stream().sorted(Comparator.comparing(KmsKey::id)).toList(),
                KmsKey::id,
                key ->
                        answer().put("KeyId", key.id())
                                .put("KeyArn", KeyReferences.keyArn(request, key.id())));
    }

    /// @param standard how many items a page has if the request does not say it
    /// @param largest how many it may ask for
    record PageSize(int standard, int largest) {}

    static <T> ObjectNode list(
            RequestMembers in,
            String member,
            PageSize size,
            List<T> sorted,
            Function<T, String> by,
            Function<T, ObjectNode> toJson) {
        ResultPage<T> page;
        try {
            page =
                    ResultPage.of(
                            "kms:" + member,
                            sorted,
                            by,
                            in.optional("Marker"),
                            in.integer("Limit", 1, size.largest(), size.standard()));
        } catch (IllegalArgumentException _) {
            throw AwsErrorException.client("InvalidMarkerException", "The marker is not valid.");
        }
        var answer = answer();
        var listed = answer.putArray(member);
        page.items().forEach(item -> listed.add(toJson.apply(item)));
        answer.put("Truncated", page.nextToken() != null);
        if (page.nextToken() != null) {
            answer.put("NextMarker", page.nextToken());
        }
        return answer;
    }

    private ObjectNode updateDescription(AwsRequest request) {
        var in = read(request, "KeyId", "Description");
        var key = key(request, in);
        var description = in.optional("Description", LONGEST_DESCRIPTION);
        if (description == null) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value null at 'description' failed to satisfy constraint: Member must not be null");
        }
        requireNotPendingDeletion(request, key);
        keys.computeIfPresent(key.id(), (_, it) -> it.withDescription(description));
        return answer();
    }

    private ObjectNode setEnabled(AwsRequest request, boolean enabled) {
        var key = key(request, read(request, "KeyId"));
        requireNotPendingDeletion(request, key);
        keys.computeIfPresent(key.id(), (_, it) -> it.withEnabled(enabled));
        return answer();
    }

    private ObjectNode scheduleDeletion(AwsRequest request) {
        var in = read(request, "KeyId", "PendingWindowInDays");
        var key = key(request, in);
        int days =
                in.integer("PendingWindowInDays", SHORTEST_WINDOW, DEFAULT_WINDOW, DEFAULT_WINDOW);
        requireNotPendingDeletion(request, key);
        var at = clock.instant().plus(Duration.ofDays(days));
        keys.computeIfPresent(key.id(), (_, it) -> it.withEnabled(false).withDeletion(at));
        return answer().put("KeyId", KeyReferences.keyArn(request, key.id()))
                .put("DeletionDate", at.getEpochSecond())
                .put("KeyState", "PendingDeletion")
                .put("PendingWindowInDays", days);
    }

    /// A key whose deletion is cancelled is disabled.
    private ObjectNode cancelDeletion(AwsRequest request) {
        var key = key(request, read(request, "KeyId"));
        if (key.deletion() == null) {
            throw invalidState(
                    KeyReferences.keyArn(request, key.id()) + " is not pending deletion.");
        }
        keys.computeIfPresent(key.id(), (_, it) -> it.withDeletion(null));
        return answer().put("KeyId", KeyReferences.keyArn(request, key.id()));
    }

    private ObjectNode enableRotation(AwsRequest request) {
        var in = read(request, "KeyId", "RotationPeriodInDays");
        var key = key(request, in);
        int days = in.integer("RotationPeriodInDays", 90, 2_560, DEFAULT_ROTATION);
        requireUsable(request, key);
        keys.computeIfPresent(
                key.id(), (_, it) -> it.withRotation(new KeyRotation(days, clock.instant())));
        return answer();
    }

    private ObjectNode disableRotation(AwsRequest request) {
        var key = key(request, read(request, "KeyId"));
        requireUsable(request, key);
        keys.computeIfPresent(key.id(), (_, it) -> it.withRotation(null));
        return answer();
    }

    /// Rotation is off while deletion is pending, and has its previous setting after cancellation.
    private ObjectNode rotationStatus(AwsRequest request) {
        var key = key(request, read(request, "KeyId"));
        var rotation = key.deletion() == null ? key.rotation() : null;
        var answer =
                answer().put("KeyId", KeyReferences.keyArn(request, key.id()))
                        .put("KeyRotationEnabled", rotation != null);
        if (rotation != null) {
            answer.put("RotationPeriodInDays", rotation.days())
                    .put("NextRotationDate", rotation.next(clock.instant()).getEpochSecond());
        }
        return answer;
    }

    private ObjectNode getPolicy(AwsRequest request) {
        var in = read(request, "KeyId", "PolicyName");
        requireDefaultPolicy(in);
        return answer().put("Policy", key(request, in).policy()).put("PolicyName", "default");
    }

    private ObjectNode putPolicy(AwsRequest request) {
        var in = read(request, "KeyId", "PolicyName", "Policy", "BypassPolicyLockoutSafetyCheck");
        requireDefaultPolicy(in);
        var key = key(request, in);
        var policy = in.required("Policy");
        in.check("Policy", policy, Pattern.compile("[\\s\\S]+"), LONGEST_POLICY);
        requirePolicy(request, in, policy);
        keys.computeIfPresent(key.id(), (_, it) -> it.withPolicy(policy));
        return answer();
    }

    private static void requireDefaultPolicy(RequestMembers in) {
        var name = in.optional("PolicyName");
        if (name != null && !name.equals("default")) {
            throw AwsErrorException.client("NotFoundException", "No such policy exists");
        }
    }

    private ObjectNode tag(AwsRequest request) {
        var in = read(request, "KeyId", "Tags");
        var key = key(request, in);
        requireNotPendingDeletion(request, key);
        var all = new TreeMap<>(key.tags());
        all.putAll(tags(in));
        requireTagLimit(all.size());
        keys.computeIfPresent(key.id(), (_, it) -> it.withTags(all));
        return answer();
    }

    private ObjectNode untag(AwsRequest request) {
        var in = read(request, "KeyId", "TagKeys");
        var key = key(request, in);
        requireNotPendingDeletion(request, key);
        var left = new TreeMap<>(key.tags());
        in.strings("TagKeys").forEach(left::remove);
        keys.computeIfPresent(key.id(), (_, it) -> it.withTags(left));
        return answer();
    }

    private ObjectNode listTags(AwsRequest request) {
        var in = read(request, "KeyId", "Limit", "Marker");
        return list(
                in,
                "Tags",
                new PageSize(50, 50),
                List.copyOf(new TreeMap<>(key(request, in).tags()).entrySet()),
                Map.Entry::getKey,
                tag -> answer().put("TagKey", tag.getKey()).put("TagValue", tag.getValue()));
    }

    private static Map<String, String> tags(RequestMembers in) {
        var tags = new TreeMap<String, String>();
        for (var tag : in.objects("Tags")) {
            var members =
                    RequestMembers.of(
                            "Tags",
                            tag,
                            AwsErrorException::validation,
                            Set.of("TagKey", "TagValue"));
            if (tags.put(members.required("TagKey"), members.required("TagValue")) != null) {
                throw AwsErrorException.client("TagException", "Duplicate tag keys");
            }
        }
        TagRules.require(tags, message -> AwsErrorException.client("TagException", message));
        requireTagLimit(tags.size());
        return tags;
    }

    private static void requireTagLimit(int count) {
        if (count > MOST_TAGS) {
            throw AwsErrorException.client(
                    "LimitExceededException", "A key has at most %d tags.".formatted(MOST_TAGS));
        }
    }

    /// @throws AwsErrorException `DisabledException` or `KMSInvalidStateException`
    static void requireUsable(AwsRequest request, KmsKey key) {
        requireNotPendingDeletion(request, key);
        if (!key.enabled()) {
            throw AwsErrorException.client(
                    "DisabledException", KeyReferences.keyArn(request, key.id()) + " is disabled.");
        }
    }

    static void requireNotPendingDeletion(AwsRequest request, KmsKey key) {
        if (key.deletion() != null) {
            throw invalidState(KeyReferences.keyArn(request, key.id()) + " is pending deletion.");
        }
    }

    private static AwsErrorException invalidState(String message) {
        return AwsErrorException.client("KMSInvalidStateException", message);
    }

    /// The key of an operation that accepts no alias.
    private KmsKey key(AwsRequest request, RequestMembers in) {
        return references.requireKey(request, "KeyId", in.required("KeyId"));
    }

    private KmsKey keyOrAlias(AwsRequest request, RequestMembers in) {
        return references.requireKeyOrAlias(request, "KeyId", in.required("KeyId"));
    }

    private static ObjectNode metadata(AwsRequest request, KmsKey key) {
        var metadata =
                answer().put("KeyId", key.id())
                        .put("Arn", KeyReferences.keyArn(request, key.id()))
                        .put("AWSAccountId", request.context().accountId())
                        .put("CreationDate", key.createdAt().getEpochSecond())
                        .put("Description", key.description())
                        .put("Enabled", key.enabled())
                        .put("KeyState", key.state())
                        .put("KeyManager", "CUSTOMER")
                        .put("KeyUsage", "ENCRYPT_DECRYPT")
                        .put("KeySpec", "SYMMETRIC_DEFAULT")
                        .put("CustomerMasterKeySpec", "SYMMETRIC_DEFAULT")
                        .put("Origin", "AWS_KMS")
                        .put("MultiRegion", false);
        metadata.putArray("EncryptionAlgorithms").add("SYMMETRIC_DEFAULT");
        var deletion = key.deletion();
        if (deletion != null) {
            metadata.put("DeletionDate", deletion.getEpochSecond());
        }
        return metadata;
    }

    static ObjectNode answer() {
        return JsonNodeFactory.instance.objectNode();
    }
}
