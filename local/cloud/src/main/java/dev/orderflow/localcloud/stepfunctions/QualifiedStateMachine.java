package dev.orderflow.localcloud.stepfunctions;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A state machine as an ARN names it: as it is now, or a version of it, perhaps through an alias.
///
/// @param machine of which the definition and the role are the version's
/// @param versionArn the version, null when it is the latest revision
/// @param aliasArn the alias that led to the version, null when none did
record QualifiedStateMachine(
        StateMachine machine, @Nullable String versionArn, @Nullable String aliasArn) {

    /// As it is now.
    static QualifiedStateMachine latest(StateMachine machine) {
        return new QualifiedStateMachine(machine, null, null);
    }

    /// Says in an answer which version and alias it was.
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
