package dev.orderflow.localcloud.stepfunctions;

/// The query languages of the Amazon States Language.
enum Language {
    JSONATA("JSONata"),
    JSONPATH("JSONPath");

    private final String label;

    Language(String label) {
        this.label = label;
    }

    /// As `QueryLanguage` spells it.
    String label() {
        return label;
    }
}
