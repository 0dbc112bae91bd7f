package dev.orderflow.commandline.operations;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The query of a URL. A parameter without a value is left out.
final class QueryString {

    private final List<String> parameters = new ArrayList<>();

    /// @param value null for an option that was not given
    QueryString with(String name, @Nullable Object value) {
        if (value != null) {
            parameters.add(name + "=" + OperationsApiCommand.encode(value.toString()));
        }
        return this;
    }

    /// With its question mark; empty without parameters.
    @Override
    public String toString() {
        return parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
    }
}
