package dev.orderflow.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What a service writes for people names a failure in the words of `FailureWords`, never by the
/// class of an exception.
class FailureNamesTest {

    private static final Pattern CLASS_NAME =
            Pattern.compile("\\.getClass\\(\\)\\s*\\.get(?:Simple)?Name\\(\\)");

    /// The files that need the name of a class, and how often.
    private static final Map<String, Integer> EXCEPTIONS =
            Map.of(
                    // Compares it with the package of the project.
                    "InvalidValueMessage.java", 1,
                    // The first line of a stack trace.
                    "RedactedException.java", 1,
                    // A tag of a span, which tools compare.
                    "TracePropagation.java", 1,
                    // The type of a report, which is no exception.
                    "JpaShipments.java", 1);

    @Test
    void noServiceNamesAFailureByItsClass() throws IOException {
        var found = new TreeMap<String, Integer>();
        for (var file : ProjectFiles.sources(".java")) {
            var path = file.toString();
            boolean isService =
                    List.of("-service/src/main/", "libraries/service-defaults/src/main/").stream()
                            .anyMatch(path::contains);
            int times = (int) CLASS_NAME.matcher(Files.readString(file)).results().count();
            if (isService && times > 0) {
                found.put(file.getFileName().toString(), times);
            }
        }
        assertThat(found).isEqualTo(EXCEPTIONS);
    }
}
