package dev.orderflow.localrun.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.commandline.Orderflow;
import dev.orderflow.localrun.Component;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The training of AOT caches agrees with the Dockerfile, without Docker and without a training.
class CacheTrainingTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern TRAINING =
            Pattern.compile("dev\\.orderflow\\.commandline\\.Orderflow (train [^\"]+)\"");

    static Stream<Component> services() {
        return Component.services().stream();
    }

    @ParameterizedTest
    @MethodSource("services")
    void theCommandOfTheDockerfileIsValidForEveryService(Component service) throws IOException {
        var command = TRAINING.matcher(Files.readString(ROOT.resolve("Dockerfile")));
        assertThat(command.find()).isTrue();
        var words =
                command.group(1)
                        .replace("'", "")
                        .replace("${MODULE}", service.label())
                        .replace("$here", "/jvm")
                        .split(" +");
        var parsed = Orderflow.commandLine().parseArgs(words).subcommand();
        assertThat(parsed.matchedOptionValue("--service", "")).isEqualTo(service.label());
        assertThat(parsed.matchedOptionValue("--options", Path.of("")))
                .hasFileName(imageOptions().getFileName().toString());
        assertThat(ROOT.resolve(service.label()).resolve("pom.xml")).exists();
    }

    @Test
    void aTrainingHasTheOptionsOfTheImageWithoutCachesAndWithoutLimitsOfMemory() {
        assertThat(CacheTraining.imageOptions(imageOptions()))
                .contains("-XX:+UseSerialGC", "-XX:AOTCache=/app/app.aot");
        assertThat(
                        CacheTraining.command(
                                Path.of("java"),
                                Path.of("app.jar"),
                                List.of(
                                        "-XX:+UseSerialGC",
                                        "-Xmx128m",
                                        "-XX:MaxMetaspaceSize=160m",
                                        "-XX:AOTCache=/app/app.aot",
                                        "-XX:AOTMode=auto"),
                                List.of("--server.port=1"),
                                Path.of("app.aot")))
                .containsExactly(
                        "java",
                        "-XX:+UseSerialGC",
                        "-XX:AOTCacheOutput=app.aot",
                        "-jar",
                        "app.jar",
                        "--server.port=1");
    }

    @Test
    void theEnvironmentOfTheImageIsReadWithoutTheProfile() {
        assertThat(CacheTraining.imageEnvironment(ROOT.resolve("Dockerfile")))
                .containsKey("MALLOC_ARENA_MAX")
                .doesNotContainKey("SPRING_PROFILES_ACTIVE");
    }

    private static Path imageOptions() {
        return ROOT.resolve("deploy/image/jvm");
    }
}
