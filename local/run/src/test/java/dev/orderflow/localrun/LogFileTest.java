package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {

    /// Above the highest process id of Linux and macOS.
    private static final long NO_PROCESS = 5_000_000;

    @TempDir private Path folder;

    @Test
    void theLatestTenLogsOfEndedProcessesAreKept() throws IOException {
        var ended = new ArrayList<Path>();
        for (int i = 0; i < 13; i++) {
            ended.add(log("run-" + (NO_PROCESS + i) + ".log", i));
        }
        LogFile.deleteOld(folder);
        assertThat(folder).isDirectoryNotContaining(ended.subList(0, 3)::contains);
        ended.subList(3, 13).forEach(log -> assertThat(log).exists());
    }

    @Test
    void oldLogsOfRunningProcessesAndOtherFilesAreKept() throws IOException {
        var mine = log("demo-" + ProcessHandle.current().pid() + ".log", 0);
        var others = log("notes.log", 0);
        for (int i = 1; i <= 11; i++) {
            log("run-" + (NO_PROCESS + i) + ".log", i);
        }
        LogFile.deleteOld(folder);
        assertThat(mine).exists();
        assertThat(others).exists();
        assertThat(folder.resolve("run-" + (NO_PROCESS + 1) + ".log")).doesNotExist();
    }

    @Test
    void aLogIsReadableByItsUserOnly() throws Exception {
        var fresh = folder.resolve("fresh.log");
        var earlier = log("earlier.log", 0);
        for (var file : new Path[] {fresh, earlier}) {
            write(file, "something happened");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(file).content().contains("something happened");
        }
    }

    /// With the logging settings of `./orderflow`.
    private static void write(Path file, String message) throws Exception {
        var logging = new LoggerContext();
        logging.setMDCAdapter(new LogbackMDCAdapter());
        logging.putProperty(LogFile.PROPERTY, file.toString());
        var reader = new JoranConfigurator();
        reader.setContext(logging);
        reader.doConfigure(LogFile.class.getResource("/logback.xml"));
        logging.getLogger("a").info(message);
        logging.stop();
    }

    private Path log(String name, long minute) throws IOException {
        var file = Files.createFile(folder.resolve(name));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setLastModifiedTime(
                file,
                FileTime.from(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(60 * minute)));
        return file;
    }
}
