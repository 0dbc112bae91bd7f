package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.commandline.Orderflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/// The commands in docker-compose.yml, the smoke test and the docs exist.
class ContainerCommandsTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern IN_A_CONTAINER =
            Pattern.compile(
                    "(?:docker compose|\\$\\{compose\\[@]}\"?) run --rm orderflow ([^`#\\n)]+)");

    static Stream<List<String>> composeCommands() {
        return services().values().stream()
                .filter(service -> "orderflow/local-run".equals(service.get("image")))
                .filter(service -> String.valueOf(service.get("entrypoint")).contains("-jar"))
                .filter(service -> service.containsKey("command"))
                .map(service -> ((List<?>) service.get("command")).stream())
                .map(words -> words.map(ContainerCommandsTest::withDefaults).toList());
    }

    static Stream<List<String>> documentedCommands() throws IOException {
        var found = new ArrayList<List<String>>();
        for (var file :
                List.of("docs/containers.md", "deploy/compose-smoke", "docker-compose.yml")) {
            var commands = IN_A_CONTAINER.matcher(Files.readString(ROOT.resolve(file)));
            while (commands.find()) {
                for (var command : commands.group(1).split("\\|", -1)) {
                    var words = List.of(command.strip().split(" +", -1));
                    if (!words.getFirst().equals("…")) {
                        found.add(words);
                    }
                }
            }
        }
        return found.stream();
    }

    @ParameterizedTest
    @MethodSource("composeCommands")
    void everyContainerStartsAnExistingCommand(List<String> words) {
        Orderflow.commandLine().parseArgs(words.toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("documentedCommands")
    void everyDocumentedContainerCommandExists(List<String> words) {
        var command = Orderflow.commandLine();
        for (var word : words) {
            if (word.startsWith("-") || word.startsWith("<")) {
                break;
            }
            assertThat(command.getSubcommands()).as("%s", words).containsKey(word);
            command = command.getSubcommands().get(word);
        }
    }

    /// The environment variables that a command reads if an option is missing.
    @Test
    void theOperatorsContainerHasTheUrlsOfAllServices() {
        assertThat(services().get("orderflow").get("environment"))
                .isInstanceOfSatisfying(
                        Map.class,
                        environment ->
                                assertThat(environment.keySet().stream().map(String::valueOf))
                                        .contains(
                                                "ORDERFLOW_API_KEY",
                                                "ORDERFLOW_API_URL",
                                                "ORDERFLOW_ISSUER_URL",
                                                "ORDERFLOW_ANALYTICS_URL",
                                                "ORDERFLOW_OPERATIONS_URL",
                                                "ORDERFLOW_ORDER_URL",
                                                "AWS_ENDPOINT_URL"));
    }

    private static String withDefaults(Object word) {
        return word.toString().replaceAll("\\$\\{[A-Z_]+:-([^}]*)}", "$1");
    }

    @SuppressWarnings("unchecked") // YAML has no types; a file of another shape fails here.
    private static Map<String, Map<String, Object>> services() {
        try {
            Map<String, Object> file =
                    new Yaml().load(Files.readString(ROOT.resolve("docker-compose.yml")));
            return (Map<String, Map<String, Object>>) file.get("services");
        } catch (IOException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
