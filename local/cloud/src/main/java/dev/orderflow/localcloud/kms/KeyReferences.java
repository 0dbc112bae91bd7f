package dev.orderflow.localcloud.kms;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Finds keys by the forms in which requests name them: key id, key ARN, alias and alias ARN
/// ([KeyId](https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id)).
final class KeyReferences {

    private static final int LONGEST = 2_048;
    private static final String ALIAS = "alias/";
    private static final Pattern ARN =
            Pattern.compile(
                    "arn:aws[a-z-]*:kms:(?<region>[a-z0-9-]+):(?<account>[0-9]{12})"
                            + ":(?<name>(?:key|alias)/.+)");
    private static final Pattern ID =
            Pattern.compile("(mrk-)?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}");

    private final Map<String, KmsKey> keys;
    private final Map<String, String> aliases;

    KeyReferences(Map<String, KmsKey> keys, Map<String, String> aliases) {
        this.keys = keys;
        this.aliases = aliases;
    }

    /// The id of a key, for authorisation; empty if it does not exist.
    Optional<String> find(String reference) {
        var name =
                reference.startsWith("arn:")
                        ? reference.substring(reference.lastIndexOf(':') + 1)
                        : reference;
        var id =
                name.startsWith(ALIAS)
                        ? aliases.get(name)
                        : name.substring(name.lastIndexOf('/') + 1);
        return Optional.ofNullable(id).filter(keys::containsKey);
    }

    /// The key that a request names by id or ARN.
    ///
    /// @param member the request member, for error messages
    /// @throws AwsErrorException if there is no such key, or the request names an alias
    KmsKey requireKey(AwsRequest request, String member, String reference) {
        var name = nameOf(request, member, reference);
        if (name.startsWith(ALIAS)) {
            throw reference.startsWith(ALIAS)
                    ? notFound("Invalid keyId '%s'".formatted(reference))
                    : invalidArn(reference);
        }
        return byId(request, name);
    }

    /// The key that a request names by id, ARN, alias or alias ARN.
    ///
    /// @throws AwsErrorException if there is no such key
    KmsKey requireKeyOrAlias(AwsRequest request, String member, String reference) {
        var name = nameOf(request, member, reference);
        if (!name.startsWith(ALIAS)) {
            return byId(request, name);
        }
        var key = Optional.ofNullable(aliases.get(name)).map(keys::get).orElse(null);
        if (key == null) {
            throw notFound("Alias %s is not found.".formatted(aliasArn(request, name)));
        }
        return key;
    }

    /// An id, or an alias with its prefix.
    private static String nameOf(AwsRequest request, String member, String reference) {
        if (reference.isEmpty() || reference.length() > LONGEST) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must have length %s"
                            .formatted(
                                    reference,
                                    Character.toLowerCase(member.charAt(0)) + member.substring(1),
                                    reference.isEmpty()
                                            ? "greater than or equal to 1"
                                            : "less than or equal to " + LONGEST));
        }
        if (!reference.startsWith("arn:")) {
            return reference;
        }
        var arn = ARN.matcher(reference);
        if (!arn.matches()) {
            throw invalidArn(reference);
        }
        if (!arn.group("region").equals(request.context().region())) {
            throw notFound("Invalid arn " + arn.group("region"));
        }
        if (!arn.group("account").equals(request.context().accountId())) {
            throw AwsErrorException.client(
                    "AccessDeniedException",
                    ("User: arn:aws:iam::%s:root is not authorized to perform: kms:%s on resource:"
                                    + " %s because the resource does not exist in this Region, no"
                                    + " resource-based policies allow access, or a resource-based"
                                    + " policy explicitly denies access")
                            .formatted(
                                    request.context().accountId(), request.operation(), reference));
        }
        var name = arn.group("name");
        return name.startsWith(ALIAS) ? name : name.substring("key/".length());
    }

    private KmsKey byId(AwsRequest request, String id) {
        var key = keys.get(id);
        if (key != null) {
            return key;
        }
        throw notFound(
                ID.matcher(id).matches()
                        ? "Key '%s' does not exist".formatted(keyArn(request, id))
                        : "Invalid keyId '%s'".formatted(id));
    }

    static String keyArn(AwsRequest request, String id) {
        return "arn:aws:kms:%s:%s:key/%s"
                .formatted(request.context().region(), request.context().accountId(), id);
    }

    static String aliasArn(AwsRequest request, String name) {
        return "arn:aws:kms:%s:%s:%s"
                .formatted(request.context().region(), request.context().accountId(), name);
    }

    private static AwsErrorException notFound(String message) {
        return AwsErrorException.client("NotFoundException", message);
    }

    private static AwsErrorException invalidArn(String reference) {
        return AwsErrorException.client(
                "InvalidArnException", "%s is not a valid ARN of a key.".formatted(reference));
    }
}
