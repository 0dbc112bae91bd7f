package dev.orderflow.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The result of a benchmark: a page of Markdown, and plots.
///
/// @param name of the benchmark and of the files
/// @param markdown the page
/// @param plots SVG documents by the name of their file
record BenchmarkReport(String name, String markdown, Map<String, String> plots) {

    /// Begins a page with the title, the date and the machine.
    ///
    /// @param versions of what takes part; no line if there are none
    static StringBuilder startPage(String title, List<String> versions) {
        var page = new StringBuilder("# %s\n\n".formatted(title));
        var facts = new LinkedHashMap<String, String>();
        facts.put("date", LocalDate.now().toString());
        facts.put(
                "processor",
                "%s, %d logical processors"
                        .formatted(processor(), Runtime.getRuntime().availableProcessors()));
        facts.put("JVM", System.getProperty("java.vm.name") + " " + Runtime.version());
        if (!versions.isEmpty()) {
            facts.put("versions", String.join(", ", versions));
        }
        facts.forEach((fact, value) -> page.append("- %s: %s\n".formatted(fact, value)));
        return page.append('\n');
    }

    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException unknown) {
            return "unknown";
        }
    }

    /// A table of Markdown.
    static String table(List<String> header, List<List<String>> rows) {
        return row(header)
                + row(header.stream().map(_ -> "---").toList())
                + rows.stream().map(BenchmarkReport::row).collect(Collectors.joining());
    }

    private static String row(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /// Writes page and plots into a folder.
    ///
    /// @return the files
    /// @throws BenchmarkFailedException when that fails
    List<Path> write(Path folder) {
        try {
            Files.createDirectories(folder);
            var page = new StringBuilder(markdown);
            var files = new ArrayList<Path>();
            for (var plot : plots.entrySet()) {
                page.append("\n![%s](%s)\n".formatted(plot.getKey(), plot.getKey()));
                files.add(Files.writeString(folder.resolve(plot.getKey()), plot.getValue()));
            }
            files.add(Files.writeString(folder.resolve(name + ".md"), page));
            return files;
        } catch (IOException failed) {
            throw new BenchmarkFailedException("cannot write to " + folder, failed);
        }
    }
}
