package dev.orderflow.contracts;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Published files do not change: `published.lock` contains a digest of every schema and example. A
/// different schema requires a new version.
class PublishedVersionsTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Path LOCK = Path.of("published.lock");
    private static final Path FILES = Path.of("src", "main", "resources", "contracts");

    static Stream<String> publishedExamples() {
        return locked().keySet().stream().filter(name -> name.endsWith(".example.json"));
    }

    @Test
    void noPublishedFileIsChangedOrRemoved() {
        assertThat(locked()).isNotEmpty();
        assertThat(broken(locked(), present()))
                .as(
                        "published files never change: undo the change, add the next version"
                                + " (Name.v2.schema.json, Name.v2.example.json) beside them, and"
                                + " teach MessageCodec to read both")
                .isEmpty();
    }

    @Test
    void everyVersionIsInTheLock() {
        var missing = new TreeMap<>(present());
        missing.keySet().removeAll(locked().keySet());
        assertThat(missing)
                .as(
                        "new versions are published by adding these lines to libraries/contracts/published.lock")
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("publishedExamples")
    void everyPublishedExampleCanBeParsed(String name) {
        var message = read(FILES.resolve(name));
        var type = name.substring(0, name.indexOf('.'));
        if (type.equals("ClaimCheck")) {
            assertThat(JSON.readValue(message, ClaimCheck.class).claimCheck().bytes()).isPositive();
            return;
        }
        var read =
                message.contains("\"command\"")
                        ? MessageCodec.readCommand(message)
                        : MessageCodec.readEvent(
                                """
                                {"version":"0","id":"7bf73129-1428-4cd3-a780-95db273d1602",
                                 "detail-type":"%s","source":"orderflow.test",
                                 "account":"000000000000","time":"2026-11-02T09:15:31Z",
                                 "region":"us-east-1","resources":[],"detail":%s}
                                """
                                        .formatted(type, message));
        assertThat(read).isInstanceOf(ParsedMessage.ValidMessage.class);
    }

    @Test
    void theDigestIsIndependentOfLayout() {
        var compact = JSON.readTree(read(FILES.resolve("OrderCreated.v1.schema.json"))).toString();
        assertThat(digest(compact)).isEqualTo(locked().get("OrderCreated.v1.schema.json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"additionalProperties\": true, \"x\"",
                "\"properties\": {}, \"x\"",
                "\"description\": \"says something else\", \"x\""
            })
    void aChangedFileIsDetected(String change) {
        var name = "OrderCreated.v1.schema.json";
        var changed = read(FILES.resolve(name)).replaceFirst("\"type\"", change);
        assertThat(broken(locked(), Map.of(name, digest(changed)))).containsKey(name);
    }

    private static Map<String, String> broken(
            Map<String, String> published, Map<String, String> present) {
        var broken = new TreeMap<String, String>();
        published.forEach(
                (name, digest) -> {
                    var now = present.get(name);
                    if (now == null) {
                        broken.put(name, "is gone");
                    } else if (!now.equals(digest)) {
                        broken.put(name, "is changed");
                    }
                });
        return broken;
    }

    private static Map<String, String> present() {
        try (var files = Files.list(FILES)) {
            var digests = new TreeMap<String, String>();
            files.forEach(file -> digests.put(file.getFileName().toString(), digest(read(file))));
            return digests;
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static SequencedMap<String, String> locked() {
        var digests = new LinkedHashMap<String, String>();
        read(LOCK)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("\\s+"))
                .forEach(line -> digests.put(line[0], line[1]));
        return digests;
    }

    private static String digest(String json) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(
                                            canonical(JSON.readTree(json))
                                                    .getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// The same for every order of fields and every layout.
    private static String canonical(JsonNode node) {
        if (node.isObject()) {
            return node.properties().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(
                            field ->
                                    JSON.writeValueAsString(field.getKey())
                                            + ":"
                                            + canonical(field.getValue()))
                    .collect(joining(",", "{", "}"));
        }
        if (node.isArray()) {
            return node.valueStream()
                    .map(PublishedVersionsTest::canonical)
                    .collect(joining(",", "[", "]"));
        }
        return node.toString();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
