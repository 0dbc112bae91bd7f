package dev.orderflow.commandline.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class RunRegistrationTest {

    private static final int USUAL = 8086;

    /// Above the highest process id of Linux and macOS.
    private static final long NO_PROCESS = 5_000_000;

    @TempDir private Path folder;

    @Test
    void aSystemIsRegisteredUntilItStops() throws Exception {
        var here = RunRegistration.current(Map.of("operations-console", USUAL), at(USUAL));
        try (var _ = here.publish(folder)) {
            assertThat(RunRegistration.all(folder)).containsExactly(here);
            assertThat(folder)
                    .isDirectoryContaining(
                            file ->
                                    file.getFileName().toString().startsWith(here.pid() + ".")
                                            && permissions(file).equals("rw-------"));
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theRegistrationOfAKilledSystemIsDeleted() throws IOException {
        write(system(NO_PROCESS, Instant.now(), USUAL));
        assertThat(RunRegistration.all(folder)).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aRegistrationOfAReusedProcessIdIsDeleted() throws IOException {
        var self = ProcessHandle.current();
        var began = self.info().startInstant().orElseThrow();
        write(system(self.pid(), began.minusSeconds(3600), USUAL));
        assertThat(RunRegistration.all(folder)).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aRegistrationOfAnotherVersionIsKept() throws IOException {
        var other = Files.writeString(folder.resolve("1.run.json"), "{\"version\":7}");
        var broken = Files.writeString(folder.resolve("2.run.json"), "{");
        assertThat(RunRegistration.all(folder)).isEmpty();
        assertThat(other).exists();
        assertThat(broken).exists();
    }

    @Test
    void toStringOmitsTheApiKey() {
        assertThat(RunRegistration.current(Map.of(), at(USUAL)) + " " + at(USUAL))
                .doesNotContain("the-key");
    }

    @Test
    void theOnlyRunningSystemIsChosenWhateverItsPorts() {
        var only = system(1, Instant.EPOCH, 40_000);
        assertThat(RunRegistration.choose(List.of(only), Optional.empty(), USUAL)).contains(only);
        assertThat(RunRegistration.choose(List.of(), Optional.empty(), USUAL)).isEmpty();
    }

    @Test
    void ofSeveralSystemsTheOneOnTheDefaultPortsIsChosen() {
        var usual = system(1, Instant.EPOCH, USUAL);
        var other = system(2, Instant.EPOCH, 40_000);
        assertThat(RunRegistration.choose(List.of(other, usual), Optional.empty(), USUAL))
                .contains(usual);
        assertThat(RunRegistration.choose(List.of(other, usual), Optional.of(2L), USUAL))
                .contains(other);
    }

    @Test
    void anAmbiguousChoiceListsTheRunningSystems() {
        var systems = List.of(system(1, Instant.EPOCH, 40_000), system(2, Instant.EPOCH, 40_001));
        assertThatThrownBy(() -> RunRegistration.choose(systems, Optional.empty(), USUAL))
                .isInstanceOf(CommandFailedException.class)
                .hasMessage(
                        "2 systems are running; select one with --run PROCESS: 1 (http://127.0.0.1:40000), 2 (http://127.0.0.1:40001)");
    }

    @Test
    void anUnknownProcessIdIsReported() {
        assertThatThrownBy(() -> RunRegistration.choose(List.of(), Optional.of(7L), USUAL))
                .isInstanceOf(CommandFailedException.class)
                .hasMessage("no running system of yours has process id 7");
        var one = List.of(system(1, Instant.EPOCH, USUAL));
        assertThatThrownBy(() -> RunRegistration.choose(one, Optional.of(7L), USUAL))
                .hasMessage(
                        "no running system of yours has process id 7; running: 1 (http://127.0.0.1:8086)");
    }

    private void write(RunRegistration system) throws IOException {
        Files.writeString(
                folder.resolve(system.pid() + ".run.json"),
                JsonMapper.shared().writeValueAsString(system));
    }

    private static RunRegistration system(long pid, Instant startedAt, int console) {
        return new RunRegistration(
                pid, startedAt, Map.of("operations-console", console), at(console));
    }

    private static RunEndpoints at(int port) {
        var url = URI.create("http://127.0.0.1:" + port);
        return new RunEndpoints(url, url, url, "the-key", Map.of("order-service", url));
    }

    private static String permissions(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
