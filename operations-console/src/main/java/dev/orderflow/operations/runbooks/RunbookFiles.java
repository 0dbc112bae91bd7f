package dev.orderflow.operations.runbooks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/// Reads the runbooks that are packed with operations-console.
@Component
public class RunbookFiles {

    private static final String FILES = "classpath*:/operations-console/runbooks/*.md";
    private static final String INDEX = "README";
    private static final Pattern TITLE = Pattern.compile("\\A# ([^\n]+)\n");

    private final Map<String, RunbookDocument> byName;

    /// @throws IOException when they cannot be read
    public RunbookFiles() throws IOException {
        var markdown = new TreeMap<String, String>();
        for (var file : new PathMatchingResourcePatternResolver().getResources(FILES)) {
            var name = Objects.requireNonNull(file.getFilename()).replace(".md", "");
            markdown.put(name, file.getContentAsString(StandardCharsets.UTF_8));
        }
        var html = new RunbookHtml(markdown.keySet());
        byName = new TreeMap<>();
        markdown.forEach((name, text) -> byName.put(name, parse(name, text, html)));
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
        return Objects.requireNonNull(byName.get(INDEX));
    }

    /// All runbooks but the index, by name.
    public List<RunbookDocument> all() {
        return byName.values().stream().filter(it -> !it.name().equals(INDEX)).toList();
    }

    /// Finds a runbook by its name, which is that of its file without `.md`.
    public Optional<RunbookDocument> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
