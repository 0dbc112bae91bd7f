package dev.orderflow.operations.auditor;

/// A part of a round of the auditor. The table `audit_part` has a row for each.
enum AuditPart {
    CHANGED_ORDERS("changed orders"),
    DUE_RECHECKS("due rechecks"),
    GATEWAY_CHANGES("changes at the gateway"),
    STOCK("stock");

    private final String label;

    AuditPart(String label) {
        this.label = label;
    }

    /// The name of the part in the log.
    @Override
    public String toString() {
        return label;
    }
}
