package dev.orderflow.benchmarks;

/// The target that relays publish to.
enum RelaySink {
    process("target in the process"),
    http("target over HTTP");

    private final String label;

    RelaySink(String label) {
        this.label = label;
    }

    /// Its name in the report.
    String label() {
        return label;
    }
}
