package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.ports.Authorizer;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// An immutable revision of a state machine; an update creates a new one.
///
/// @param revisionId null until the first update
/// @param logging stored and returned without effect, like the other configurations
record StateMachine(
        String arn,
        String name,
        String region,
        String account,
        StateMachineDefinition definition,
        String roleArn,
        Instant createdAt,
        @Nullable UUID revisionId,
        boolean deleting,
        @Nullable ObjectNode logging,
        @Nullable ObjectNode tracing,
        @Nullable ObjectNode encryption,
        Map<String, String> tags) {

    String executionArn(String execution) {
        return "arn:aws:states:%s:%s:execution:%s:%s".formatted(region, account, name, execution);
    }

    /// The principal of its executions.
    Authorizer.Principal caller() {
        return new Authorizer.Principal.RolePrincipal(roleArn);
    }

    /// Whether its executions are encrypted with a customer managed key.
    boolean hasCustomerKey() {
        return encryption != null
                && encryption.path("type").asString("").equals(StepFunctionsRequest.CUSTOMER_KEY);
    }

    StateMachine withDeletion() {
        return new StateMachine(
                arn,
                name,
                region,
                account,
                definition,
                roleArn,
                createdAt,
                revisionId,
                true,
                logging,
                tracing,
                encryption,
                tags);
    }

    StateMachine withTags(Map<String, String> all) {
        return new StateMachine(
                arn,
                name,
                region,
                account,
                definition,
                roleArn,
                createdAt,
                revisionId,
                deleting,
                logging,
                tracing,
                encryption,
                Map.copyOf(all));
    }

    /// Returns a new revision in which null keeps a value; this revision if nothing changes.
    StateMachine withUpdate(
            @Nullable StateMachineDefinition newDefinition,
            @Nullable String newRole,
            @Nullable ObjectNode newLogging,
            @Nullable ObjectNode newTracing,
            @Nullable ObjectNode newEncryption) {
        var newest =
                new StateMachine(
                        arn,
                        name,
                        region,
                        account,
                        newDefinition == null ? definition : newDefinition,
                        newRole == null ? roleArn : newRole,
                        createdAt,
                        UUID.randomUUID(),
                        deleting,
                        newLogging == null ? logging : newLogging,
                        newTracing == null ? tracing : newTracing,
                        newEncryption == null ? encryption : newEncryption,
                        tags);
        return hasSameConfiguration(newest) ? this : newest;
    }

    /// Whether no property that makes a revision differs.
    private boolean hasSameConfiguration(StateMachine other) {
        return roleArn.equals(other.roleArn) && isSameRequest(other);
    }

    /// Whether `CreateStateMachine` for the other is idempotent; the formatting of the definition
    /// may differ.
    boolean isSameRequest(StateMachine other) {
        return StepFunctionsJson.parse(definition.text())
                        .equals(StepFunctionsJson.parse(other.definition.text()))
                && Objects.equals(logging, other.logging)
                && Objects.equals(tracing, other.tracing)
                && Objects.equals(encryption, other.encryption);
    }
}
