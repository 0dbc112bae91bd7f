package dev.orderflow.commandline.operations;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A table for a terminal, with columns as wide as their widest value.
///
/// picocli's text table is no alternative: it interprets `@|…|@` markup in values, and wraps them.
final class Table {

    private static final int WIDEST = 76;

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        rows.add(List.of(headings));
    }

    Table row(Object... values) {
        var row = new ArrayList<String>();
        for (var value : values) {
            var text = plain(String.valueOf(value));
            row.add(text.length() <= WIDEST ? text : text.substring(0, WIDEST - 1) + "…");
        }
        rows.add(row);
        return this;
    }

    /// Prints the table, or a sentence when it has no rows.
    ///
    /// @param empty the sentence
    void print(PrintWriter out, String empty) {
        if (rows.size() == 1) {
            out.println(empty);
            out.flush();
        } else {
            print(out);
        }
    }

    void print(PrintWriter out) {
        var widths = new int[rows.getFirst().size()];
        for (var row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (var row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            out.println(line.toString().stripTrailing());
        }
        out.flush();
    }

    /// Replaces control characters, which could change the terminal.
    static String plain(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]", "?");
    }

    /// An amount with its currency.
    static String money(JsonNode node, String field) {
        var money = node.path(field);
        return money.isObject() ? text(money, "amount") + " " + text(money, "currency") : "-";
    }

    static String text(JsonNode node, String field) {
        return node.path(field).asString("-");
    }

    /// The time since an instant, in its largest unit.
    static String ago(JsonNode node, String field) {
        try {
            var since = Duration.between(Instant.parse(text(node, field)), Instant.now());
            if (since.toDays() > 1) {
                return since.toDays() + " d";
            }
            if (since.toHours() > 1) {
                return since.toHours() + " h";
            }
            return since.toMinutes() > 1
                    ? since.toMinutes() + " min"
                    : Math.max(0, since.toSeconds()) + " s";
        } catch (DateTimeParseException _) {
            return "-";
        }
    }
}
