package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersonalDataKeyTest {

    @TempDir private Path folder;

    @Test
    void keptDataKeepTheirMasterKey() throws IOException {
        var data = Optional.of(folder.resolve("data"));
        var key = PersonalDataKey.of(data);
        assertThat(PersonalDataKey.of(data)).isEqualTo(key);
        assertThat(Base64.getDecoder().decode(key)).hasSize(32);
        assertThat(Files.getPosixFilePermissions(data.get().resolve("personal-data.key")))
                .extracting(Enum::name)
                .containsExactlyInAnyOrder("OWNER_READ", "OWNER_WRITE");
    }

    @Test
    void scratchDataHaveANewMasterKey() {
        assertThat(PersonalDataKey.of(Optional.empty()))
                .isNotEqualTo(PersonalDataKey.of(Optional.empty()));
    }
}
