package dev.orderflow.commandline.operations;

import java.io.PrintWriter;
import tools.jackson.databind.JsonNode;

/// Prints the case file of an order for people.
final class CaseFilePrinter {

    private CaseFilePrinter() {}

    static boolean allPartsResponded(JsonNode file) {
        return file.path("parts")
                .valueStream()
                .allMatch(part -> part.path("available").asBoolean());
    }

    static void print(JsonNode file, PrintWriter out) {
        out.printf("Order %s%n", Table.plain(Table.text(file, "orderId")));
        for (var state : file.path("states")) {
            out.printf("  %s%n", Table.plain(Table.text(state, "summary")));
        }
        for (var part : file.path("parts")) {
            if (part.has("problem")) {
                out.printf(
                        "  Incomplete: %s%s%n",
                        Table.plain(Table.text(part, "problem")),
                        part.has("unavailableSince")
                                ? ", since " + Table.plain(Table.text(part, "unavailableSince"))
                                : "");
            }
        }
        out.println();
        for (var entry : file.path("timeline")) {
            printEntry(entry, out);
        }
        if (file.path("timeline").isEmpty()) {
            out.println("Nothing is recorded.");
        }
        if (file.path("omitted").asInt(0) > 0) {
            out.printf(
                    "%d entries in the middle are left out; show more with --limit.%n",
                    file.path("omitted").asInt());
        }
        if (!file.path("gaps").isEmpty()) {
            out.println();
            out.println("What the order waited for:");
            for (var gap : file.path("gaps")) {
                out.printf(
                        "  %s to %s  %s%n",
                        Table.plain(Table.text(gap, "from")),
                        gap.has("until") ? Table.plain(Table.text(gap, "until")) : "now",
                        Table.plain(Table.text(gap, "reason")));
            }
        }
        out.flush();
    }

    static void printEntry(JsonNode entry, PrintWriter out) {
        out.printf(
                "%-27s %-21s %-8s %s%n",
                Table.plain(Table.text(entry, "at")),
                Table.plain(Table.text(entry, "participant")),
                Table.plain(Table.text(entry, "outcome")),
                Table.plain(Table.text(entry, "summary")));
    }
}
