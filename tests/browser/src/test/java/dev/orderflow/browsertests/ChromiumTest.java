package dev.orderflow.browsertests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Needs no browser, so that a build without one runs at least this.
class ChromiumTest {

    @TempDir private Path folder;

    @Test
    void theBrowserIsTheNamedOneOrTheFirstOnThePath() throws Exception {
        var browser = Files.createFile(folder.resolve("chromium"));
        assertThat(Chromium.find(Map.of("PATH", folder.toString()))).isEmpty();
        assertThat(browser.toFile().setExecutable(true)).isTrue();
        assertThat(Chromium.find(Map.of("PATH", "/nowhere:" + folder))).contains(browser);
        assertThat(Chromium.find(Map.of("PATH", "/nowhere", "CHROMIUM", browser.toString())))
                .contains(browser);
        assertThat(Chromium.find(Map.of())).isEmpty();
    }

    @Test
    void aNamedBrowserThatDoesNotExistIsAnErrorAndNoReasonToSkip() {
        assertThatThrownBy(() -> Chromium.find(Map.of("CHROMIUM", "/nowhere/chromium")))
                .hasMessage("CHROMIUM names no program: /nowhere/chromium");
    }
}
