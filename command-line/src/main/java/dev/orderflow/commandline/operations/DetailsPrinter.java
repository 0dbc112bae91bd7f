package dev.orderflow.commandline.operations;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Prints a JSON object as text: one line for each field, a table for each list.
final class DetailsPrinter {

    private final Map<String, String> fields = new LinkedHashMap<>();
    private final Map<String, JsonNode> lists = new LinkedHashMap<>();

    DetailsPrinter(JsonNode thing) {
        collect("", thing);
    }

    private void collect(String prefix, JsonNode node) {
        for (var property : node.properties()) {
            var name = prefix + property.getKey();
            var value = property.getValue();
            if (value.isArray()) {
                lists.put(name, value);
            } else if (value.isObject() && !isMoney(value)) {
                collect(name + ".", value);
            } else {
                fields.put(name, text(value));
            }
        }
    }

    private static boolean isMoney(JsonNode value) {
        return value.size() == 2 && value.has("amount") && value.has("currency");
    }

    private static String text(JsonNode value) {
        if (isMoney(value)) {
            return value.path("amount").asString("") + " " + value.path("currency").asString("");
        }
        return value.isObject() || value.isArray() ? value.toString() : value.asString("-");
    }

    void print(PrintWriter out) {
        int width = fields.keySet().stream().mapToInt(String::length).max().orElse(0);
        fields.forEach(
                (name, value) ->
                        out.println(
                                name + " ".repeat(width - name.length() + 2) + Table.plain(value)));
        lists.forEach((name, list) -> print(out, name, list));
        out.flush();
    }

    private static void print(PrintWriter out, String name, JsonNode list) {
        out.println();
        if (list.isEmpty()) {
            out.println(name + ": none");
            return;
        }
        out.println(name + ":");
        var columns = new LinkedHashSet<String>();
        list.forEach(row -> columns.addAll(row.propertyNames()));
        if (columns.isEmpty()) {
            list.forEach(row -> out.println("  " + Table.plain(text(row))));
            return;
        }
        var table = new Table(columns.toArray(String[]::new));
        list.forEach(
                row ->
                        table.row(
                                columns.stream()
                                        .map(
                                                column ->
                                                        row.has(column)
                                                                ? text(row.get(column))
                                                                : "-")
                                        .toArray()));
        table.print(out);
    }
}
