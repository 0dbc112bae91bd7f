package dev.orderflow.localcloud.iam;

import dev.orderflow.localcloud.ports.Authorizer;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.HttpGateway;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
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

/// The roles and policies of the account, and the authorisation of calls.
///
/// While no role exists every call is allowed. After that a caller with a role's access key may do
/// what the role's policies allow, and services may deliver where a resource policy allows it.
/// Connections count as encrypted (`aws:SecureTransport`).
///
/// Use of an encrypted resource also needs its KMS key: sending to an encrypted queue needs
/// `kms:GenerateDataKey` and `kms:Decrypt`, receiving needs `kms:Decrypt`.
public final class AccessControl implements Authorizer {

    private record IamRole(
            String name, String arn, PolicyDocument trust, List<PolicyDocument> policies) {

        String asUser() {
            return "arn:aws:sts::%s:assumed-role/%s/local-cloud".formatted(accountOf(arn), name);
        }
    }

    /// The condition keys of the resource for which a service acts.
    private static final List<String> SOURCE_KEYS = List.of("aws:SourceArn", "aws:SourceAccount");

    private final InstantSource clock;
    private final Map<String, IamRole> roles = new ConcurrentHashMap<>();
    private final Map<String, IamRole> byAccessKey = new ConcurrentHashMap<>();
    private final Map<String, PolicyDocument> resourcePolicies = new ConcurrentHashMap<>();
    private final Map<String, String> keys = new ConcurrentHashMap<>();
    private final SortedSet<PolicyGrant> used = new ConcurrentSkipListSet<>();
    private final Collection<String> denials = new ConcurrentSkipListSet<>();

    /// @param clock source of `aws:CurrentTime`
    public AccessControl(InstantSource clock) {
        this.clock = clock;
    }

    /// Creates or replaces a role.
    ///
    /// @param trust trust policy: who may assume the role
    /// @param policies identity policies of the role
    public void putRole(String arn, PolicyDocument trust, Collection<PolicyDocument> policies) {
        trust.requireTrustPolicy();
        policies.forEach(PolicyDocument::requireIdentityPolicy);
        var name = arn.substring(arn.lastIndexOf('/') + 1);
        roles.put(arn, new IamRole(name, arn, trust, List.copyOf(policies)));
    }

    /// Sets the resource policy of a queue, topic, bucket or key.
    public void putResourcePolicy(String resourceArn, PolicyDocument policy) {
        policy.requireResourcePolicy();
        resourcePolicies.put(resourceArn, policy);
    }

    /// Sets the KMS key with which a queue, topic, bucket, bus or state machine is encrypted.
    public void setEncryptionKey(String resourceArn, String keyArn) {
        keys.put(resourceArn, keyArn);
    }

    /// Lets a service take a role for one of its tasks, or a person of the account for themselves.
    ///
    /// @param by a service, or the account itself as a role: `arn:aws:iam::…:root`
    /// @return the access key that signs the calls of who took it
    /// @throws AwsErrorException `AccessDenied` when the role's trust policy does not let it
    public String assumeRole(String roleArn, Principal by) {
        var role = roles.get(roleArn);
        if (role == null) {
            throw AwsErrorException.withStatus(
                    404, "NoSuchEntity", "Role does not exist: " + roleArn);
        }
        var keysOfCall = globalKeys(by, roleArn);
        var about =
                role.trust().statements().stream()
                        .filter(it -> it.coversAction("sts:AssumeRole"))
                        .filter(it -> it.conditionsMatch(keysOfCall))
                        .toList();
        boolean trusted =
                about.stream().anyMatch(it -> it.allows() && it.matchesPrincipal(principal(by)))
                        && about.stream().noneMatch(it -> it.deniesTo(principal(by)));
        if (!trusted) {
            throw AwsErrorException.withStatus(
                    403,
                    "AccessDenied",
                    "%s is not authorized to perform: sts:AssumeRole on resource: %s"
                            .formatted(
                                    switch (by) {
                                        case Principal.RolePrincipal(var arn) -> "User: " + arn;
                                        case Principal.ServicePrincipal(var name, var source) ->
                                                name + " for " + source;
                                    },
                                    roleArn));
        }
        var accessKey = "ASIA" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
        byAccessKey.put(accessKey, role);
        return accessKey;
    }

    /// The role of an access key; empty for the administrator.
    Optional<Principal.RolePrincipal> findRole(String accessKey) {
        return Optional.ofNullable(byAccessKey.get(accessKey))
                .map(it -> new Principal.RolePrincipal(it.arn()));
    }

    @Override
    public void require(
            Principal caller, String action, String resource, Map<String, String> keysOfAction) {
        if (isUnrestricted(caller)) {
            return;
        }
        boolean hasSource = hasSource(caller, action);
        requireOne(caller, action, resource, keysOfAction, hasSource);
        var key = keys.get(ownerOf(resource));
        if (key == null) {
            return;
        }
        for (var use : KeyAccess.requiredBy(caller, action, ownerOf(resource))) {
            requireOne(use.caller(), use.action(), key, use.keys(), hasSource);
        }
    }

    /// Returns normally if the call is allowed, for a call that decrypts nothing of its resource.
    void requireWithoutKey(
            Principal caller, String action, String resource, Map<String, String> keysOfAction) {
        if (!isUnrestricted(caller)) {
            requireOne(caller, action, resource, keysOfAction, hasSource(caller, action));
        }
    }

    private boolean isUnrestricted(Principal caller) {
        return roles.isEmpty()
                || caller instanceof Principal.RolePrincipal(var arn) && !roles.containsKey(arn);
    }

    /// EventBridge names its rule when it sends to a queue, but neither to SNS nor to the key of a
    /// topic (EventBridge User Guide, "Using resource-based policies"; SNS Developer Guide,
    /// "Managing Amazon SNS encryption keys and costs"): a statement with a condition on the source
    /// allows nothing there.
    private static boolean hasSource(Principal caller, String action) {
        return !(action.equals("sns:Publish")
                && caller instanceof Principal.ServicePrincipal(var name, _)
                && name.equals("events.amazonaws.com"));
    }

    @Override
    public void requireKey(Principal caller, String resource, Map<String, String> keysOfAction) {
        var key = keys.get(resource);
        if (key != null
                && caller instanceof Principal.RolePrincipal(var arn)
                && roles.containsKey(arn)) {
            requireOne(caller, "kms:GenerateDataKey", key, keysOfAction, true);
            requireOne(caller, "kms:Decrypt", key, keysOfAction, true);
        }
    }

    private void requireOne(
            Principal caller,
            String action,
            String resource,
            Map<String, String> keysOfAction,
            boolean hasSource) {
        var all = globalKeys(caller, resource);
        if (!hasSource) {
            SOURCE_KEYS.forEach(all::remove);
        }
        all.putAll(keysOfAction);
        var refusal = findDenial(caller, action, resource, all);
        if (refusal != null) {
            denials.add(refusal);
            throw AwsErrorException.client("AccessDeniedException", refusal);
        }
    }

    /// @return the reason for the denial, null if the call is allowed
    private @Nullable String findDenial(
            Principal caller, String action, String resource, Map<String, String> all) {
        var role = caller instanceof Principal.RolePrincipal(var arn) ? roles.get(arn) : null;
        var policy = resourcePolicies.get(ownerOf(resource));
        var refused =
                "%s is not authorized to perform: %s on resource: %s "
                        .formatted(nameOf(caller, role), action, resource);
        var principal = principal(caller);
        if (policy != null
                && policy.statements().stream()
                        .anyMatch(
                                it -> it.deniesTo(principal) && it.covers(action, resource, all))) {
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
                            + describeNearestStatement(
                                    policy == null ? List.of() : List.of(policy),
                                    action,
                                    resource,
                                    all);
        }
        boolean byIdentity = recordGrants(role, action, resource, all);
        if (byResource) {
            return null;
        }
        if (!byIdentity) {
            return refused
                    + "because no identity-based policy allows the %s action".formatted(action)
                    + describeNearestStatement(role.policies(), action, resource, all);
        }
        if (isKey(resource)
                && (policy == null
                        || !allows(
                                policy,
                                PolicyStatement.accountPrincipal(accountOf(role.arn())),
                                action,
                                resource,
                                all))) {
            return refused + "because the key policy does not delegate to identity-based policies";
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
                                        && it.matchesPrincipal(principal)
                                        && it.covers(action, resource, all));
    }

    /// Whether an identity policy allows the call; records the grants that it used.
    private boolean recordGrants(
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
                            && statement.matches(grant.resource(), resource, all)) {
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

    /// Describes the statement that comes nearest and what it lacks.
    private static String describeNearestStatement(
            List<PolicyDocument> policies,
            String action,
            String resource,
            Map<String, String> all) {
        var near =
                policies.stream()
                        .flatMap(it -> it.statements().stream())
                        .filter(it -> it.allows() && it.coversAction(action))
                        .map(it -> describeMismatch(it, resource, all))
                        .collect(Collectors.joining("; "));
        return near.isEmpty() ? " (no statement names the action)" : " (" + near + ")";
    }

    private static String describeMismatch(
            PolicyStatement statement, String resource, Map<String, String> all) {
        if (!statement.resources().isEmpty() && !statement.coversResource(resource, all)) {
            return "statement %s allows it on %s".formatted(statement.sid(), statement.resources());
        }
        return statement.conditions().stream()
                .filter(condition -> !condition.matches(all))
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

    /// All grants of the roles' policies.
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

    /// The grants that have allowed a call so far.
    public SortedSet<PolicyGrant> usedGrants() {
        return new TreeSet<>(used);
    }

    /// The distinct denials so far, in AWS's words.
    public List<String> denials() {
        return List.copyOf(denials);
    }

    private static String principal(Principal caller) {
        return switch (caller) {
            case Principal.RolePrincipal(var arn) -> "AWS:" + arn;
            case Principal.ServicePrincipal(var name, _) -> "Service:" + name;
        };
    }

    private static String nameOf(Principal caller, @Nullable IamRole role) {
        return switch (caller) {
            case Principal.RolePrincipal _ -> "User: " + Objects.requireNonNull(role).asUser();
            case Principal.ServicePrincipal(var name, var source) -> name + " for " + source;
        };
    }

    Map<String, String> globalKeys(Principal caller, String resource) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var arn = resource.split(":", 6);
        boolean hasArn = arn.length == 6;
        var keys = new HashMap<String, String>();
        keys.put("aws:SecureTransport", "true");
        keys.put("s3:TlsVersion", "1.3");
        keys.put("aws:CurrentTime", now.toString());
        keys.put("aws:EpochTime", Long.toString(now.getEpochSecond()));
        var owner = hasArn && !arn[4].isEmpty() ? arn[4] : HttpGateway.ACCOUNT;
        keys.put("aws:ResourceAccount", owner);
        keys.put("s3:ResourceAccount", owner);
        if (hasArn && !arn[3].isEmpty()) {
            keys.put("aws:RequestedRegion", arn[3]);
        }
        keys.put("aws:ViaAWSService", "false");
        switch (caller) {
            case Principal.RolePrincipal(var roleArn) -> {
                keys.put("aws:PrincipalArn", roleArn);
                keys.put("aws:PrincipalAccount", accountOf(roleArn));
                keys.put("aws:PrincipalType", "AssumedRole");
                keys.put("aws:PrincipalIsAWSService", "false");
            }
            case Principal.ServicePrincipal(var name, var source) -> {
                keys.put("aws:PrincipalIsAWSService", "true");
                keys.put("aws:PrincipalServiceName", name);
                keys.put("aws:SourceArn", source);
                keys.put("aws:SourceAccount", accountOf(source));
            }
        }
        return keys;
    }

    static String accountOf(String arn) {
        var parts = arn.split(":", 6);
        return parts.length < 6 ? "" : parts[4];
    }

    private static boolean isKey(String resource) {
        return resource.startsWith("arn:aws:kms:");
    }

    /// What holds the policy and the key: an object has those of its bucket, an execution those of
    /// its state machine.
    private static String ownerOf(String resource) {
        if (resource.startsWith("arn:aws:states:")) {
            var parts = resource.split(":", 8);
            return parts.length == 8 && parts[5].equals("execution")
                    ? String.join(":", List.of(parts).subList(0, 5)) + ":stateMachine:" + parts[6]
                    : resource;
        }
        int slash = resource.indexOf('/');
        return resource.startsWith("arn:aws:s3:") && slash > 0
                ? resource.substring(0, slash)
                : resource;
    }
}
