package dev.orderflow.benchmarks;

import java.util.List;
import java.util.Locale;

/// A chart of horizontal bars in groups, each with its spread, as SVG.
final class BarChart {

    private static final int WIDTH = 760;
    private static final int LABEL_WIDTH = 250;
    private static final int BAR = 18;
    private static final int GROUP_GAP = 26;
    private static final List<String> COLOURS =
            List.of("#9aa5b1", "#5b7083", "#2f6f9f", "#1b4965", "#c8553d");

    private BarChart() {}

    /// @param label of the bar, within its group
    record Bar(String label, Samples samples) {}

    record BarGroup(String label, List<Bar> bars) {}

    /// @param unit of all values
    static String svg(String title, String unit, List<BarGroup> groups) {
        double greatest =
                groups.stream()
                        .flatMap(group -> group.bars().stream())
                        .mapToDouble(bar -> bar.samples().greatest())
                        .max()
                        .orElse(1);
        double scale = (WIDTH - LABEL_WIDTH - 90) / greatest;
        var body = new StringBuilder();
        int y = 54;
        for (var group : groups) {
            text(body, 10, y + 12, "bold", group.label());
            y += 20;
            for (int number = 0; number < group.bars().size(); number++) {
                bar(body, y, scale, group.bars().get(number), COLOURS.get(number % COLOURS.size()));
                y += BAR + 4;
            }
            y += GROUP_GAP - 4;
        }
        return """
               <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
               <rect width="100%%" height="100%%" fill="white"/>
               <text x="10" y="22" font-size="15" font-weight="bold">%s</text>
               <text x="10" y="40">%s; bars: median, lines: least and greatest</text>
               %s</svg>
               """
                .formatted(WIDTH, y, escape(title), escape(unit), body);
    }

    private static void bar(StringBuilder body, int y, double scale, Bar bar, String colour) {
        var samples = bar.samples();
        text(body, 20, y + 13, "normal", bar.label());
        body.append(
                String.format(
                        Locale.ROOT,
                        """
                        <rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>
                        <line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="black"/>
                        """,
                        LABEL_WIDTH,
                        y,
                        samples.median() * scale,
                        BAR,
                        colour,
                        LABEL_WIDTH + samples.least() * scale,
                        y + BAR / 2,
                        LABEL_WIDTH + samples.greatest() * scale,
                        y + BAR / 2));
        text(
                body,
                (int) (LABEL_WIDTH + samples.greatest() * scale) + 6,
                y + 13,
                "normal",
                samples.formatMedian(samples.median() < 100 ? "%.2f" : "%.0f"));
    }

    private static void text(StringBuilder body, int x, int y, String weight, String text) {
        body.append(
                "<text x=\"%d\" y=\"%d\" font-weight=\"%s\">%s</text>\n"
                        .formatted(x, y, weight, escape(text)));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
