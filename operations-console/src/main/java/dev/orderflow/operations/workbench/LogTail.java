package dev.orderflow.operations.workbench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/// The latest lines about an order in the log that all services of one process share.
@Component
@ConditionalOnWorkbench
class LogTail {

    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final int MAX_LINES = 200;

    /// Lines that do not begin with a time continue the one before, as stack traces do.
    private static final Pattern BEGINS_AN_ENTRY = Pattern.compile("\\d\\d:\\d\\d:\\d\\d.*");

    private final Optional<Path> file;

    LogTail(WorkbenchProperties properties) {
        this.file = Optional.ofNullable(properties.logFile());
    }

    /// The file, if the services share one.
    Optional<Path> file() {
        return file.filter(Files::isReadable);
    }

    /// The latest lines that name an order, the earliest first, 200 at most of the last 4 MiB.
    ///
    /// @return empty when there is no log file
    Optional<List<String>> find(UUID orderId) {
        return file().map(path -> find(path, orderId.toString()));
    }

    private static List<String> find(Path path, String orderId) {
        var found = new ArrayDeque<String>();
        boolean isOfOrder = false;
        for (var line : readEnd(path).split("\n")) {
            if (BEGINS_AN_ENTRY.matcher(line).matches()) {
                isOfOrder = line.contains(orderId);
            }
            if (isOfOrder) {
                found.addLast(line.replaceAll("\\p{Cntrl}", " "));
                if (found.size() > MAX_LINES) {
                    found.removeFirst();
                }
            }
        }
        return List.copyOf(found);
    }

    private static String readEnd(Path path) {
        try (var log = new RandomAccessFile(path.toFile(), "r")) {
            long length = log.length();
            var bytes = new byte[(int) Math.min(MAX_BYTES, length)];
            log.seek(length - bytes.length);
            log.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return "";
        }
    }
}
