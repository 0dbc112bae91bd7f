package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class ClassArchiveTest {

    @TempDir private Path folder;

    @Test
    void anArchiveIsMarkedForTheLauncherAsOftenAsASystemStarts() throws Exception {
        System.setProperty(ClassArchive.PROPERTY, folder.resolve("orderflow.jsa").toString());
        try {
            ClassArchive.markComplete();
            ClassArchive.markComplete();
        } finally {
            System.clearProperty(ClassArchive.PROPERTY);
        }
        try (var files = Files.list(folder)) {
            // The name that ./orderflow reads.
            assertThat(files).containsExactly(folder.resolve("orderflow.jsa.complete"));
        }
        assertThat(Files.readString(Path.of("../../orderflow")))
                .contains(
                        "archive=$target/orderflow.jsa",
                        "\"$archive.complete\"",
                        "-D" + ClassArchive.PROPERTY + "=\"$archive\"");
    }
}
