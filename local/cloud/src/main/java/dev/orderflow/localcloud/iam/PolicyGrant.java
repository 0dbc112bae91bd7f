package dev.orderflow.localcloud.iam;

/// One action on one resource that a statement of a role's policy allows.
///
/// @param role name of the role
/// @param sid id of the statement, or `#` and its position
/// @param action action as written, wildcards included
/// @param resource resource as written, wildcards included
public record PolicyGrant(String role, String sid, String action, String resource)
        implements Comparable<PolicyGrant> {

    @Override
    public int compareTo(PolicyGrant other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return "%s may %s on %s (%s)".formatted(role, action, resource, sid);
    }
}
