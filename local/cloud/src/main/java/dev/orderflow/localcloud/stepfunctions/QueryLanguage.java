package dev.orderflow.localcloud.stepfunctions;

import java.util.Arrays;
import java.util.Optional;

/// The query languages of the Amazon States Language.
enum QueryLanguage {
    JSONATA("JSONata"),
    JSONPATH("JSONPath");

    private final String label;

    QueryLanguage(String label) {
        this.label = label;
    }

    /// The language of this label; empty if there is none.
    static Optional<QueryLanguage> find(String label) {
        return Arrays.stream(values()).filter(it -> it.label.equals(label)).findFirst();
    }

    /// The value of the field `QueryLanguage`.
    String label() {
        return label;
    }
}
