package dev.orderflow.localcloud.stepfunctions;

/// The query languages of the Amazon States Language.
enum QueryLanguage {
    JSONATA("JSONata"),
    JSONPATH("JSONPath");

    private final String label;

    QueryLanguage(String label) {
        this.label = label;
    }

    /// As `QueryLanguage` spells it.
    String label() {
        return label;
    }
}
