package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StageTest {

    @Test
    void theExampleCanBeRead() {
        assertThat(Stage.read(Path.of("stages/example.json")).name()).isEqualTo("example");
    }

    @Test
    void aStageThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> Stage.read(Path.of("stages/nowhere.json")))
                .hasMessageContaining("nowhere.json");
    }
}
