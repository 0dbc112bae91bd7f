package dev.orderflow.localmachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserFolderTest {

    @TempDir private Path parent;

    @Test
    void theFolderIsAccessibleToItsUserOnly() throws IOException {
        var ada = UserFolder.temporary(parent, "ada");
        assertThat(ada).isEqualTo(UserFolder.temporary(parent, "ada"));
        assertThat(UserFolder.temporary(parent, "bob")).isNotEqualTo(ada);
        assertThat(permissions(ada)).isEqualTo("rwx------");
    }

    @Test
    void permissionsOfOtherUsersAreRemovedFromAnExistingFolder() throws IOException {
        var open = Files.createDirectory(parent.resolve("orderflow-ada"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(UserFolder.temporary(parent, "ada")).isEqualTo(open);
        assertThat(permissions(open)).isEqualTo("rwx------");
    }

    @Test
    void aNameThatIsTakenBySomethingElseIsSkipped() throws IOException {
        Files.createSymbolicLink(parent.resolve("orderflow-ada"), parent);
        Files.createFile(parent.resolve("orderflow-ada-1"));
        assertThat(UserFolder.temporary(parent, "ada"))
                .isEqualTo(parent.resolve("orderflow-ada-2"));
    }

    @Test
    void ifAllNamesAreTakenTheErrorIsOneLine() throws IOException {
        Files.createFile(parent.resolve("orderflow-ada"));
        for (int number = 1; number < 10; number++) {
            Files.createFile(parent.resolve("orderflow-ada-" + number));
        }
        assertThatThrownBy(() -> UserFolder.temporary(parent, "ada"))
                .isInstanceOf(LocalMachineException.class)
                .hasMessageContaining(parent.toString())
                .message()
                .hasLineCount(1);
    }

    @Test
    void cachedFilesAreInTheCacheFolderOrWithoutAHomeInTheTemporaryFolder() {
        assertThat(UserFolder.cache(null, parent)).isEqualTo(parent.resolve(".cache/orderflow"));
        assertThat(UserFolder.cache(parent + "/named", parent.resolve("home")))
                .isEqualTo(parent.resolve("named/orderflow"));
        assertThat(UserFolder.cache(null, Path.of("?"))).isEqualTo(UserFolder.temporary());
        assertThat(UserFolder.cache(null, parent.resolve("gone")))
                .isEqualTo(UserFolder.temporary());
    }

    private static String permissions(Path folder) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
    }
}
