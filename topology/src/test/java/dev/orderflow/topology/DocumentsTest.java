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

/// The tests and endpoints that documents name exist, and doc comments are not broken by the
/// formatter.
class DocumentsTest {

    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+Test)`");
    private static final Pattern ENDPOINT =
            Pattern.compile(
                    "`(GET|POST|PUT|DELETE) (/(?:internal|orders|catalogue|analytics)[^` …\\[]*)`");
    private static final Pattern BROKEN =
            Pattern.compile("^ *///[^\n]*\n *// (\\S[^\n]*)$", Pattern.MULTILINE);
    private static final Pattern FENCE =
            Pattern.compile("^ *///\\s*```.*?^ *///\\s*```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern FLOWED =
            Pattern.compile(
                    "^ */// *+(?:[^|\n]+\\|[ :-]*---[^\n]*|[^\n]*\\S *```[^\n]*|[^\n]*[.:;,] [-*] \\S[^\n]*)$",
                    Pattern.MULTILINE);

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

    @Test
    void everyEndpointThatADocumentNamesExists() throws IOException {
        var endpoints = ProjectEndpoints.all();
        var missing = new TreeSet<String>();
        int named = 0;
        for (var document : ProjectFiles.documents()) {
            for (var match : ENDPOINT.matcher(Files.readString(document)).results().toList()) {
                named++;
                var endpoint = match.group(1) + " " + ProjectEndpoints.normalize(match.group(2));
                if (endpoints.stream().noneMatch(it -> ProjectEndpoints.matches(it, endpoint))) {
                    missing.add(document.getFileName() + ": " + endpoint);
                }
            }
        }
        assertThat(named).isGreaterThan(30);
        assertThat(missing).isEmpty();
    }

    /// The formatter joins the lines of a table, a list or a code sample that no blank `///` line
    /// precedes into one paragraph.
    @Test
    void noTableListOrCodeOfADocCommentIsJoinedIntoAParagraph() throws IOException {
        var joined = new TreeSet<String>();
        for (var file : ProjectFiles.sources(".java")) {
            var text = FENCE.matcher(Files.readString(file)).replaceAll("");
            FLOWED.matcher(text)
                    .results()
                    .forEach(found -> joined.add(file + ": " + found.group().strip()));
        }
        assertThat(joined).isEmpty();
    }

    /// The formatter breaks a line of a doc comment that is too long, and continues with `//`.
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
