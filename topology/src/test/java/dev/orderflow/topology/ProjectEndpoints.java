package dev.orderflow.topology;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The HTTP endpoints of all services, read from the annotations of their controllers.
final class ProjectEndpoints {

    private static final Pattern MAPPING =
            Pattern.compile(
                    "@(Request|Get|Post|Put|Delete|Patch)Mapping\\b(?:\\(\\s*(?:path\\s*=\\s*)?(?:\"([^\"]*)\")?)?");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^}]*}|<[^>]*>");

    private ProjectEndpoints() {}

    /// The endpoints as `POST /internal/payments/{}/capture`.
    static Set<String> all() throws IOException {
        var all = new TreeSet<String>();
        for (var file : ProjectFiles.sources("Controller.java")) {
            if (!file.toString().contains("/src/main/")) {
                continue;
            }
            var prefix = "";
            for (var mapping : MAPPING.matcher(Files.readString(file)).results().toList()) {
                var path = mapping.group(2) == null ? "" : mapping.group(2);
                if (mapping.group(1).equals("Request")) {
                    prefix = path;
                } else {
                    all.add(
                            mapping.group(1).toUpperCase(Locale.ROOT)
                                    + " "
                                    + normalize(prefix + path));
                }
            }
        }
        return all;
    }

    /// Whether a request as a document writes it is for an endpoint.
    static boolean matches(String endpoint, String documented) {
        var segments = endpoint.split("/", -1);
        var written = documented.split("/", -1);
        return segments.length == written.length
                && IntStream.range(0, segments.length)
                        .allMatch(i -> segments[i].equals("{}") || segments[i].equals(written[i]));
    }

    /// Replaces the names of path variables, and removes the query.
    static String normalize(String path) {
        return PLACEHOLDER
                .matcher(path.replaceFirst("\\?.*", ""))
                .replaceAll(Matcher.quoteReplacement("{}"));
    }
}
