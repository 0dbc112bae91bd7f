package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The versions and aliases of state machines. A version is an immutable revision; an alias routes
/// to one version, or to two by weight.
final class VersionsAndAliases {

    private static final Pattern ALIAS =
            Pattern.compile("(?=.*[a-zA-Z_\\-.])[a-zA-Z0-9_\\-.]{1,80}");
    private static final int MOST_ROUTES = 2;
    private static final int WHOLE = 100;

    private record StateMachineVersion(
            String arn, int number, StateMachine machine, String description, Instant created) {}

    private record AliasRoute(String versionArn, int weight) {}

    private record StateMachineAlias(
            String arn,
            String name,
            String description,
            List<AliasRoute> routes,
            Instant created,
            Instant updated) {}

    /// The versions and aliases of one state machine.
    private static final class MachineVersions {
        final TreeMap<Integer, StateMachineVersion> versions = new TreeMap<>();
        final TreeMap<String, StateMachineAlias> aliases = new TreeMap<>();
        int lastNumber;
    }

    private final Map<String, MachineVersions> byMachine = new TreeMap<>();
    private final Clock clock;

    VersionsAndAliases(Clock clock) {
        this.clock = clock;
    }

    /// Publishes the current revision; publishing the same revision again returns the same version.
    ///
    /// @return the ARN of the version
    synchronized String publish(StateMachine machine, @Nullable String description) {
        return publishVersion(machine, description).arn();
    }

    private StateMachineVersion publishVersion(StateMachine machine, @Nullable String description) {
        var of = byMachine.computeIfAbsent(machine.arn(), _ -> new MachineVersions());
        var last = of.versions.lastEntry();
        if (last != null
                && Objects.equals(last.getValue().machine().revisionId(), machine.revisionId())) {
            return last.getValue();
        }
        int number = ++of.lastNumber;
        var version =
                new StateMachineVersion(
                        machine.arn() + ":" + number,
                        number,
                        machine,
                        description == null ? "" : description,
                        clock.instant());
        of.versions.put(number, version);
        return version;
    }

    synchronized ObjectNode publish(StepFunctionsRequest in, StateMachine machine) {
        var requestedRevision = in.optional("revisionId");
        var current = machine.revisionId() == null ? "INITIAL" : machine.revisionId().toString();
        if (requestedRevision != null && !requestedRevision.equals(current)) {
            throw conflict(
                    "Failed to publish the State Machine version for revision %s. The current State Machine revision is %s."
                            .formatted(requestedRevision, current));
        }
        var version = publishVersion(machine, in.bounded("description", 256));
        return StepFunctionsJson.object()
                .put("creationDate", StepFunctionsJson.seconds(version.created()))
                .put("stateMachineVersionArn", version.arn());
    }

    synchronized ObjectNode listVersions(StepFunctionsRequest in, StateMachine machine) {
        var of = byMachine.getOrDefault(machine.arn(), new MachineVersions());
        return in.page(
                "stateMachineVersions",
                List.copyOf(of.versions.descendingMap().values()),
                version ->
                        StepFunctionsJson.object()
                                .put("stateMachineVersionArn", version.arn())
                                .put("creationDate", StepFunctionsJson.seconds(version.created())));
    }

    synchronized ObjectNode deleteVersion(StepFunctionsRequest in) {
        in.allow("stateMachineVersionArn");
        var arn = in.arn("stateMachineVersionArn", "stateMachine");
        var of = byMachine.get(baseOf(arn));
        if (of != null) {
            for (var alias : of.aliases.values()) {
                if (alias.routes().stream().anyMatch(route -> route.versionArn().equals(arn))) {
                    throw conflict(
                            "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [%s]"
                                    .formatted(alias.name()));
                }
            }
            of.versions.values().removeIf(version -> version.arn().equals(arn));
        }
        return StepFunctionsJson.object();
    }

    synchronized ObjectNode createAlias(StepFunctionsRequest in) {
        in.allow("name", "description", "routingConfiguration");
        var name = in.required("name");
        if (!ALIAS.matcher(name).matches()) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value '%s' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$"
                            .formatted(name));
        }
        var routes = routes(in);
        var base = baseOf(routes.getFirst().versionArn());
        var of = byMachine.computeIfAbsent(base, _ -> new MachineVersions());
        var description = Optional.ofNullable(in.bounded("description", 256)).orElse("");
        var existing = of.aliases.get(name);
        if (existing != null) {
            if (!existing.routes().equals(routes) || !existing.description().equals(description)) {
                throw conflict(
                        "Failed to create alias because an alias with the same name and a different routing configuration already exists.");
            }
            return creationResult(existing);
        }
        var now = clock.instant();
        var alias = new StateMachineAlias(base + ":" + name, name, description, routes, now, now);
        of.aliases.put(name, alias);
        return creationResult(alias);
    }

    private static ObjectNode creationResult(StateMachineAlias alias) {
        return StepFunctionsJson.object()
                .put("creationDate", StepFunctionsJson.seconds(alias.created()))
                .put("stateMachineAliasArn", alias.arn());
    }

    synchronized ObjectNode updateAlias(StepFunctionsRequest in) {
        in.allow("stateMachineAliasArn", "description", "routingConfiguration");
        var before = alias(in.arn("stateMachineAliasArn", "stateMachine"));
        boolean routed = in.array("routingConfiguration").size() > 0;
        var description = in.bounded("description", 256);
        if (!routed && description == null) {
            throw AwsErrorException.validation(
                    "Either the description or the RoutingConfiguration must be specified");
        }
        var after =
                new StateMachineAlias(
                        before.arn(),
                        before.name(),
                        description == null ? before.description() : description,
                        routed ? routes(in) : before.routes(),
                        before.created(),
                        clock.instant());
        versionsOf(before.arn()).aliases.put(after.name(), after);
        return StepFunctionsJson.object()
                .put("updateDate", StepFunctionsJson.seconds(after.updated()));
    }

    synchronized ObjectNode describeAlias(StepFunctionsRequest in) {
        in.allow("stateMachineAliasArn");
        var alias = alias(in.arn("stateMachineAliasArn", "stateMachine"));
        var answer =
                StepFunctionsJson.object()
                        .put("stateMachineAliasArn", alias.arn())
                        .put("name", alias.name());
        if (!alias.description().isEmpty()) {
            answer.put("description", alias.description());
        }
        var routes = answer.putArray("routingConfiguration");
        alias.routes()
                .forEach(
                        route ->
                                routes.addObject()
                                        .put("stateMachineVersionArn", route.versionArn())
                                        .put("weight", route.weight()));
        return answer.put("creationDate", StepFunctionsJson.seconds(alias.created()))
                .put("updateDate", StepFunctionsJson.seconds(alias.updated()));
    }

    /// @param machine unqualified, or one of its versions
    synchronized ObjectNode listAliases(StepFunctionsRequest in, StateMachine machine) {
        var version = in.required("stateMachineArn");
        var of = byMachine.getOrDefault(machine.arn(), new MachineVersions());
        return in.page(
                "stateMachineAliases",
                of.aliases.values().stream()
                        .filter(
                                alias ->
                                        version.equals(machine.arn())
                                                || alias.routes().stream()
                                                        .anyMatch(
                                                                route ->
                                                                        route.versionArn()
                                                                                .equals(version)))
                        .toList(),
                alias ->
                        StepFunctionsJson.object()
                                .put("stateMachineAliasArn", alias.arn())
                                .put("creationDate", StepFunctionsJson.seconds(alias.created())));
    }

    synchronized ObjectNode deleteAlias(StepFunctionsRequest in) {
        in.allow("stateMachineAliasArn");
        var alias = alias(in.arn("stateMachineAliasArn", "stateMachine"));
        versionsOf(alias.arn()).aliases.remove(alias.name());
        return StepFunctionsJson.object();
    }

    /// Removes the versions and aliases of a deleted state machine.
    synchronized void forget(String machineArn) {
        byMachine.remove(machineArn);
    }

    /// Resolves a qualified ARN to a version.
    ///
    /// @throws AwsErrorException `StateMachineDoesNotExist` if it does not exist
    synchronized QualifiedStateMachine resolve(String qualifiedArn) {
        var of = byMachine.get(baseOf(qualifiedArn));
        if (of != null) {
            var alias = of.aliases.get(qualifierOf(qualifiedArn));
            var versionArn = alias == null ? qualifiedArn : choose(alias).versionArn();
            for (var version : of.versions.values()) {
                if (version.arn().equals(versionArn)) {
                    return new QualifiedStateMachine(
                            version.machine(), version.arn(), alias == null ? null : alias.arn());
                }
            }
        }
        throw AwsErrorException.client(
                "StateMachineDoesNotExist", "State Machine Does Not Exist: '" + qualifiedArn + "'");
    }

    private static AliasRoute choose(StateMachineAlias alias) {
        var first = alias.routes().getFirst();
        return ThreadLocalRandom.current().nextInt(WHOLE) < first.weight()
                ? first
                : alias.routes().getLast();
    }

    private List<AliasRoute> routes(StepFunctionsRequest in) {
        var routes = new ArrayList<AliasRoute>();
        for (var route : in.array("routingConfiguration")) {
            routes.add(
                    new AliasRoute(
                            route.path("stateMachineVersionArn").asString(""),
                            route.path("weight").asInt(-1)));
        }
        if (routes.isEmpty() || routes.size() > MOST_ROUTES) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value at 'routingConfiguration' failed to satisfy constraint: Member must have length between 1 and 2");
        }
        if (routes.stream().mapToInt(AliasRoute::weight).sum() != WHOLE
                || routes.stream().anyMatch(route -> route.weight() < 0)) {
            throw AwsErrorException.validation(
                    "Sum of routing configuration weights must equal 100. Received: %s"
                            .formatted(routes.stream().map(AliasRoute::weight).toList()));
        }
        if (Set.copyOf(routes.stream().map(AliasRoute::versionArn).toList()).size()
                < routes.size()) {
            throw AwsErrorException.validation(
                    "Routing configuration must not contain the same state machine version twice");
        }
        if (Set.copyOf(routes.stream().map(route -> baseOf(route.versionArn())).toList()).size()
                > 1) {
            throw AwsErrorException.validation(
                    "Routing configuration must contain state machine versions of the same state machine");
        }
        for (var route : routes) {
            StepFunctionsRequest.checkedArn(route.versionArn(), "stateMachine");
            var of = byMachine.get(baseOf(route.versionArn()));
            if (of == null
                    || of.versions.values().stream()
                            .noneMatch(version -> version.arn().equals(route.versionArn()))) {
                throw AwsErrorException.client(
                        "ResourceNotFound",
                        "Request references a resource that does not exist: '%s'"
                                .formatted(route.versionArn()));
            }
        }
        return List.copyOf(
                routes.stream()
                        .sorted(Comparator.comparing(AliasRoute::weight).reversed())
                        .toList());
    }

    private StateMachineAlias alias(String arn) {
        var of = byMachine.get(baseOf(arn));
        var alias = of == null ? null : of.aliases.get(qualifierOf(arn));
        if (alias == null) {
            throw AwsErrorException.client(
                    "ResourceNotFound",
                    "Request references a resource that does not exist: '%s'".formatted(arn));
        }
        return alias;
    }

    private MachineVersions versionsOf(String arn) {
        return byMachine.computeIfAbsent(baseOf(arn), _ -> new MachineVersions());
    }

    private static AwsErrorException conflict(String message) {
        return AwsErrorException.client("ConflictException", message);
    }

    /// Whether an ARN refers to a version or an alias.
    static boolean isQualified(String arn) {
        return arn.split(":", -1).length > 7;
    }

    /// The unqualified ARN of the state machine.
    static String baseOf(String arn) {
        return isQualified(arn) ? arn.substring(0, arn.lastIndexOf(':')) : arn;
    }

    private static String qualifierOf(String arn) {
        return arn.substring(arn.lastIndexOf(':') + 1);
    }
}
