package dev.orderflow.localrun.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.orderflow.defaults.database.DatabaseCreator;
import dev.orderflow.defaults.probe.HealthProbe;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.ServicePorts;
import dev.orderflow.localrun.ServiceSettings;
import dev.orderflow.sandboxes.issuer.DevelopmentIssuer;
import dev.orderflow.topology.CloudProvisioner.ProvisionedCloud;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/// Checks the compose file without Docker.
class ComposeTest {

    private static final Path ROOT = Path.of("..", "..");

    /// Settings that apply to one JVM only, or have another name in a container.
    private static final Set<String> LOCAL_ONLY =
            Set.of(
                    "server.address",
                    "server.port",
                    "management.server.address",
                    "management.server.port",
                    "orderflow.order.ports.internal-port",
                    "orderflow.operations.pages.port",
                    "spring.jmx.enabled",
                    "spring.datasource.hikari.maximum-pool-size",
                    "spring.cloud.aws.endpoint",
                    "spring.cloud.aws.region.static",
                    "spring.cloud.aws.credentials.access-key",
                    "spring.cloud.aws.credentials.secret-key",
                    "orderflow.analytics.clock-skew");

    private static final Map<String, Map<String, Object>> SERVICES = services();

    static Stream<String> all() {
        return SERVICES.keySet().stream();
    }

    static Stream<Component> ours() {
        return Component.services().stream();
    }

    @Test
    void everyComponentHasAContainer() {
        assertThat(SERVICES.keySet())
                .containsAll(Component.services().stream().map(Component::label).toList())
                .contains("postgres", "databases", "local-cloud", "sandboxes", "seed")
                .contains("development-issuer", "orderflow");
    }

    @ParameterizedTest
    @MethodSource("all")
    void portsArePublishedOnLoopbackOnly(String service) {
        assertThat(list(service, "ports"))
                .allMatch(port -> port.toString().startsWith("127.0.0.1:"), "is on loopback");
    }

    @Test
    void onlyThePublicApiThePagesTheCloudAndTheIssuerArePublished() {
        assertThat(
                        all().flatMap(service -> list(service, "ports").stream())
                                .map(port -> port.toString().replaceAll(".*:", "")))
                .containsExactlyInAnyOrder("8080", "8087", "4566", "8092");
    }

    /// Otherwise the issuer claim of a token that is fetched from outside would differ from the
    /// configured issuer of order-service.
    @Test
    void theIssuerHasTheSameNameInsideAndOutside() {
        var orders = map("order-service", "environment");
        assertThat(list("development-issuer", "command"))
                .anyMatch(orders.get("ORDERFLOW_ORDER_TOKENS_ISSUER")::equals);
        assertThat(map("development-issuer", "environment"))
                .containsEntry("SPRING_PROFILES_ACTIVE", DevelopmentIssuer.PROFILE);
    }

    @ParameterizedTest
    @MethodSource("ours")
    void healthIsCheckedAtTheManagementPort(Component component) {
        var test = (List<?>) map(component.label(), "healthcheck").get("test");
        assertThat(test.get(4)).isEqualTo(Integer.toString(component.management().standardPort()));
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyContainerHasAMemoryLimitAndWaitsForHealthyDependencies(String service) {
        assertThat(SERVICES.get(service)).containsKey("mem_limit");
        map(service, "depends_on")
                .forEach(
                        (needed, how) -> {
                            assertThat(SERVICES).containsKey(needed);
                            var condition = ((Map<?, ?>) how).get("condition");
                            assertThat(condition)
                                    .isIn("service_healthy", "service_completed_successfully");
                            if ("service_healthy".equals(condition)) {
                                assertThat(SERVICES.get(needed)).containsKey("healthcheck");
                            }
                        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void ourContainersAreReadOnlyAndWithoutPrivileges(String service) {
        if (service.equals("postgres")) {
            return;
        }
        var container = SERVICES.get(service);
        assertThat(container)
                .containsEntry("read_only", true)
                .containsEntry("cap_drop", List.of("ALL"))
                .containsEntry("security_opt", List.of("no-new-privileges:true"));
        assertThat(container.get("image").toString()).startsWith("orderflow/");
    }

    /// So that the image needs no shell, which an attacker could use.
    @ParameterizedTest
    @MethodSource("all")
    void noContainerOfOursNeedsAShell(String service) throws IOException {
        if (service.equals("postgres")) {
            return;
        }
        var check = map(service, "healthcheck");
        assertThat(check.isEmpty() || isAProbe(check.get("test"))).isTrue();
        assertThat(SERVICES.get(service).get("entrypoint"))
                .satisfiesAnyOf(
                        none -> assertThat(none).isNull(),
                        list -> assertThat(list).asInstanceOf(LIST).startsWith("java"));
        var dockerfile = Files.readString(ROOT.resolve("Dockerfile"));
        var image = dockerfile.substring(dockerfile.lastIndexOf("\nFROM "));
        assertThat(image).doesNotContain("\nRUN ").contains("ENTRYPOINT [\"java\",");
        assertThat(Files.readAllLines(ROOT.resolve("deploy/image/healthy")))
                .endsWith(HealthProbe.class.getName());
    }

    private static boolean isAProbe(@Nullable Object test) {
        return test instanceof List<?> words
                && words.subList(0, 3).equals(List.of("CMD", "java", "@/app/healthy"));
    }

    /// A container without a setting that the same service has in one JVM would not start, or would
    /// behave differently.
    @ParameterizedTest
    @MethodSource("ours")
    void everyServiceHasTheSettingsItHasInOneJvm(Component component) {
        var environment = map(component.label(), "environment");
        var here = URI.create("http://127.0.0.1");
        var cloud =
                new ProvisionedCloud(Map.of(), Map.of("order-notifications", "arn"), "bus", "arn");
        var settings =
                ServiceSettings.of(
                        component,
                        new ServicePorts(1, 2, 3),
                        "jdbc",
                        "password",
                        _ -> here,
                        "key",
                        "data",
                        cloud);
        var names =
                settings.stream()
                        .map(setting -> setting.substring(2, setting.indexOf('=')))
                        .filter(name -> !LOCAL_ONLY.contains(name))
                        .map(ComposeTest::variable)
                        .toList();
        assertThat(names).hasSizeGreaterThan(10);
        assertThat(environment.keySet()).containsAll(names);
        assertThat(environment).containsKeys("AWS_ENDPOINT_URL", "AWS_REGION");
        assertThat(environment.get("SPRING_DATASOURCE_URL").toString())
                .endsWith("/" + environment.get("SPRING_DATASOURCE_USERNAME"));
    }

    @Test
    void theDatabaseOfEveryServiceIsCreated() {
        assertThat(list("databases", "entrypoint")).endsWith(DatabaseCreator.class.getName());
        assertThat(list("databases", "command"))
                .isEqualTo(
                        Component.services().stream()
                                .map(component -> map(component.label(), "environment"))
                                .map(it -> it.get("SPRING_DATASOURCE_USERNAME"))
                                .toList());
    }

    /// An image with our name in a public registry is not ours.
    @ParameterizedTest
    @MethodSource("all")
    void ourImagesAreBuiltAndNeverPulled(String service) {
        var container = SERVICES.get(service);
        if (!container.get("image").toString().startsWith("orderflow/")) {
            assertThat(container).doesNotContainKeys("build", "pull_policy");
            return;
        }
        assertThat(container).containsEntry("pull_policy", "never");
        var built =
                SERVICES.values().stream()
                        .filter(other -> other.get("image").equals(container.get("image")))
                        .filter(other -> other.containsKey("build"))
                        .toList();
        assertThat(built).hasSize(1);
        var module =
                ((Map<?, ?>) ((Map<?, ?>) built.getFirst().get("build")).get("args"))
                        .get("MODULE")
                        .toString();
        assertThat(container.get("image")).isEqualTo("orderflow/" + module.replace('/', '-'));
        assertThat(ROOT.resolve(module).resolve("pom.xml")).exists();
    }

    /// The image of version 17 creates a volume at `/var/lib/postgresql/data`, which would hide a
    /// volume mounted there. The image of version 18 does not start if a volume is mounted there;
    /// its own volume is `/var/lib/postgresql`.
    @Test
    void theDataFolderSuitsOldAndNewPostgresImages() {
        assertThat(list("postgres", "volumes")).containsExactly("database:/var/lib/postgresql");
        assertThat(map("postgres", "environment").get("PGDATA").toString())
                .startsWith("/var/lib/postgresql/")
                .isNotEqualTo("/var/lib/postgresql/data")
                .doesNotMatch(".*/\\d+/docker");
    }

    /// A mounted file would be used as it is checked out, line ends included.
    @ParameterizedTest
    @MethodSource("all")
    void noContainerMountsAFileOfTheCheckout(String service) {
        assertThat(list(service, "volumes"))
                .noneMatch(volume -> volume.toString().matches("[./~].*"));
    }

    /// local-cloud keeps queues and rules in memory, so it must not be healthy before they exist,
    /// also after a restart.
    @Test
    void localCloudIsHealthyOnceItsResourcesAreProvisioned() {
        assertThat(list("local-cloud", "command")).startsWith("cloud", "--host", "0.0.0.0");
        assertThat((List<?>) map("local-cloud", "healthcheck").get("test"))
                .isEqualTo(
                        List.of(
                                "CMD",
                                "java",
                                "@/app/healthy",
                                "127.0.0.1",
                                Integer.toString(TopologyHealth.PORT),
                                TopologyHealth.PATH));
        for (var component : Component.services()) {
            assertThat(map(component.label(), "depends_on").get("local-cloud"))
                    .isEqualTo(Map.of("condition", "service_healthy"));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void longRunningContainersRestartAfterAFailure(String service) {
        var ends = Set.of("databases", "seed", "orderflow").contains(service);
        assertThat(SERVICES.get(service)).containsEntry("restart", ends ? "no" : "on-failure");
    }

    /// Postgres permits 100 connections, of which some are reserved for the superuser.
    @Test
    void theConnectionPoolsTogetherStayBelowTheLimitOfTheDatabase() {
        var together =
                Component.services().stream()
                        .map(component -> map(component.label(), "environment"))
                        .map(it -> it.get("SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE"))
                        .mapToInt(size -> Integer.parseInt(String.valueOf(size)))
                        .sum();
        assertThat(together).isBetween(Component.services().size(), 90);
    }

    /// As Spring Boot reads it from the environment
    /// (docs.spring.io/spring-boot/reference/features/external-config.html).
    private static String variable(String property) {
        return property.replace("-", "")
                .replaceAll("\\[(\\d+)]", ".$1")
                .replace('.', '_')
                .toUpperCase(Locale.ROOT);
    }

    private static List<Object> list(String service, String key) {
        return SERVICES.get(service).get(key) instanceof List<?> list
                ? new ArrayList<>(list)
                : List.of();
    }

    @SuppressWarnings("unchecked") // YAML has no types; a file of another shape fails here.
    private static Map<String, Object> map(String service, String key) {
        return SERVICES.get(service).get(key) instanceof Map<?, ?> map
                ? (Map<String, Object>) map
                : Map.of();
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
