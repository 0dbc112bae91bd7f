package dev.orderflow.localcloud.stepfunctions;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The state machine that an ARN refers to: its latest revision, or a version, possibly through an
/// alias.
///
/// @param machine with the definition and the role of the version
/// @param versionArn the version, null for the latest revision
/// @param aliasArn the alias that selected the version, null if none did
record QualifiedStateMachine(
        StateMachine machine, @Nullable String versionArn, @Nullable String aliasArn) {

    /// The latest revision.
    static QualifiedStateMachine latest(StateMachine machine) {
        return new QualifiedStateMachine(machine, null, null);
    }

    /// Adds the version and alias to a response.
    ObjectNode describe(ObjectNode answer) {
        if (versionArn != null) {
            answer.put("stateMachineVersionArn", versionArn);
        }
        if (aliasArn != null) {
            answer.put("stateMachineAliasArn", aliasArn);
        }
        return answer;
    }
}
