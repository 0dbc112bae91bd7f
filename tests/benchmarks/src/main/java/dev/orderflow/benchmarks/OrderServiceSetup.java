package dev.orderflow.benchmarks;

import dev.orderflow.commandline.operations.DevelopmentTokenClient;
import dev.orderflow.localmachine.FreePorts;
import dev.orderflow.localmachine.UserFolder;
import dev.orderflow.localpostgres.ScratchFolder;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.PersonalDataKey;
import dev.orderflow.localrun.ProgressTicker;
import dev.orderflow.localrun.ServicePorts;
import dev.orderflow.localrun.ServiceSettings;
import dev.orderflow.localrun.Shutdown;
import dev.orderflow.sandboxes.issuer.DevelopmentIssuer;
import dev.orderflow.topology.CloudProvisioner.ProvisionedCloud;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One Postgres server and two processes of order-service, one with its relay on, each with a
/// database of its own. Only one of them is measured at a time.
final class OrderServiceSetup implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OrderServiceSetup.class);

    private static final String API_KEY = "key-of-the-benchmark";
    private static final int CUSTOMERS = 50;

    /// As a call of PutEvents takes within a region.
    private static final Duration BUS_LATENCY = Duration.ofMillis(5);

    private static final String BODY =
            """
            {"lines":[{"sku":"BENCH-1","quantity":1},{"sku":"BENCH-2","quantity":1},{"sku":"BENCH-3","quantity":1}],\
            "paymentMethodId":"pm_card_visa","email":"ada@example.org","shippingAddress":{"recipient":"Ada Lovelace",\
            "street":"12 St James Square","postalCode":"SW1Y 4JH","city":"London","country":"GB"}}""";

    private final List<String> properties;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Shutdown.ShutdownRegistration registration;
    private final ScratchFolder scratch = ScratchFolder.create();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AwsStub aws = new AwsStub(BUS_LATENCY);
    private final MeasuredPostgres postgres;
    private final URI issuer;
    private final Map<Boolean, MeasuredService> services = new HashMap<>();
    private final Map<Boolean, ServicePorts> ports = new HashMap<>();
    private boolean closed;

    private OrderServiceSetup(List<String> properties) {
        this.properties = properties;
        running.push(aws);
        postgres = new MeasuredPostgres(scratch, Map.of());
        running.push(postgres);
        issuer = URI.create("http://127.0.0.1:" + FreePorts.findOne());
        registration = Shutdown.register(this);
    }

    /// Starts everything and stores three articles.
    ///
    /// @param profile where the service without relay is recorded
    /// @param properties of the service, beside those that it needs
    static OrderServiceSetup start(
            @Nullable Path profile, List<String> properties, ProgressTicker progress) {
        var setup = new OrderServiceSetup(properties);
        boolean isUp = false;
        try {
            setup.startAll(profile, progress);
            isUp = true;
            return setup;
        } finally {
            if (!isUp) {
                setup.close();
            }
        }
    }

    private void startAll(@Nullable Path profile, ProgressTicker progress) {
        postgres.start();
        postgres.execute("postgres", "CREATE ROLE orders LOGIN PASSWORD 'benchmark'");
        running.push(
                DevelopmentIssuer.start(
                        Set.of(DevelopmentIssuer.PROFILE), "127.0.0.1", issuer.getPort(), issuer));
        for (boolean isRelayOn : new boolean[] {false, true}) {
            progress.print("starting order-service" + (isRelayOn ? ", relay on" : ""));
            postgres.execute(
                    "postgres", "CREATE DATABASE %s OWNER orders".formatted(database(isRelayOn)));
            var free = ServicePorts.free();
            ports.put(isRelayOn, free);
            var service =
                    MeasuredService.start(
                            Component.ORDER_SERVICE,
                            arguments(free, isRelayOn),
                            URI.create(
                                    "http://127.0.0.1:%d/actuator/health/readiness"
                                            .formatted(free.management())),
                            logFile(isRelayOn),
                            isRelayOn ? null : profile);
            running.push(service);
            services.put(isRelayOn, service);
            for (int number = 1; number <= 3; number++) {
                send(
                        "PUT",
                        URI.create(
                                "http://127.0.0.1:%d/internal/catalogue/BENCH-%d"
                                        .formatted(free.additional(), number)),
                        """
                        {"name":"A mug for measurements","unitPrice":{"amount":"12.50","currency":"EUR"}}""",
                        Map.of("X-Api-Key", API_KEY, "Idempotency-Key", "article-" + number));
            }
        }
    }

    private List<String> arguments(ServicePorts free, boolean isRelayOn) {
        var arguments =
                new ArrayList<>(
                        ServiceSettings.of(
                                Component.ORDER_SERVICE,
                                free,
                                postgres.url(database(isRelayOn)),
                                "benchmark",
                                component ->
                                        component == Component.DEVELOPMENT_ISSUER
                                                ? issuer
                                                : aws.url(),
                                API_KEY,
                                PersonalDataKey.of(Optional.empty()),
                                new ProvisionedCloud(
                                        Map.of(),
                                        Map.of(),
                                        "unused",
                                        "arn:aws:states:us-east-1:000000000000:stateMachine:order-workflow")));
        arguments.removeIf(
                each ->
                        each.startsWith("--management.cloudwatch")
                                || each.startsWith("--spring.datasource.hikari"));
        arguments.addAll(
                List.of(
                        "--outbox.enabled=" + isRelayOn,
                        "--orderflow.order.rate-limits.writes.burst=1000000",
                        "--orderflow.order.rate-limits.writes.per-second=1000000",
                        "--orderflow.order.missing-workflows.check-interval=1h",
                        "--orderflow.order.stuck-orders.check-interval=1h"));
        arguments.addAll(properties);
        return arguments;
    }

    /// It stays after the end, for failures.
    private Path logFile(boolean isRelayOn) {
        return UserFolder.temporary().resolve("bench-" + database(isRelayOn) + ".log");
    }

    String database(boolean isRelayOn) {
        return isRelayOn ? "relay_on" : "relay_off";
    }

    AwsStub aws() {
        return aws;
    }

    PgBench pgbench() {
        return new PgBench(postgres.port(), postgres.password(), scratch.path());
    }

    Duration postgresTime() {
        return postgres.processorTime();
    }

    Duration serviceTime(boolean isRelayOn) {
        return ProcessorTime.ofTree(service(isRelayOn).pid());
    }

    private MeasuredService service(boolean isRelayOn) {
        var service = services.get(isRelayOn);
        if (service == null) {
            throw new IllegalStateException("not started");
        }
        return service;
    }

    /// HTTP clients, with tokens that are valid for the next quarter of an hour.
    HttpOrderLoad load(boolean isRelayOn) {
        var tokens = new DevelopmentTokenClient(() -> issuer, http);
        for (int number = 0; number < CUSTOMERS; number++) {
            tokens.token("bench-" + number);
        }
        return new HttpOrderLoad(
                url(isRelayOn),
                number -> "Bearer " + tokens.token("bench-" + number % CUSTOMERS),
                BODY);
    }

    private URI url(boolean isRelayOn) {
        var port = ports.get(isRelayOn);
        if (port == null) {
            throw new IllegalStateException("not started");
        }
        return URI.create("http://127.0.0.1:" + port.service());
    }

    /// Deletes all orders, so that every measurement begins with the same tables. Waits until the
    /// relay has published all events.
    void reset(boolean isRelayOn) {
        try {
            while (isRelayOn
                    && !postgres.query(database(true), "SELECT count(*) FROM outbox").equals("0")) {
                Thread.sleep(100);
            }
            postgres.execute(
                    database(isRelayOn),
                    "TRUNCATE orders, order_line, outbox, idempotency_key CASCADE");
            postgres.execute(database(isRelayOn), "VACUUM ANALYZE article");
            postgres.execute("postgres", "CHECKPOINT");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("stopped", stopped);
        }
    }

    /// Captures what the service executes to accept an order, and makes scripts of it.
    CapturedScripts captureScripts() {
        var authorization = load(false).authorization(0);
        var key = UUID.randomUUID().toString();
        // The first order reads the prices, so the captured one does not.
        place(authorization, UUID.randomUUID().toString());
        postgres.execute("postgres", "ALTER SYSTEM SET log_statement = 'all'");
        postgres.query("postgres", "SELECT pg_reload_conf()");
        var id = UUID.fromString(place(authorization, key).path("orderId").asString());
        postgres.execute("postgres", "ALTER SYSTEM RESET log_statement");
        postgres.query("postgres", "SELECT pg_reload_conf()");
        var statements = StatementCapture.find(MeasuredPostgres.log(scratch), key);
        var lengths =
                postgres.query(
                                database(false),
                                """
                                    SELECT concat_ws(' ', octet_length(payload), octet_length(body), octet_length(personal_data))
                                      FROM orders, idempotency_key AS k, outbox
                                     WHERE orders.id = '%s' AND k.key = '%s' AND event_key = orders.id::text"""
                                        .formatted(id, key))
                        .split(" ");
        return new CapturedScripts(
                pgbench()
                        .plainScript(
                                Integer.parseInt(lengths[0]),
                                Integer.parseInt(lengths[1]),
                                Integer.parseInt(lengths[2])),
                pgbench().scriptOf(statements, key, id));
    }

    /// @param plain the plain transaction, with contents as long as the service's
    /// @param own the service's own statements
    record CapturedScripts(PgBench.PgBenchScript plain, PgBench.PgBenchScript own) {}

    private JsonNode place(String authorization, String key) {
        return send(
                "POST",
                url(false).resolve("/orders"),
                BODY,
                Map.of("Authorization", authorization, "Idempotency-Key", key));
    }

    String postgresVersion() {
        return postgres.version();
    }

    private JsonNode send(String method, URI uri, String body, Map<String, String> headers) {
        var request =
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(30))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new BenchmarkFailedException(
                        "%s %s answered %d: %s"
                                .formatted(
                                        method,
                                        uri.getPath(),
                                        response.statusCode(),
                                        response.body()));
            }
            return JsonMapper.shared().readTree(response.body().isEmpty() ? "{}" : response.body());
        } catch (IOException failed) {
            throw new BenchmarkFailedException("the service does not answer", failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("stopped", stopped);
        }
    }

    @Override
    public void close() {
        List<AutoCloseable> components;
        synchronized (running) {
            if (closed) {
                return;
            }
            closed = true;
            components = List.copyOf(running);
        }
        components.forEach(
                component -> {
                    try {
                        component.close();
                    } catch (Exception failure) {
                        // The others are stopped nevertheless.
                        log.warn("a component failed to stop", failure);
                    }
                });
        http.shutdownNow();
        scratch.close();
        registration.close();
    }
}
