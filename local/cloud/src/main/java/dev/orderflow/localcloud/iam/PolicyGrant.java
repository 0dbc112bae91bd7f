package dev.orderflow.localcloud.iam;

/// One thing that a statement of a role's policy allows: one action on one resource.
///
/// @param role its name
/// @param sid the statement's name, or `#` and its place
/// @param action as the statement writes it, wildcards included
/// @param resource as the statement writes it, wildcards included
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
