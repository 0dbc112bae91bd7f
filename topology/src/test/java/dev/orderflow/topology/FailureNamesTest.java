package dev.orderflow.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What a program writes for people names a failure in words, never by the class of an exception,
/// which is also the first part of its text.
class FailureNamesTest {

    private static final Pattern CLASS_NAME =
            Pattern.compile("\\.getClass\\(\\)\\s*\\.get(?:Simple)?Name\\(\\)");

    /// The parameter of a method, of a pattern or of a `catch`.
    private static final Pattern FAILURE =
            Pattern.compile(
                    "\\b(?:\\w*(?:Exception|Error)|Throwable)\\s+(\\w+)\\s*(?:[,)]|->|when\\b)");

    /// With the name of a failure.
    private static final String TEXT_OF =
            "\\b%1$s\\s*\\.\\s*toString\\(\\)|String\\.valueOf\\(\\s*%1$s\\s*\\)"
                    + "|\"\\s*\\+\\s*%1$s\\b(?!\\s*\\.)";

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
    void noProgramNamesAFailureByItsClass() throws IOException {
        var found = new TreeMap<String, Integer>();
        for (var file : ProjectFiles.sources(".java")) {
            var path = ProjectFiles.ROOT.relativize(file);
            if (!path.toString().contains("src/main/") || path.startsWith("tests")) {
                continue;
            }
            int times = countClassNames(Files.readString(file));
            if (times > 0) {
                found.put(file.getFileName().toString(), times);
            }
        }
        assertThat(found).isEqualTo(EXCEPTIONS);
    }

    @Test
    void theTextOfAFailureIsFoundByTheNameOfItsVariable() {
        assertThat(
                        countClassNames(
                                """
                                } catch (DataAccessException | TransactionException failed) {
                                    log.warn("retrying: {}", failed.toString());
                                case ServiceException noKeys -> log.warn(String.valueOf(noKeys));
                                void end(Throwable cause) {
                                    stop("stopped: " + cause);
                                    stop("stopped: " + cause.getMessage() + order.toString());
                                    log.error("stopped", cause);
                                }
                                """))
                .isEqualTo(3);
    }

    private static int countClassNames(String text) {
        long times = CLASS_NAME.matcher(text).results().count();
        var names =
                FAILURE.matcher(text)
                        .results()
                        .map(failure -> failure.group(1))
                        .distinct()
                        .toList();
        for (var name : names) {
            times += Pattern.compile(TEXT_OF.formatted(name)).matcher(text).results().count();
        }
        return (int) times;
    }
}
