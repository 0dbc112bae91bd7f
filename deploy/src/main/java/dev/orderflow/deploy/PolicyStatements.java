package dev.orderflow.deploy;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.IPrincipal;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.constructs.Construct;

/// Creates policy statements, and roles to which no construct can add permissions.
final class PolicyStatements {

    private PolicyStatements() {}

    static PolicyStatement allow(List<String> actions, List<String> resources) {
        return PolicyStatement.Builder.create().actions(actions).resources(resources).build();
    }

    static PolicyStatement allow(
            List<String> actions, List<String> resources, Map<String, String> onlyWhen) {
        return PolicyStatement.Builder.create()
                .actions(actions)
                .resources(resources)
                .conditions(Map.of("StringEquals", onlyWhen))
                .build();
    }

    /// @param taker the principal that may assume it
    static IRole role(
            Construct scope, String name, IPrincipal taker, List<PolicyStatement> statements) {
        return Role.Builder.create(scope, name)
                .assumedBy(taker)
                .inlinePolicies(
                        Map.of(
                                "may",
                                PolicyDocument.Builder.create().statements(statements).build()))
                .build()
                .withoutPolicyUpdates();
    }
}
