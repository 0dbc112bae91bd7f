package dev.orderflow.localcloud.stepfunctions;

/// The query languages of the Amazon States Language.
enum QueryLanguage {
    JSONATA("JSONata"),
    JSONPATH("JSONPath");

    private final String label;

    QueryLanguage(String label) {
        this.label = label;
    }

    /// The value of the field `QueryLanguage`.
    String label() {
        return label;
    }
}
