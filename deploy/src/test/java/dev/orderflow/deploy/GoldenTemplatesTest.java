package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Compares the templates with the reviewed ones, so that a change of the stacks shows its effect.
/// To renew them, with the other modules installed: `./mvnw -pl deploy test
/// -Dtest=GoldenTemplatesTest -Dgolden=renew`
class GoldenTemplatesTest {

    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

    /// The hash of an asset depends on the packing, not on the stacks.
    private static final String ASSET = "\\b[0-9a-f]{64}\\b";

    private final SynthesizedApp synthesis = SynthesizedApp.get();

    @Test
    void theTemplatesEqualTheGoldenTemplates() throws IOException {
        for (var stack : synthesis.templates().keySet()) {
            var golden = GOLDEN.resolve(stack + ".template.json");
            var built = inOrder(synthesis.text(stack)).replaceAll(ASSET, "ASSET") + "\n";
            if ("renew".equals(System.getProperty("golden"))) {
                Files.createDirectories(GOLDEN);
                Files.writeString(golden, built);
            }
            assertThat(golden).as("the golden template of %s; see this test's doc", stack).exists();
            assertThat(built)
                    .as("the template of %s; see this test's doc", stack)
                    .isEqualTo(Files.readString(golden));
        }
    }

    /// The sequence of properties has no meaning and differs between runs.
    private static String inOrder(String template) {
        var json =
                JsonMapper.builder()
                        .enable(
                                SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS,
                                SerializationFeature.INDENT_OUTPUT)
                        .build();
        return json.writeValueAsString(json.readValue(template, Object.class));
    }

    @Test
    void everyGoldenTemplateHasAStack() throws IOException {
        var golden = new TreeSet<String>();
        try (var files = Files.newDirectoryStream(GOLDEN, "*.template.json")) {
            files.forEach(
                    file ->
                            golden.add(
                                    file.getFileName().toString().replace(".template.json", "")));
        }
        assertThat(golden).isEqualTo(synthesis.templates().keySet());
    }
}
