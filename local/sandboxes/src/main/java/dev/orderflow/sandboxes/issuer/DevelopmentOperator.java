package dev.orderflow.sandboxes.issuer;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The operators of the development issuer, one for each role.
public enum DevelopmentOperator {
    VERA("Vera Viewer", "viewer"),
    OSKAR("Oskar Operator", "operator"),
    ANNA("Anna Approver", "approver"),
    ADAM("Adam Administrator", "administrator");

    private final String readableName;
    private final String role;

    DevelopmentOperator(String readableName, String role) {
        this.readableName = readableName;
        this.role = role;
    }

    /// The name with which the operator signs in, and the subject of the tokens.
    public String user() {
        return name().toLowerCase(Locale.ROOT);
    }

    String readableName() {
        return readableName;
    }

    String role() {
        return role;
    }

    static Optional<DevelopmentOperator> find(String user) {
        return Arrays.stream(values()).filter(each -> each.user().equals(user)).findFirst();
    }
}
