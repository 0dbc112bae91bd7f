package dev.orderflow.commandline.operations;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// The option that chooses a page of a long list.
final class PageOption {

    @Option(
            names = "--cursor",
            paramLabel = "CURSOR",
            description = "Print the page at this cursor, which the page before it prints.")
    private @Nullable String cursor;

    /// The cursor of the page to print; null for the first page.
    @Nullable String cursor() {
        return cursor;
    }

    /// Adds the cursor to the path of a list.
    String addTo(String path) {
        return addTo(path, cursor);
    }

    static String addTo(String path, @Nullable String cursor) {
        return cursor == null
                ? path
                : path
                        + (path.contains("?") ? "&" : "?")
                        + "cursor="
                        + OperationsApiCommand.encode(cursor);
    }

    /// Prints how to see the next page, if there is one.
    static void printNext(JsonNode page, PrintWriter out) {
        if (page.path("next").isValueNode() && !page.path("next").isNull()) {
            out.println("More: --cursor " + Table.plain(page.path("next").asString()));
            out.flush();
        }
    }
}
