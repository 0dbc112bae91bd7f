package dev.orderflow.systemtests;

import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.VISIBILITY_TIMEOUT;

import dev.orderflow.commandline.operations.DevelopmentTokenClient;
import dev.orderflow.commandline.operations.OperationsCommands;
import dev.orderflow.commandline.operations.RunEndpoints;
import dev.orderflow.commandline.operations.RunRegistration;
import dev.orderflow.contracts.fixture.LongTimeoutExtension;
import dev.orderflow.cost.Bill;
import dev.orderflow.cost.UsageMeter;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.InternalEndpoints;
import dev.orderflow.localrun.LocalRun;
import dev.orderflow.localrun.LocalRun.LocalRunSettings;
import dev.orderflow.topology.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The system under test. Only this class starts it; the others use its addresses.
final class RunningSystem implements AutoCloseable {

    /// The lock of test classes that use [#shared()]: JUnit runs classes at the same time unless
    /// they need the same system.
    static final String SHARED = "shared system";

    /// The lock of test classes that use [#hurried()].
    static final String HURRIED = "hurried system";

    /// How long tests wait for a condition.
    static final Duration TIMEOUT = LongTimeoutExtension.TIMEOUT;

    /// How often they look. A look is a request, which takes processor time that the system needs.
    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

    private final LocalRun system;
    private final DevelopmentTokenClient tokens =
            new DevelopmentTokenClient(
                    this::issuer, HttpClient.newBuilder().version(Version.HTTP_1_1).build());

    private RunningSystem(LocalRunSettings settings) {
        // What is awaited here travels through several queues, which takes long on a busy machine.
        Awaitility.setDefaultPollInterval(POLL_INTERVAL);
        system = LocalRun.start(settings);
    }

    /// The system that tests without special settings share; it stops with the JVM.
    static RunningSystem shared() {
        return Shared.SYSTEM;
    }

    private static final class Shared {

        static final Spans SPANS = new Spans();
        static final RunningSystem SYSTEM = start();

        private static RunningSystem start() {
            var usual = LocalRunSettings.forTests();
            var system =
                    new RunningSystem(
                            new LocalRunSettings(
                                    usual.ports(),
                                    usual.data(),
                                    usual.clockFactor(),
                                    usual.approvalLimits(),
                                    usual.progress(),
                                    List.of(
                                            "--orderflow.operations.workbench.log-file="
                                                    + logFile(),
                                            // So that an order of many lines is sent as a claim
                                            // check.
                                            "--orderflow.order.max-event-payload-size=1KB",
                                            "--management.opentelemetry.tracing.export.otlp.endpoint="
                                                    + SPANS.endpoint(),
                                            "--management.opentelemetry.tracing.export.schedule-delay=200ms")));
            Runtime.getRuntime()
                    .addShutdownHook(
                            new Thread(
                                    () -> {
                                        system.close();
                                        SPANS.close();
                                    }));
            return system;
        }
    }

    /// Starts a separate system whose services publish their OpenAPI documents, internal APIs
    /// included, at `/v3/api-docs` and have no rate limits.
    static RunningSystem described() {
        var usual = LocalRunSettings.forTests();
        return new RunningSystem(
                new LocalRunSettings(
                        usual.ports(),
                        usual.data(),
                        usual.clockFactor(),
                        usual.approvalLimits(),
                        usual.progress(),
                        List.of(
                                "--springdoc.api-docs.enabled=true",
                                "--springdoc.paths-to-match=/**",
                                "--orderflow.order.rate-limits.reads.burst=1000000",
                                "--orderflow.order.rate-limits.writes.burst=1000000",
                                "--orderflow.order.rate-limits.anonymous.burst=1000000")));
    }

    /// The queues of the topology, without their dead-letter queues.
    static List<String> queueNames() {
        return Topology.load().queues().stream().map(Topology.QueueSpec::name).toList();
    }

    /// The bus of each rule of the topology.
    static Map<String, String> busesByRule() {
        return Topology.load().rules().stream()
                .collect(Collectors.toMap(Topology.RuleSpec::name, Topology.RuleSpec::bus));
    }

    /// The types of the events of orders that the rules of the topology deliver to each queue.
    static Map<String, Set<String>> eventsByQueue() {
        var topology = Topology.load();
        var events = new TreeMap<String, Set<String>>();
        for (var rule : topology.rules()) {
            var queue = rule.targetQueue();
            if (queue != null && rule.bus().equals(topology.bus())) {
                rule.pattern()
                        .path("detail-type")
                        .forEach(
                                type ->
                                        events.computeIfAbsent(queue, _ -> new TreeSet<>())
                                                .add(type.stringValue()));
            }
        }
        return events;
    }

    /// The spans of [#shared()].
    static Spans spans() {
        return Shared.SPANS;
    }

    /// The system that tests share in which hours must pass; it stops with the JVM. A second is
    /// [#HURRY] seconds of the cloud; the timers of the services use the wall clock and are set
    /// accordingly.
    static RunningSystem hurried() {
        return Hurried.SYSTEM;
    }

    /// How much faster than the wall clock the clock of the cloud of [#hurried()] runs.
    static final int HURRY = 120;

    /// The number of orders that a data key of [#hurried()] encrypts; it is renewed after half of
    /// them.
    static final int SEALED_BY_A_KEY = 21;

    private static final class Hurried {

        static final RequestInterceptor TO_CLOUD = new RequestInterceptor();
        static final RequestInterceptor TO_GATEWAY = new RequestInterceptor();
        static final RunningSystem SYSTEM = start();

        private static RunningSystem start() {
            var usual = LocalRunSettings.forTests();
            TO_CLOUD.forwardTo(url(usual, Component.LOCAL_CLOUD));
            TO_GATEWAY.forwardTo(url(usual, Component.SANDBOX_GATEWAY));
            var system =
                    new RunningSystem(
                            new LocalRunSettings(
                                    usual.ports(),
                                    Optional.empty(),
                                    HURRY,
                                    usual.approvalLimits(),
                                    usual.progress(),
                                    List.of(
                                            "--spring.cloud.aws.endpoint=" + TO_CLOUD.url(),
                                            // Most calls, and no test injects faults into them.
                                            "--spring.cloud.aws.cloudwatch.endpoint="
                                                    + url(usual, Component.LOCAL_CLOUD),
                                            "--orderflow.payment.gateway.url=" + TO_GATEWAY.url(),
                                            // Half of one of the cloud's minutes, so that none is
                                            // left out.
                                            "--management.cloudwatch.metrics.export.step=250ms",
                                            "--orderflow.shipping.circuit-breaker.open-duration=125ms",
                                            "--orderflow.shipping.scheduler.interval=50ms",
                                            "--orderflow.shipping.scheduler.heartbeat-interval=1500ms",
                                            "--orderflow.shipping.scheduler.initial-resume-delay=1s",
                                            "--orderflow.shipping.scheduler.max-resume-delay=8s",
                                            "--outbox.relay.max-attempts=3",
                                            "--outbox.relay.max-pause=500ms",
                                            "--outbox.relay.target-check-interval=250ms",
                                            "--orderflow.order.approval.poll-interval=100ms",
                                            "--orderflow.order.approval.max-backoff=150ms",
                                            "--orderflow.order.stuck-orders.check-interval=250ms",
                                            "--orderflow.order.personal-data.max-key-uses="
                                                    + SEALED_BY_A_KEY,
                                            "--orderflow.order.personal-data.key-check-interval=50ms",
                                            "--orderflow.inventory.reservation-duration=5s",
                                            "--orderflow.inventory.expiry.interval=250ms",
                                            "--orderflow.inventory.expiry.recheck-after=1s",
                                            "--orderflow.payment.lease=4s",
                                            "--orderflow.payment.reconciliation.interval=250ms",
                                            "--orderflow.payment.reconciliation.initial-backoff=250ms",
                                            "--orderflow.payment.reconciliation.max-backoff=1s",
                                            "--orderflow.operations.auditor.interval=1s",
                                            // A minute, so that no message that was read returns
                                            // while its queue is read.
                                            "--orderflow.operations.dead-letters.visibility-timeout=2h",
                                            "--orderflow.operations.auditor.grace-period=3s")));
            tolerateLateHeartbeats(system);
            // The time of a handler does not shrink with the cloud's, so it keeps its length.
            try (var sqs = system.client(SqsClient.builder())) {
                for (var url : sqs.listQueues().queueUrls()) {
                    sqs.setQueueAttributes(
                            set ->
                                    set.queueUrl(url)
                                            .attributes(Map.of(VISIBILITY_TIMEOUT, "7200")));
                }
            }
            Runtime.getRuntime()
                    .addShutdownHook(
                            new Thread(
                                    () -> {
                                        system.close();
                                        TO_CLOUD.close();
                                        TO_GATEWAY.close();
                                    }));
            return system;
        }

        /// The quarter of an hour without a heartbeat that a task may have is 7.5 s here, which a
        /// busy machine may take. Four hours are two minutes.
        private static void tolerateLateHeartbeats(RunningSystem system) {
            try (var states = system.client(SfnClient.builder())) {
                var machine =
                        states.listStateMachines().stateMachines().getFirst().stateMachineArn();
                var definition =
                        states.describeStateMachine(get -> get.stateMachineArn(machine))
                                .definition();
                var tolerant =
                        definition.replaceAll(
                                "\"HeartbeatSeconds\"\\s*:\\s*900", "\"HeartbeatSeconds\":14400");
                if (tolerant.equals(definition)) {
                    throw new IllegalStateException(
                            "the workflow has no heartbeat time-out of 900 s");
                }
                states.updateStateMachine(
                        update -> update.stateMachineArn(machine).definition(tolerant));
            }
        }

        private static URI url(LocalRunSettings settings, Component component) {
            return URI.create("http://127.0.0.1:" + settings.ports().byComponent().get(component));
        }
    }

    /// The interceptor between the services of [#hurried()] and the cloud. The clients of the tests
    /// do not use it.
    static RequestInterceptor cloudInterceptor() {
        return Hurried.TO_CLOUD;
    }

    /// The interceptor between payment-service of [#hurried()] and the gateway.
    static RequestInterceptor gatewayInterceptor() {
        return Hurried.TO_GATEWAY;
    }

    URI orders() {
        return system.url(Component.ORDER_SERVICE);
    }

    /// The internal API of order-service.
    URI ordersInside() {
        return system.url(Component.ORDER_SERVICE_INTERNAL);
    }

    /// The internal API of the service with this package, for example `order`.
    URI internal(String service) {
        return Component.services().stream()
                .filter(each -> each.label().startsWith(service + "-"))
                .map(Component::internal)
                .map(system::url)
                .findFirst()
                .orElseThrow();
    }

    /// The internal APIs of all services except order-service.
    List<URI> otherServices() {
        return Component.services().stream()
                .filter(service -> service != Component.ORDER_SERVICE)
                .map(system::url)
                .toList();
    }

    URI inventory() {
        return system.url(Component.INVENTORY_SERVICE);
    }

    URI payments() {
        return system.url(Component.PAYMENT_SERVICE);
    }

    URI shipping() {
        return system.url(Component.SHIPPING_SERVICE);
    }

    URI notifications() {
        return system.url(Component.NOTIFICATION_SERVICE);
    }

    /// Health and meters of every service.
    List<URI> management() {
        return Component.services().stream().map(Component::management).map(system::url).toList();
    }

    /// Health and meters of shipping-service.
    URI shippingManagement() {
        return system.url(Component.SHIPPING_SERVICE_MANAGEMENT);
    }

    URI analytics() {
        return system.url(Component.ANALYTICS_SERVICE);
    }

    URI operations() {
        return system.url(Component.OPERATIONS_CONSOLE);
    }

    /// The pages of operations-console.
    URI pages() {
        return system.url(Component.OPERATIONS_CONSOLE_PAGES);
    }

    /// A token for the public API.
    String token(String customer) {
        return tokens.token(customer);
    }

    URI gateway() {
        return system.url(Component.SANDBOX_GATEWAY);
    }

    private URI issuer() {
        return system.url(Component.DEVELOPMENT_ISSUER);
    }

    URI carrier() {
        return system.url(Component.SANDBOX_CARRIER);
    }

    URI cloud() {
        return system.url(Component.LOCAL_CLOUD);
    }

    /// The log of all components of all systems of this JVM.
    static List<String> log() {
        try {
            return Files.readAllLines(logFile());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// The log file of all systems of this JVM.
    static Path logFile() {
        return Path.of("target", "system-tests.log").toAbsolutePath();
    }

    /// Measures a few orders and returns the cost of a thousand on AWS, in US dollars, and its
    /// budget.
    Map.Entry<Double, Double> costAndBudget(int orders) {
        var usage = UsageMeter.measure(system, orders);
        return Map.entry(
                Bill.ofThousandOrders(usage.perOrder()).total(), Bill.MAX_PER_THOUSAND_ORDERS);
    }

    /// Whether an internal endpoint accepts the key of the internal API.
    boolean admitsMachines(String method, String path) {
        return InternalEndpoints.admitsMachines(method, path);
    }

    /// A token of an operator of the development issuer.
    String operatorToken(String user) {
        return tokens.operatorToken(user);
    }

    String internalApiKey() {
        return system.internalApiKey();
    }

    /// The operators' command line for this system.
    CommandLine operatorCommands() {
        return OperationsCommands.addTo(new CommandLine(CommandSpec.create().name("orderflow")));
    }

    /// Registers this system for the operators' commands.
    ///
    /// @param process the process whose id selects this system with `--run`
    /// @return the registration, to be closed after the commands
    AutoCloseable register(ProcessHandle process) {
        return new RunRegistration(
                        process.pid(),
                        process.info().startInstant().orElse(Instant.EPOCH),
                        Map.of(),
                        new RunEndpoints(
                                operations(),
                                ordersInside(),
                                issuer(),
                                internalApiKey(),
                                system.internalUrls()))
                .publish();
    }

    /// Replaces the ports of `./orderflow run` in a text by the ports of this system.
    String withItsPorts(String text) {
        var ports =
                Arrays.stream(Component.values())
                        .collect(Collectors.toMap(Component::standardPort, system::url));
        return Pattern.compile("(?:localhost|127\\.0\\.0\\.1):(\\d+)")
                .matcher(text)
                .replaceAll(
                        address -> {
                            var url = ports.get(Integer.parseInt(address.group(1)));
                            return url == null ? address.group() : url.getAuthority();
                        });
    }

    /// Connects to the database of every service, as that service.
    List<Connection> databases() {
        return Component.services().stream().map(this::database).toList();
    }

    /// Makes the databases of all services reject writes, as a failed-over or full server does, and
    /// closes the sessions that still may write; or lets them write again.
    void rejectWrites(boolean rejected) {
        for (var component : Component.services()) {
            try (var database = database(component);
                    var statement = database.createStatement()) {
                // In a transaction of its own: the next one may write.
                statement.execute("SET default_transaction_read_only = off");
                statement.execute(
                        "ALTER DATABASE \"%s\" SET default_transaction_read_only = %s"
                                .formatted(database.getCatalog(), rejected ? "on" : "off"));
                statement.execute(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()
                        """);
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    /// Executes statements in the database of order-service as its owner.
    /// @return the number of changed rows
    int inOrdersDatabase(String sql) {
        return execute(Component.ORDER_SERVICE, sql);
    }

    /// Connects to the database of order-service as its owner.
    Connection openOrdersDatabase() {
        return database(Component.ORDER_SERVICE);
    }

    /// Connects as the master user that operators have on AWS, who is no superuser.
    Connection openAsMaster(String database) throws SQLException {
        return system.connectAsMaster(database);
    }

    private int execute(Component component, String sql) {
        try (var database = database(component);
                var statement = database.createStatement()) {
            statement.execute(sql);
            return statement.getUpdateCount();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private Connection database(Component component) {
        try {
            return system.connect(component);
        } catch (SQLException unreachable) {
            throw new IllegalStateException(unreachable);
        }
    }

    /// Creates a client of the cloud of this system.
    <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return builder.endpointOverride(cloud())
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("test", "test")))
                .build();
    }

    @Override
    public void close() {
        system.close();
    }
}
