package dev.orderflow.localcloud.iam;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A policy in [IAM's
/// language](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
public final class PolicyDocument {

    private static final Set<String> ELEMENTS = Set.of("Version", "Id", "Statement");

    private final List<PolicyStatement> statements;

    private PolicyDocument(List<PolicyStatement> statements) {
        this.statements = List.copyOf(statements);
    }

    /// Parses a policy.
    ///
    /// @throws IllegalArgumentException if the policy is malformed, or the local cloud does not
    ///     support an element, operator or condition key; the message names it
    public static PolicyDocument of(JsonNode document) {
        for (var element : document.propertyNames()) {
            if (!ELEMENTS.contains(element)) {
                throw new IllegalArgumentException(
                        "local-cloud does not support the policy element " + element);
            }
        }
        boolean hasVariables = document.path("Version").asString("").equals("2012-10-17");
        var all = document.path("Statement");
        var statements = new ArrayList<PolicyStatement>();
        if (all.isArray()) {
            all.forEach(
                    one ->
                            statements.add(
                                    PolicyStatement.of(one, statements.size(), hasVariables)));
        } else if (all.isObject()) {
            statements.add(PolicyStatement.of(all, 0, hasVariables));
        }
        return new PolicyDocument(statements);
    }

    /// @throws IllegalArgumentException if it is not an identity policy
    void requireIdentityPolicy() {
        for (var statement : statements) {
            if (!statement.principals().isEmpty()) {
                throw malformed("Policy document should not specify a principal.");
            }
            if (statement.resources().isEmpty()) {
                throw malformed("Policy statement must contain resources.");
            }
        }
    }

    /// @throws IllegalArgumentException if it is not a trust policy
    void requireTrustPolicy() {
        for (var statement : statements) {
            if (!statement.resources().isEmpty()) {
                throw malformed("Has prohibited field Resource.");
            }
        }
        requireResourcePolicy();
    }

    /// @throws IllegalArgumentException if it names no principal
    void requireResourcePolicy() {
        for (var statement : statements) {
            if (statement.principals().isEmpty()) {
                throw malformed("Missing required field Principal.");
            }
        }
    }

    static IllegalArgumentException malformed(String message) {
        return new IllegalArgumentException("MalformedPolicyDocument: " + message);
    }

    /// The statements in document order.
    List<PolicyStatement> statements() {
        return statements;
    }

    /// A string or a list of strings, the two forms that policies allow.
    static List<String> texts(JsonNode oneOrMany) {
        if (oneOrMany.isArray()) {
            return oneOrMany.valueStream().map(JsonNode::asString).toList();
        }
        return oneOrMany.isMissingNode() ? List.of() : List.of(oneOrMany.asString());
    }
}
