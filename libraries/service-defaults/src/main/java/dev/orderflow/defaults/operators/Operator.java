package dev.orderflow.defaults.operators;

import java.util.Set;

/// A person who was verified by an access token.
///
/// @param subject the issuer's stable id of the person, which records keep: 1 to 100 printable
///     ASCII characters without blanks
/// @param name the name that people read, which may change: 1 to 100 printable ASCII characters
/// @param roles may be empty: a person of the issuer who may do nothing
public record Operator(String subject, String name, Set<OperatorRole> roles) {

    static final String SUBJECT_REGEX = "[!-~]{1,100}";

    static final String NAME_REGEX = "[!-~](?:[ -~]{0,98}[!-~])?";

    public Operator {
        if (!subject.matches(SUBJECT_REGEX)) {
            throw new IllegalArgumentException(
                    "subject must be 1 to 100 printable ASCII characters without blanks");
        }
        if (!name.matches(NAME_REGEX)) {
            throw new IllegalArgumentException("name must be 1 to 100 printable ASCII characters");
        }
        roles = Set.copyOf(roles);
    }

    /// Whether one of the roles permits what the given role permits.
    public boolean hasRole(OperatorRole required) {
        return roles.stream().anyMatch(role -> role.includes(required));
    }

    /// The name with the subject, for logs.
    @Override
    public String toString() {
        return "%s (%s)".formatted(name, subject);
    }
}
