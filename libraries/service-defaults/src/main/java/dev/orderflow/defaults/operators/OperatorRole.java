package dev.orderflow.defaults.operators;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What an operator may do. The table in `docs/security.md` lists the endpoints of each role.
public enum OperatorRole {

    /// Reads everything that operators may read.
    VIEWER,

    /// Repairs: redrives, releases, resolves, captures, voids, refunds.
    OPERATOR,

    /// Decides approvals and confirms the actions of others.
    APPROVER,

    /// Everything, also what cannot be undone: erasing personal data, resetting projections.
    ADMINISTRATOR;

    /// The name of the role in tokens and problems.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @return empty for a name that is no role, such as another group of the same user pool
    public static Optional<OperatorRole> find(String code) {
        return Arrays.stream(values()).filter(role -> role.code().equals(code)).findFirst();
    }

    /// Whether this role permits everything that the other permits.
    public boolean includes(OperatorRole other) {
        return this == other || this == ADMINISTRATOR || other == VIEWER;
    }
}
