package dev.orderflow.benchmarks;

/// The outboxes whose relays are compared, by their names in `PeerLibrary`.
enum RelayContestant {
    orderflow(true),
    namastack(true),
    gruelbox(true),
    /// Publishes a backlog of another instance only when it is started.
    modulith(false),
    debezium(false);

    private final boolean hasSeveralInstances;

    RelayContestant(boolean hasSeveralInstances) {
        this.hasSeveralInstances = hasSeveralInstances;
    }

    /// Whether several instances share the publishing of a backlog.
    boolean hasSeveralInstances() {
        return hasSeveralInstances;
    }
}
