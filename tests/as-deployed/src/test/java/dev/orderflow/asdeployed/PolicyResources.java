package dev.orderflow.asdeployed;

import dev.orderflow.asdeployed.Deployment.Created;
import dev.orderflow.asdeployed.Templates.Resource;
import dev.orderflow.localcloud.iam.PolicyDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Creates roles, and attaches policies to resources.
final class PolicyResources {

    private final CloudClients clients;
    private final Map<String, JsonNode> policies = new HashMap<>();

    PolicyResources(CloudClients clients) {
        this.clients = clients;
    }

    Created role(Resource resource, Properties in) {
        var name = in.optional("RoleName").orElse(resource.id());
        var arn = "arn:aws:iam::%s:role/%s".formatted(clients.account(), name);
        var policies = new ArrayList<PolicyDocument>();
        for (var policy : in.parts("Policies")) {
            policies.add(document(policy.get("PolicyDocument")));
            policy.accept("PolicyName").requireAllRead();
        }
        in.accept("Description");
        clients.accessControl()
                .putRole(arn, document(in.get("AssumeRolePolicyDocument")), policies);
        return Created.withArn(name, arn);
    }

    Created policy(Resource resource, Properties in, List<String> arns) {
        in.accept("Queues", "Topics", "Bucket");
        var policy = document(in.get("PolicyDocument"));
        arns.forEach(
                arn -> {
                    clients.accessControl().putResourcePolicy(arn, policy);
                    policies.put(arn, in.get("PolicyDocument"));
                });
        return Created.named(resource.id());
    }

    /// Attaches a policy to a resource that is in no template.
    void allow(String arn, String role, String action) {
        var policy = JsonNodeFactory.instance.objectNode();
        policy.putArray("Statement")
                .addObject()
                .put("Effect", "Allow")
                .put("Action", action)
                .put("Resource", "*")
                .putObject("Principal")
                .put("AWS", role);
        clients.accessControl().putResourcePolicy(arn, document(policy));
    }

    /// Adds a statement to a resource's policy that denies an action on a part of it to everyone.
    void deny(String arn, String action, String part) {
        var policy = policyOf(arn).deepCopy();
        policy.withArray("Statement")
                .addObject()
                .put("Effect", "Deny")
                .put("Principal", "*")
                .put("Action", action)
                .put("Resource", arn + part);
        clients.accessControl().putResourcePolicy(arn, document(policy));
    }

    /// Restores the policy of a resource to that of its template.
    void restorePolicy(String arn) {
        clients.accessControl().putResourcePolicy(arn, document(policyOf(arn)));
    }

    private ObjectNode policyOf(String arn) {
        if (policies.get(arn) instanceof ObjectNode policy) {
            return policy;
        }
        throw new DeploymentException("no template has a policy of " + arn);
    }

    static PolicyDocument document(JsonNode policy) {
        return PolicyDocument.of(policy);
    }
}
