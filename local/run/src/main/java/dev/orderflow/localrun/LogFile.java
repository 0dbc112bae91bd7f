package dev.orderflow.localrun;

import dev.orderflow.localmachine.LocalMachineException;
import dev.orderflow.localmachine.UserFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// The log file of this process, in the folder with the logs of other processes of this user.
final class LogFile {

    /// The system property with its path, which `logback.xml` reads.
    static final String PROPERTY = "ORDERFLOW_LOG";

    private static final Pattern NAME = Pattern.compile("[a-z-]+-(\\d+)\\.log");
    private static final int KEPT = 10;

    private LogFile() {}

    /// Sets the path, before anything is logged, and deletes the logs of earlier processes except
    /// the latest ten.
    ///
    /// @param command the name of the command, which becomes a part of the file name
    static void choose(String command) {
        if (System.getProperty(PROPERTY) != null) {
            return;
        }
        try {
            var folder = UserFolder.temporary();
            var name = command.replaceAll("[^a-z-]", "");
            System.setProperty(
                    PROPERTY,
                    folder.resolve(
                                    "%s-%d.log"
                                            .formatted(
                                                    name.isEmpty() ? "orderflow" : name,
                                                    ProcessHandle.current().pid()))
                            .toString());
            deleteOld(folder);
        } catch (LocalMachineException | IOException _) {
            // Commands that need the folder report the failure; help and usage errors do not need
            // it.
        }
    }

    /// The path.
    static Path path() {
        return Path.of(
                System.getProperty(
                        PROPERTY,
                        Path.of(
                                        System.getProperty("java.io.tmpdir"),
                                        "orderflow-" + System.getProperty("user.name") + ".log")
                                .toString()));
    }

    static void deleteOld(Path folder) throws IOException {
        List<Path> ended;
        try (var files = Files.list(folder)) {
            ended =
                    files.filter(LogFile::isOfAnEndedProcess)
                            .sorted(Comparator.comparing(LogFile::age).reversed())
                            .toList();
        }
        for (var file : ended.subList(Math.min(KEPT, ended.size()), ended.size())) {
            Files.deleteIfExists(file);
        }
    }

    private static boolean isOfAnEndedProcess(Path file) {
        var name = NAME.matcher(String.valueOf(file.getFileName()));
        return name.matches()
                && ProcessHandle.of(Long.parseLong(name.group(1)))
                        .filter(ProcessHandle::isAlive)
                        .isEmpty();
    }

    private static long age(Path file) {
        return file.toFile().lastModified();
    }
}
