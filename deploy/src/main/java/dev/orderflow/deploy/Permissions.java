package dev.orderflow.deploy;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.iam.ServicePrincipalOpts;
import software.constructs.Construct;

/// Roles that can do what is written here and nothing else: no construct adds to them.
final class Permissions {

    private Permissions() {}

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

    /// @param taker the service of AWS that takes the role
    /// @param account the only one for which it may
    static IRole role(
            Construct scope,
            String name,
            String taker,
            String account,
            List<PolicyStatement> statements) {
        return Role.Builder.create(scope, name)
                .assumedBy(
                        new ServicePrincipal(
                                taker,
                                ServicePrincipalOpts.builder()
                                        .conditions(
                                                Map.of(
                                                        "StringEquals",
                                                        Map.of("aws:SourceAccount", account)))
                                        .build()))
                .inlinePolicies(
                        Map.of(
                                "may",
                                PolicyDocument.Builder.create().statements(statements).build()))
                .build()
                .withoutPolicyUpdates();
    }
}
