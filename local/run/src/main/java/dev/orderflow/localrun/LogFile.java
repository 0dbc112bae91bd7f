package dev.orderflow.localrun;

import dev.orderflow.localmachine.LocalMachineException;
import dev.orderflow.localmachine.UserFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// The log of this process, beside those of the same user's other ones.
final class LogFile {

    /// The system property that says where it is; `logback.xml` reads it.
    static final String PROPERTY = "ORDERFLOW_LOG";

    private static final Pattern NAME = Pattern.compile("[a-z-]+-(\\d+)\\.log");
    private static final int KEPT = 10;

    private LogFile() {}

    /// Names it, before anything is logged. Those of earlier processes are deleted, but for the
    /// latest ten.
    ///
    /// @param command what is run
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
        } catch (LocalMachineException | IOException none) {
            // Whoever needs the folder says so; help and wrong calls do not.
        }
    }

    /// Where it is.
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
