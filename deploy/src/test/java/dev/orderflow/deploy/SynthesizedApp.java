package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The templates of the example stage, synthesised once for all tests because that takes most of a
/// minute.
final class SynthesizedApp {

    static final Topology TOPOLOGY = Topology.load();
    static final Stage STAGE = Stage.read(Path.of("stages", "example.json"));

    private static final int OLDEST_NODE = 20;
    private static final JsonMapper JSON = JsonMapper.shared();

    private static @Nullable SynthesizedApp built;

    private final Path out = Path.of("target", "synthesis");
    private final Map<String, JsonNode> templates = new TreeMap<>();

    private SynthesizedApp() throws IOException {
        var app =
                new App(
                        AppProps.builder()
                                .outdir(out.toAbsolutePath().toString())
                                .context(context())
                                .build());
        DeployApp.build(app, STAGE, TOPOLOGY);
        app.synth();
        try (var files = Files.newDirectoryStream(out, "*.template.json")) {
            for (var file : files) {
                var name = file.getFileName().toString().replace(".template.json", "");
                templates.put(name, JSON.readTree(Files.readString(file)));
            }
        }
    }

    /// The context that the CDK command line passes.
    private static Map<String, Object> context() throws IOException {
        return JSON.convertValue(
                JSON.readTree(Files.readString(Path.of("cdk.json"))).path("context"),
                new TypeReference<Map<String, Object>>() {});
    }

    static synchronized SynthesizedApp get() {
        if (built == null) {
            requireNode();
            try {
                built = new SynthesizedApp();
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return built;
    }

    private static void requireNode() {
        var node = System.getenv().getOrDefault("JSII_NODE", "node");
        if (versionOf(node) < OLDEST_NODE) {
            throw new AssertionError(
                    "CDK needs Node.js "
                            + OLDEST_NODE
                            + " or later: put `node` on the PATH, or run Maven with"
                            + " -Pbundled-node");
        }
    }

    private static int versionOf(String node) {
        try {
            var process = new ProcessBuilder(node, "--version").redirectErrorStream(true).start();
            var answer = new String(process.getInputStream().readAllBytes()).trim();
            return answer.matches("v[0-9]+\\..*")
                    ? Integer.parseInt(answer.substring(1, answer.indexOf('.')))
                    : 0;
        } catch (IOException _) {
            return 0;
        }
    }

    /// The templates by stack name.
    Map<String, JsonNode> templates() {
        return templates;
    }

    /// The template as CDK wrote it.
    String text(String stack) throws IOException {
        return Files.readString(out.resolve(stack + ".template.json"));
    }

    /// The messages of CDK about the templates.
    JsonNode manifest() throws IOException {
        return JSON.readTree(Files.readString(out.resolve("manifest.json")));
    }

    /// The result of CDK's own validation.
    JsonNode validation() throws IOException {
        return JSON.readTree(Files.readString(out.resolve("validation-report.json")));
    }

    /// @param stack the stack of the resource
    /// @param id the logical id
    /// @param type the CloudFormation type
    /// @param properties the properties in the template
    record TemplateResource(
            String stack, String id, String type, JsonNode properties, JsonNode dependencies) {

        /// The property at a path of names.
        JsonNode at(String... path) {
            var here = properties;
            for (var name : path) {
                here = here.path(name);
            }
            return here;
        }

        @Override
        public String toString() {
            return stack + "/" + id;
        }
    }

    List<TemplateResource> resources() {
        var all = new ArrayList<TemplateResource>();
        templates.forEach(
                (stack, template) ->
                        template.path("Resources")
                                .forEachEntry(
                                        (id, resource) ->
                                                all.add(
                                                        new TemplateResource(
                                                                stack,
                                                                id,
                                                                resource.path("Type").asString(),
                                                                resource.path("Properties"),
                                                                resource.path("DependsOn")))));
        return all;
    }

    List<TemplateResource> resources(String type) {
        return resources().stream().filter(resource -> resource.type().equals(type)).toList();
    }

    /// @param rule the rule of cdk-nag
    /// @param resource the path of the resource
    /// @param compliance `Compliant`, `Non-Compliant`, `Suppressed`, …
    /// @param reason the reason of the suppression
    record NagFinding(String rule, String resource, String compliance, String reason) {}

    /// All results of cdk-nag, in all stacks.
    List<NagFinding> findings() throws IOException {
        return findingsIn(out);
    }

    static List<NagFinding> findingsIn(Path out) throws IOException {
        var findings = new ArrayList<NagFinding>();
        try (var files = Files.newDirectoryStream(out, "AwsSolutions-*-NagReport.json")) {
            for (var file : files) {
                for (var line : JSON.readTree(Files.readString(file)).path("lines")) {
                    findings.add(
                            new NagFinding(
                                    line.path("ruleId").asString(),
                                    line.path("resourceId").asString(),
                                    line.path("compliance").asString(),
                                    line.path("exceptionReason").asString()));
                }
            }
        }
        return findings;
    }

    /// The values of a policy element, which may be a single value or a list.
    static Stream<JsonNode> each(JsonNode oneOrMany) {
        return oneOrMany.isArray() ? oneOrMany.valueStream() : Stream.of(oneOrMany);
    }
}
