package dev.orderflow.localcloud.iam;

import dev.orderflow.localcloud.ports.Authorizer;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The account's roles and policies, and what they allow.
///
/// As long as no role was made everybody may do everything. From then on a caller with an access
/// key of a role may do what its policies allow, and the cloud's services deliver where a resource
/// policy lets them. Connections count as encrypted (`aws:SecureTransport`), though they are not.
///
/// What is encrypted with a key of the account's is used with that key: whoever sends to such a
/// queue needs `kms:GenerateDataKey` and `kms:Decrypt`, whoever receives needs `kms:Decrypt`.
public final class AccessControl implements Authorizer {

    private record IamRole(
            String name, String arn, PolicyDocument trust, List<PolicyDocument> policies) {

        String asUser() {
            return "arn:aws:sts::%s:assumed-role/%s/local-cloud".formatted(accountOf(arn), name);
        }
    }

    private final Map<String, IamRole> roles = new ConcurrentHashMap<>();
    private final Map<String, IamRole> byAccessKey = new ConcurrentHashMap<>();
    private final Map<String, PolicyDocument> resourcePolicies = new ConcurrentHashMap<>();
    private final Map<String, String> keys = new ConcurrentHashMap<>();
    private final SortedSet<PolicyGrant> used = new ConcurrentSkipListSet<>();
    private final Collection<String> denials = new ConcurrentSkipListSet<>();

    /// Makes a role, or replaces it.
    ///
    /// @param trust who may take it
    /// @param policies what it may do
    public void putRole(String arn, PolicyDocument trust, Collection<PolicyDocument> policies) {
        var name = arn.substring(arn.lastIndexOf('/') + 1);
        roles.put(arn, new IamRole(name, arn, trust, List.copyOf(policies)));
    }

    /// Sets the policy of a queue, a topic, a bucket or a key.
    public void putResourcePolicy(String resourceArn, PolicyDocument policy) {
        resourcePolicies.put(resourceArn, policy);
    }

    /// Says with which key a queue, a topic, a bucket, a bus or a state machine is encrypted.
    public void encrypt(String resourceArn, String keyArn) {
        keys.put(resourceArn, keyArn);
    }

    /// Lets a service take a role for one of its tasks.
    ///
    /// @return the access key that signs the task's calls
    /// @throws AwsErrorException `AccessDenied` when the role's trust policy does not let it
    public String assumeRole(String roleArn, Principal.Service by) {
        var role = roles.get(roleArn);
        if (role == null) {
            throw AwsErrorException.withStatus(404, "NoSuchEntity", "there is no role " + roleArn);
        }
        var keysOfCall = globalKeys(by);
        boolean trusted =
                role.trust().statements().stream()
                        .filter(PolicyStatement::allows)
                        .filter(it -> it.names(principal(by)))
                        .filter(it -> it.coversAction("sts:AssumeRole"))
                        .anyMatch(it -> it.areConditionsMetBy(keysOfCall));
        if (!trusted) {
            throw AwsErrorException.withStatus(
                    403,
                    "AccessDenied",
                    "%s for %s is not authorized to perform: sts:AssumeRole on resource: %s"
                            .formatted(by.principal(), by.sourceArn(), roleArn));
        }
        var accessKey = "ASIA" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
        byAccessKey.put(accessKey, role);
        return accessKey;
    }

    /// Who signs with an access key; empty for the administrator.
    Optional<Principal.Role> callerOf(String accessKey) {
        return Optional.ofNullable(byAccessKey.get(accessKey))
                .map(it -> new Principal.Role(it.arn()));
    }

    @Override
    public void require(
            Principal caller, String action, String resource, Map<String, String> keysOfAction) {
        if (roles.isEmpty()
                || caller instanceof Principal.Role(var arn) && !roles.containsKey(arn)) {
            return;
        }
        requireOne(caller, action, resource, keysOfAction);
        var key = keys.get(ownerOf(resource));
        if (key == null) {
            return;
        }
        for (var use : KeyAccess.by(caller, action, ownerOf(resource))) {
            requireOne(use.caller(), use.action(), key, use.keys());
        }
    }

    @Override
    public void requireKey(Principal caller, String resource, Map<String, String> keysOfAction) {
        var key = keys.get(resource);
        if (key != null && caller instanceof Principal.Role(var arn) && roles.containsKey(arn)) {
            requireOne(caller, "kms:GenerateDataKey", key, keysOfAction);
            requireOne(caller, "kms:Decrypt", key, keysOfAction);
        }
    }

    private void requireOne(
            Principal caller, String action, String resource, Map<String, String> keysOfAction) {
        var all = new HashMap<>(globalKeys(caller));
        all.putAll(keysOfAction);
        var refusal = refusal(caller, action, resource, all);
        if (refusal != null) {
            denials.add(refusal);
            throw AwsErrorException.client("AccessDeniedException", refusal);
        }
    }

    /// @return why it is denied, null when it is allowed
    private @Nullable String refusal(
            Principal caller, String action, String resource, Map<String, String> all) {
        var role = caller instanceof Principal.Role(var arn) ? roles.get(arn) : null;
        var policy = resourcePolicies.get(ownerOf(resource));
        var refused =
                "%s is not authorized to perform: %s on resource: %s "
                        .formatted(nameOf(caller, role), action, resource);
        var principal = principal(caller);
        if (policy != null
                && policy.statements().stream()
                        .anyMatch(
                                it ->
                                        !it.allows()
                                                && it.names(principal)
                                                && it.covers(action, resource, all))) {
            return refused + "with an explicit deny in a resource-based policy";
        }
        if (role != null
                && role.policies().stream()
                        .flatMap(it -> it.statements().stream())
                        .anyMatch(it -> !it.allows() && it.covers(action, resource, all))) {
            return refused + "with an explicit deny in an identity-based policy";
        }
        boolean byResource = policy != null && allows(policy, principal, action, resource, all);
        if (role == null) {
            return byResource
                    ? null
                    : refused
                            + "because no resource-based policy allows the %s action"
                                    .formatted(action)
                            + hint(
                                    policy == null ? List.of() : List.of(policy),
                                    action,
                                    resource,
                                    all);
        }
        boolean byIdentity = useGrant(role, action, resource, all);
        if (byResource) {
            return null;
        }
        if (!byIdentity) {
            return refused
                    + "because no identity-based policy allows the %s action".formatted(action)
                    + hint(role.policies(), action, resource, all);
        }
        if (isKey(resource)
                && (policy == null
                        || !allows(
                                policy,
                                "AWS:arn:aws:iam::%s:root".formatted(accountOf(role.arn())),
                                action,
                                resource,
                                all))) {
            return refused
                    + "because the key's policy does not leave it to identity-based policies";
        }
        return null;
    }

    private static boolean allows(
            PolicyDocument policy,
            String principal,
            String action,
            String resource,
            Map<String, String> all) {
        return policy.statements().stream()
                .anyMatch(
                        it ->
                                it.allows()
                                        && it.names(principal)
                                        && it.covers(action, resource, all));
    }

    /// Whether an identity policy allows it; remembers by what.
    private boolean useGrant(
            IamRole role, String action, String resource, Map<String, String> all) {
        boolean allowed = false;
        for (var policy : role.policies()) {
            for (var statement : policy.statements()) {
                if (!statement.allows() || !statement.covers(action, resource, all)) {
                    continue;
                }
                allowed = true;
                for (var grant : grants(role, statement)) {
                    if (WildcardMatcher.matchesAction(grant.action(), action)
                            && WildcardMatcher.matches(grant.resource(), resource)) {
                        used.add(grant);
                    }
                }
            }
        }
        return allowed;
    }

    private static List<PolicyGrant> grants(IamRole role, PolicyStatement statement) {
        var grants = new ArrayList<PolicyGrant>();
        for (var action : statement.actions()) {
            for (var resource : statement.resources()) {
                grants.add(new PolicyGrant(role.name(), statement.sid(), action, resource));
            }
        }
        return grants;
    }

    /// Which statement comes nearest, and what it lacks.
    private static String hint(
            List<PolicyDocument> policies,
            String action,
            String resource,
            Map<String, String> all) {
        var near =
                policies.stream()
                        .flatMap(it -> it.statements().stream())
                        .filter(it -> it.allows() && it.coversAction(action))
                        .map(it -> lack(it, resource, all))
                        .collect(Collectors.joining("; "));
        return near.isEmpty() ? " (no statement names the action)" : " (" + near + ")";
    }

    private static String lack(
            PolicyStatement statement, String resource, Map<String, String> all) {
        if (!statement.resources().isEmpty() && !statement.coversResource(resource)) {
            return "statement %s allows it on %s".formatted(statement.sid(), statement.resources());
        }
        return statement.conditions().stream()
                .filter(condition -> !condition.isMetBy(all))
                .map(
                        condition ->
                                "statement %s wants %s %s %s"
                                        .formatted(
                                                statement.sid(),
                                                condition.key(),
                                                condition.operator(),
                                                condition.values()))
                .collect(Collectors.joining(" and "));
    }

    /// Everything that the policies of roles allow.
    public SortedSet<PolicyGrant> grants() {
        return roles.values().stream()
                .flatMap(
                        role ->
                                role.policies().stream()
                                        .flatMap(it -> it.statements().stream())
                                        .filter(PolicyStatement::allows)
                                        .flatMap(it -> grants(role, it).stream()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// What of it allowed a call so far.
    public SortedSet<PolicyGrant> usedGrants() {
        return new TreeSet<>(used);
    }

    /// What was denied so far, in AWS's words, each once.
    public List<String> denials() {
        return List.copyOf(denials);
    }

    private static String principal(Principal caller) {
        return switch (caller) {
            case Principal.Role(var arn) -> "AWS:" + arn;
            case Principal.Service(var name, _) -> "Service:" + name;
        };
    }

    private static String nameOf(Principal caller, @Nullable IamRole role) {
        return switch (caller) {
            case Principal.Role _ -> "User: " + Objects.requireNonNull(role).asUser();
            case Principal.Service(var name, var source) -> name + " for " + source;
        };
    }

    private static Map<String, String> globalKeys(Principal caller) {
        return switch (caller) {
            case Principal.Role(var arn) ->
                    Map.of(
                            "aws:SecureTransport",
                            "true",
                            "s3:TlsVersion",
                            "1.3",
                            "aws:PrincipalArn",
                            arn,
                            "aws:PrincipalAccount",
                            accountOf(arn));
            case Principal.Service(_, var source) ->
                    Map.of(
                            "aws:SecureTransport",
                            "true",
                            "aws:PrincipalIsAWSService",
                            "true",
                            "aws:SourceArn",
                            source,
                            "aws:SourceAccount",
                            accountOf(source));
        };
    }

    private static String accountOf(String arn) {
        var parts = arn.split(":", 6);
        return parts.length < 6 ? "" : parts[4];
    }

    private static boolean isKey(String resource) {
        return resource.startsWith("arn:aws:kms:");
    }

    /// What holds the policy and the key: an object has those of its bucket.
    private static String ownerOf(String resource) {
        int slash = resource.indexOf('/');
        return resource.startsWith("arn:aws:s3:") && slash > 0
                ? resource.substring(0, slash)
                : resource;
    }
}
