package dev.orderflow.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A document that names a test which is gone promises what nobody checks any more, and a doc
/// comment that is broken is not read to its end.
class DocumentsTest {

    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+Test)`");
    private static final Pattern BROKEN =
            Pattern.compile("^ *///[^\n]*\n *// (\\S[^\n]*)$", Pattern.MULTILINE);

    @Test
    void everyTestThatADocumentNamesExists() throws IOException {
        var tests = tests();
        var missing = new TreeSet<String>();
        int named = 0;
        for (var document : ProjectFiles.documents()) {
            for (var test : named(document)) {
                named++;
                if (!tests.contains(test)) {
                    missing.add(document.getFileName() + ": " + test);
                }
            }
        }
        assertThat(named).isGreaterThan(30);
        assertThat(missing).isEmpty();
    }

    /// The formatter breaks a line of a doc comment that is too long, and goes on with `//`.
    @Test
    void noDocCommentIsBrokenByAnotherComment() throws IOException {
        var broken = new TreeSet<String>();
        int read = 0;
        for (var file : ProjectFiles.sources(".java")) {
            read++;
            BROKEN.matcher(Files.readString(file))
                    .results()
                    .forEach(found -> broken.add(file + ": " + found.group(1)));
        }
        assertThat(read).isGreaterThan(500);
        assertThat(broken).isEmpty();
    }

    private static Set<String> named(Path document) throws IOException {
        return NAMED.matcher(Files.readString(document))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> tests() throws IOException {
        return ProjectFiles.sources("Test.java").stream()
                .map(file -> file.getFileName().toString())
                .map(name -> name.substring(0, name.length() - ".java".length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
