package dev.orderflow.localcloud.kms;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestMembers;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// The operations on aliases.
final class AliasOperations {

    private static final Pattern ALIAS = Pattern.compile("alias/[a-zA-Z0-9/_-]+");

    private static final String RESERVED_ALIASES = "alias/aws/";

    private final Map<String, String> aliases;
    private final KeyReferences references;

    AliasOperations(Map<String, String> aliases, KeyReferences references) {
        this.aliases = aliases;
        this.references = references;
    }

    ObjectNode createAlias(AwsRequest request) {
        var in = Kms.read(request, "AliasName", "TargetKeyId");
        var name = aliasName(in);
        var key = target(request, in);
        if (aliases.putIfAbsent(name, key.id()) != null) {
            throw AwsErrorException.client(
                    "AlreadyExistsException",
                    "An alias with the name %s already exists"
                            .formatted(KeyReferences.aliasArn(request, name)));
        }
        return Kms.answer();
    }

    ObjectNode updateAlias(AwsRequest request) {
        var in = Kms.read(request, "AliasName", "TargetKeyId");
        var name = aliasName(in);
        var key = target(request, in);
        if (aliases.replace(name, key.id()) == null) {
            throw noSuchAlias(request, name);
        }
        return Kms.answer();
    }

    private KmsKey target(AwsRequest request, RequestMembers in) {
        var name = in.required("TargetKeyId");
        if (name.startsWith("alias/") || name.contains(":alias/")) {
            throw AwsErrorException.validation("Aliases must refer to keys. Not aliases");
        }
        var key = references.requireKey(request, "TargetKeyId", name);
        Kms.requireNotPendingDeletion(request, key);
        return key;
    }

    ObjectNode deleteAlias(AwsRequest request) {
        var name = aliasName(Kms.read(request, "AliasName"));
        if (aliases.remove(name) == null) {
            throw noSuchAlias(request, name);
        }
        return Kms.answer();
    }

    ObjectNode listAliases(AwsRequest request) {
        var in = Kms.read(request, "KeyId", "Limit", "Marker");
        var of = in.optional("KeyId");
        var id = of == null ? null : references.requireKey(request, "KeyId", of).id();
        return Kms.list(
                in,
                "Aliases",
                new Kms.PageSize(50, 100),
                new TreeMap<>(aliases)
                        .entrySet().stream()
                                .filter(alias -> id == null || alias.getValue().equals(id))
                                .toList(),
                Map.Entry::getKey,
                alias ->
                        Kms.answer()
                                .put("AliasName", alias.getKey())
                                .put("AliasArn", KeyReferences.aliasArn(request, alias.getKey()))
                                .put("TargetKeyId", alias.getValue()));
    }

    private static String aliasName(RequestMembers in) {
        var name = in.required("AliasName", ALIAS, 256);
        if (name.startsWith(RESERVED_ALIASES)) {
            throw AwsErrorException.client(
                    "NotAuthorizedException",
                    "The prefix %s is reserved for AWS services.".formatted(RESERVED_ALIASES));
        }
        return name;
    }

    private static AwsErrorException noSuchAlias(AwsRequest request, String name) {
        return AwsErrorException.client(
                "NotFoundException",
                "Alias %s is not found.".formatted(KeyReferences.aliasArn(request, name)));
    }
}
