package dev.orderflow.operations.session;

import java.util.List;

/// The paths that the port of the pages serves.
///
/// @param patterns such as `/orders/**`
public record PagePaths(List<String> patterns) {

    public PagePaths {
        patterns = List.copyOf(patterns);
    }
}
