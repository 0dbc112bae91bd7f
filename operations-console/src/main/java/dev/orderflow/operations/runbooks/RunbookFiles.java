package dev.orderflow.operations.runbooks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;

/// Reads the runbooks that are packed with operations-console.
@Component
public class RunbookFiles {

    private static final String FILES = "classpath*:/operations-console/runbooks/*.md";
    private static final String INDEX = "README";
    private static final Pattern TITLE = Pattern.compile("\\A# ([^\n]+)\n");

    /// Read when the first is wanted, because few starts are followed by an alarm.
    private final SingletonSupplier<Map<String, RunbookDocument>> byName =
            SingletonSupplier.of(RunbookFiles::read);

    private static Map<String, RunbookDocument> read() {
        var markdown = new TreeMap<String, String>();
        try {
            for (var file : new PathMatchingResourcePatternResolver().getResources(FILES)) {
                var name = Objects.requireNonNull(file.getFilename()).replace(".md", "");
                markdown.put(name, file.getContentAsString(StandardCharsets.UTF_8));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("the runbooks cannot be read", failure);
        }
        var html = new RunbookHtml(markdown.keySet());
        var documents = new TreeMap<String, RunbookDocument>();
        markdown.forEach((name, text) -> documents.put(name, parse(name, text, html)));
        return documents;
    }

    private static RunbookDocument parse(String name, String text, RunbookHtml html) {
        var title = TITLE.matcher(text);
        if (!title.find()) {
            throw new IllegalStateException("runbook %s has no title".formatted(name));
        }
        return new RunbookDocument(
                name, title.group(1).replace("`", ""), html.render(text.substring(title.end())));
    }

    /// What all runbooks have in common: how to run their commands.
    public RunbookDocument index() {
        return Objects.requireNonNull(byName.obtain().get(INDEX));
    }

    /// All runbooks but the index, by name.
    public List<RunbookDocument> all() {
        return byName.obtain().values().stream().filter(it -> !it.name().equals(INDEX)).toList();
    }

    /// Finds a runbook by its name, which is that of its file without `.md`.
    public Optional<RunbookDocument> find(String name) {
        return Optional.ofNullable(byName.obtain().get(name));
    }
}
