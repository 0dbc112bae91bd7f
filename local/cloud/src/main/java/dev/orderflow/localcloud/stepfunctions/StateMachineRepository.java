package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.RequestContext;
import dev.orderflow.localcloud.wire.TagRules;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The state machines, and the operations on them.
final class StateMachineRepository {

    /// Of a validated definition.
    private static final int MOST_DIAGNOSTICS = 100;

    private static final List<String> TYPES = List.of("STANDARD", "EXPRESS");

    private static final int MOST_TAGS = 50;

    private final Map<String, StateMachine> machines = new ConcurrentHashMap<>();
    private final Clock clock;
    private final Predicate<String> busy;
    private final VersionsAndAliases versions;

    /// @param busy whether a state machine has a running execution
    StateMachineRepository(Clock clock, Predicate<String> busy) {
        this.clock = clock;
        this.busy = busy;
        this.versions = new VersionsAndAliases(clock);
    }

    /// The versions and aliases of the state machines.
    VersionsAndAliases versions() {
        return versions;
    }

    ObjectNode create(StepFunctionsRequest in, RequestContext context) {
        in.allow(
                "name",
                "definition",
                "roleArn",
                "type",
                "loggingConfiguration",
                "tags",
                "tracingConfiguration",
                "publish",
                "versionDescription",
                "encryptionConfiguration");
        String name = in.required("name");
        String definitionText = in.required("definition");
        String roleArn = in.required("roleArn");
        if (!StepFunctionsRequest.isName(name)) {
            throw AwsErrorException.client("InvalidName", "Invalid Name: '" + name + "'");
        }
        checkRole(roleArn);
        if (!in.oneOf("type", TYPES, "STANDARD").equals("STANDARD")) {
            throw AwsErrorException.client(
                    "StateMachineTypeNotSupported",
                    "local-cloud does not support state machines of type " + in.text("type", ""));
        }
        in.refuseVersionDescriptionWithoutPublishing();
        ObjectNode logging = in.loggingConfiguration();
        ObjectNode encryption = in.encryptionConfiguration();
        StateMachineDefinition definition = readable(definitionText);
        String arn =
                "arn:aws:states:%s:%s:stateMachine:%s"
                        .formatted(context.region(), context.accountId(), name);
        var tags = readTags(in.array("tags"));
        var created =
                new StateMachine(
                        arn,
                        name,
                        context.region(),
                        context.accountId(),
                        definition,
                        roleArn,
                        clock.instant(),
                        null,
                        false,
                        logging,
                        in.object("tracingConfiguration"),
                        encryption,
                        Map.copyOf(tags));
        StateMachine existing = machines.putIfAbsent(arn, created);
        if (existing != null) {
            if (existing.deleting()) {
                throw deletingError(arn);
            }
            // As on AWS, another role or other tags are ignored.
            if (!existing.isSameRequest(created)) {
                throw AwsErrorException.client(
                        "StateMachineAlreadyExists", "State Machine Already Exists: '" + arn + "'");
            }
            created = existing;
        }
        ObjectNode answer = StepFunctionsJson.object();
        answer.put("stateMachineArn", arn);
        answer.put("creationDate", StepFunctionsJson.seconds(created.createdAt()));
        if (in.flag("publish", false)) {
            answer.put(
                    "stateMachineVersionArn",
                    versions.publish(created, in.optional("versionDescription")));
        }
        return answer;
    }

    private static void checkRole(String roleArn) {
        if (!roleArn.matches("arn:aws[a-z-]*:iam::\\d{12}:role/.+")) {
            throw AwsErrorException.client("InvalidArn", "Invalid Role Arn: '" + roleArn + "'");
        }
    }

    private static StateMachineDefinition readable(String text) {
        return switch (DefinitionParser.parse(text)) {
            case DefinitionResult.ValidDefinition(StateMachineDefinition definition) -> definition;
            case DefinitionResult.InvalidDefinition(List<Diagnostic> findings) ->
                    throw AwsErrorException.client(
                            "InvalidDefinition", Diagnostic.message(findings));
        };
    }

    static AwsErrorException deletingError(String arn) {
        return AwsErrorException.client(
                "StateMachineDeleting", "State Machine is being deleted: '" + arn + "'");
    }

    /// @throws AwsErrorException if the state machine does not exist
    StateMachine find(String arn) {
        StateMachine machine = machines.get(StepFunctionsRequest.checkedArn(arn, "stateMachine"));
        if (machine == null) {
            throw AwsErrorException.client(
                    "StateMachineDoesNotExist", "State Machine Does Not Exist: '" + arn + "'");
        }
        return machine;
    }

    /// @param arn ARN with or without a version or alias
    /// @throws AwsErrorException if the state machine, version or alias does not exist
    QualifiedStateMachine resolve(String arn) {
        if (!VersionsAndAliases.isQualified(StepFunctionsRequest.checkedArn(arn, "stateMachine"))) {
            return QualifiedStateMachine.latest(find(arn));
        }
        find(VersionsAndAliases.baseOf(arn));
        return versions.resolve(arn);
    }

    ObjectNode publishVersion(StepFunctionsRequest in) {
        in.allow("stateMachineArn", "revisionId", "description");
        return versions.publish(in, find(in.required("stateMachineArn")));
    }

    ObjectNode listVersions(StepFunctionsRequest in) {
        in.allow("stateMachineArn", "maxResults", "nextToken");
        return versions.listVersions(in, find(in.required("stateMachineArn")));
    }

    ObjectNode listAliases(StepFunctionsRequest in) {
        in.allow("stateMachineArn", "maxResults", "nextToken");
        return versions.listAliases(
                in, find(VersionsAndAliases.baseOf(in.required("stateMachineArn"))));
    }

    ObjectNode update(StepFunctionsRequest in) {
        in.allow(
                "stateMachineArn",
                "definition",
                "roleArn",
                "loggingConfiguration",
                "tracingConfiguration",
                "publish",
                "versionDescription",
                "encryptionConfiguration");
        in.refuseVersionDescriptionWithoutPublishing();
        String arn = in.required("stateMachineArn");
        String text = in.optional("definition");
        String roleArn = in.optional("roleArn");
        ObjectNode logging = in.loggingConfiguration();
        ObjectNode tracing = in.object("tracingConfiguration");
        ObjectNode encryption = in.encryptionConfiguration();
        if (text == null
                && roleArn == null
                && logging == null
                && tracing == null
                && encryption == null) {
            throw AwsErrorException.client(
                    "MissingRequiredParameter",
                    "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified");
        }
        if (find(arn).deleting()) {
            throw deletingError(arn);
        }
        if (roleArn != null) {
            checkRole(roleArn);
        }
        StateMachineDefinition definition = text == null ? null : readable(text);
        StateMachine updated =
                machines.computeIfPresent(
                        arn,
                        (_, m) -> m.withUpdate(definition, roleArn, logging, tracing, encryption));
        if (updated == null) {
            throw deletingError(arn);
        }
        ObjectNode answer = StepFunctionsJson.object();
        answer.put("updateDate", StepFunctionsJson.seconds(clock.instant()));
        if (updated.revisionId() != null) {
            answer.put("revisionId", updated.revisionId().toString());
        }
        if (in.flag("publish", false)) {
            answer.put(
                    "stateMachineVersionArn",
                    versions.publish(updated, in.optional("versionDescription")));
        }
        return answer;
    }

    ObjectNode describe(StepFunctionsRequest in) {
        in.allow("stateMachineArn", "includedData");
        QualifiedStateMachine found = resolve(in.required("stateMachineArn"));
        ObjectNode answer = toDescription(found.machine(), "creationDate", in.wantsData());
        if (found.versionArn() != null) {
            answer.put("stateMachineArn", found.versionArn());
        }
        return answer;
    }

    /// @param withData whether the definition is described, too
    static ObjectNode toDescription(StateMachine machine, String dateField, boolean withData) {
        ObjectNode answer = StepFunctionsJson.object();
        answer.put("stateMachineArn", machine.arn());
        answer.put("name", machine.name());
        answer.put("status", machine.deleting() ? "DELETING" : "ACTIVE");
        answer.put("definition", withData ? machine.definition().text() : "{}");
        answer.put("roleArn", machine.roleArn());
        answer.put("type", "STANDARD");
        answer.put(dateField, StepFunctionsJson.seconds(machine.createdAt()));
        ObjectNode logging = machine.logging();
        answer.set(
                "loggingConfiguration",
                logging == null
                        ? StepFunctionsJson.object()
                                .put("level", "OFF")
                                .put("includeExecutionData", false)
                        : logging);
        ObjectNode tracing = machine.tracing();
        answer.set(
                "tracingConfiguration",
                tracing == null ? StepFunctionsJson.object().put("enabled", false) : tracing);
        if (machine.revisionId() != null) {
            answer.put("revisionId", machine.revisionId().toString());
        }
        ObjectNode variables = VariableReferences.in(machine.definition().text());
        if (withData && !variables.isEmpty()) {
            answer.set("variableReferences", variables);
        }
        ObjectNode encryption = machine.encryption();
        answer.set(
                "encryptionConfiguration",
                encryption == null
                        ? StepFunctionsJson.object().put("type", "AWS_OWNED_KEY")
                        : encryption);
        return answer;
    }

    ObjectNode delete(StepFunctionsRequest in) {
        in.allow("stateMachineArn");
        String arn = in.arn("stateMachineArn", "stateMachine");
        machines.computeIfPresent(arn, (_, m) -> m.withDeletion());
        removeIfUnused(arn);
        return StepFunctionsJson.object();
    }

    /// Removes a state machine that is being deleted and has no running execution.
    void removeIfUnused(String arn) {
        machines.computeIfPresent(arn, (_, m) -> m.deleting() && !busy.test(arn) ? null : m);
        if (!machines.containsKey(arn)) {
            versions.forget(arn);
        }
    }

    ObjectNode list(StepFunctionsRequest in) {
        in.allow("maxResults", "nextToken");
        List<StateMachine> all =
                machines.values().stream()
                        .sorted(
                                Comparator.comparing(StateMachine::createdAt)
                                        .reversed()
                                        .thenComparing(StateMachine::name))
                        .toList();
        return in.page(
                "stateMachines",
                all,
                machine -> {
                    ObjectNode one = StepFunctionsJson.object();
                    one.put("stateMachineArn", machine.arn());
                    one.put("name", machine.name());
                    one.put("type", "STANDARD");
                    one.put("creationDate", StepFunctionsJson.seconds(machine.createdAt()));
                    return one;
                });
    }

    static ObjectNode validate(StepFunctionsRequest in) {
        in.allow("definition", "type", "severity", "maxResults");
        in.oneOf("type", TYPES, "STANDARD");
        in.oneOf("severity", List.of("ERROR", "WARNING"), "ERROR");
        int most = in.maxResults(MOST_DIAGNOSTICS, MOST_DIAGNOSTICS);
        boolean truncated = false;
        ObjectNode answer = StepFunctionsJson.object();
        ArrayNode diagnostics = StepFunctionsJson.NODES.arrayNode();
        if (DefinitionParser.parse(in.required("definition"))
                instanceof DefinitionResult.InvalidDefinition(List<Diagnostic> findings)) {
            truncated = findings.size() > most;
            for (Diagnostic finding : findings.subList(0, Math.min(most, findings.size()))) {
                ObjectNode one = diagnostics.addObject();
                one.put("severity", "ERROR");
                one.put("code", finding.code().name());
                one.put("message", finding.message());
                if (finding.location() != null) {
                    one.put("location", finding.location());
                }
            }
        }
        answer.put("result", diagnostics.isEmpty() ? "OK" : "FAIL");
        answer.set("diagnostics", diagnostics);
        answer.put("truncated", truncated);
        return answer;
    }

    ObjectNode tag(StepFunctionsRequest in) {
        in.allow("resourceArn", "tags");
        retag(in, tags -> tags.putAll(readTags(in.array("tags"))));
        return StepFunctionsJson.object();
    }

    ObjectNode untag(StepFunctionsRequest in) {
        in.allow("resourceArn", "tagKeys");
        retag(in, tags -> in.array("tagKeys").forEach(key -> tags.remove(key.asString(""))));
        return StepFunctionsJson.object();
    }

    private void retag(StepFunctionsRequest in, Consumer<Map<String, String>> change) {
        StateMachine machine = requireTagged(in);
        var tags = new LinkedHashMap<>(machine.tags());
        change.accept(tags);
        requireTagLimit(tags);
        machines.computeIfPresent(machine.arn(), (_, m) -> m.withTags(tags));
    }

    private StateMachine requireTagged(StepFunctionsRequest in) {
        String arn = in.required("resourceArn");
        StateMachine machine = machines.get(arn);
        if (machine == null) {
            throw AwsErrorException.client("ResourceNotFound", "Resource not found: '" + arn + "'");
        }
        return machine;
    }

    ObjectNode listTags(StepFunctionsRequest in) {
        in.allow("resourceArn");
        ObjectNode answer = StepFunctionsJson.object();
        ArrayNode tags = answer.putArray("tags");
        requireTagged(in)
                .tags()
                .forEach((key, value) -> tags.addObject().put("key", key).put("value", value));
        return answer;
    }

    private static void requireTagLimit(Map<String, String> tags) {
        if (tags.size() > MOST_TAGS) {
            throw AwsErrorException.client(
                    "TooManyTags", "A resource has at most " + MOST_TAGS + " tags.");
        }
    }

    private static Map<String, String> readTags(JsonNode given) {
        var tags = new LinkedHashMap<String, String>();
        given.forEach(t -> tags.put(t.path("key").asString(""), t.path("value").asString("")));
        TagRules.require(tags, AwsErrorException::validation);
        requireTagLimit(tags);
        return tags;
    }
}
