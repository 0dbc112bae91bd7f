package dev.orderflow.benchmarks;

import dev.orderflow.commandline.operations.DevelopmentTokenClient;
import dev.orderflow.localmachine.FreePorts;
import dev.orderflow.localmachine.UserFolder;
import dev.orderflow.localpostgres.ScratchFolder;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.DemoCatalogue;
import dev.orderflow.localrun.LocalCloudClients;
import dev.orderflow.localrun.PersonalDataKey;
import dev.orderflow.localrun.ProgressTicker;
import dev.orderflow.localrun.ServicePorts;
import dev.orderflow.localrun.ServiceSettings;
import dev.orderflow.localrun.Shutdown;
import dev.orderflow.localrun.SystemClient;
import dev.orderflow.localrun.TopologyProvisioning;
import dev.orderflow.localrun.TopologyProvisioning.AwsClientSettings;
import dev.orderflow.sandboxes.issuer.DevelopmentIssuer;
import dev.orderflow.topology.ApprovalLimits;
import dev.orderflow.topology.CloudEnvironment;
import dev.orderflow.topology.CloudProvisioner.ProvisionedCloud;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// The whole system, each service in a process of its own, local-cloud with the sandboxes in
/// another, and Postgres. Services are started and stopped one by one.
final class MeasuredSystem implements AutoCloseable {

    private static final String API_KEY = "key-of-the-benchmark";
    private static final String PASSWORD = "benchmark";
    private static final int CUSTOMERS = 50;

    private static final String BODY =
            """
            {"lines":[{"sku":"MUG-BLUE","quantity":1},{"sku":"TEAPOT-IRON","quantity":1}],\
            "paymentMethodId":"pm_card_visa","email":"ada@example.org","shippingAddress":{"recipient":"Ada Lovelace",\
            "street":"12 St James Square","postalCode":"SW1Y 4JH","city":"London","country":"GB"}}""";

    /// What differs from a deployment: no limits for one caller, and no metrics.
    private static final List<String> ADJUSTMENTS =
            List.of(
                    "--orderflow.order.rate-limits.writes.burst=1000000",
                    "--orderflow.order.rate-limits.writes.per-second=1000000",
                    "--management.cloudwatch.metrics.export.enabled=false",
                    "--spring.datasource.hikari.maximum-pool-size=16");

    private final List<String> properties;
    private final ProgressTicker progress;
    private final ScratchFolder scratch = ScratchFolder.create();
    private final MeasuredPostgres postgres = new MeasuredPostgres(scratch, Map.of());
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<Component, ServicePorts> ports = new EnumMap<>(Component.class);
    private final Map<Component, Integer> controlPorts = new EnumMap<>(Component.class);
    private final Map<Component, MeasuredService> services = new EnumMap<>(Component.class);
    private final Map<Component, URI> others = new EnumMap<>(Component.class);
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Shutdown.ShutdownRegistration registration;
    private @Nullable Process surroundings;
    private @Nullable ProvisionedCloud provisioned;
    private boolean closed;

    private MeasuredSystem(List<String> properties, ProgressTicker progress) {
        this.properties = properties;
        this.progress = progress;
        running.push(postgres);
        registration = Shutdown.register(this);
        for (var service : Component.services()) {
            ports.put(service, ServicePorts.free());
            controlPorts.put(service, FreePorts.findOne());
        }
    }

    /// Starts everything but the services.
    ///
    /// @throws BenchmarkFailedException when that fails
    /// @param properties of all services, beside those that they need
    static MeasuredSystem start(List<String> properties, ProgressTicker progress) {
        var system = new MeasuredSystem(properties, progress);
        boolean isUp = false;
        try {
            system.startSurroundings();
            isUp = true;
            return system;
        } finally {
            if (!isUp) {
                system.close();
            }
        }
    }

    private void startSurroundings() {
        progress.print("starting Postgres, local-cloud and the sandboxes");
        postgres.start();
        for (var service : Component.services()) {
            postgres.execute(
                    "postgres",
                    "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(database(service), PASSWORD));
            postgres.execute(
                    "postgres", "CREATE DATABASE %1$s OWNER %1$s".formatted(database(service)));
        }
        var free = FreePorts.findMany(4);
        others.put(Component.LOCAL_CLOUD, local(free.get(0)));
        others.put(Component.SANDBOX_GATEWAY, local(free.get(1)));
        others.put(Component.SANDBOX_CARRIER, local(free.get(2)));
        others.put(Component.DEVELOPMENT_ISSUER, local(free.get(3)));
        try {
            surroundings =
                    new ProcessBuilder(
                                    MeasuredService.java(),
                                    "-XX:+UseSerialGC",
                                    "-Xmx2g",
                                    "--enable-native-access=ALL-UNNAMED",
                                    "--sun-misc-unsafe-memory-access=allow",
                                    "-Dlogging.config=classpath:container-logback.xml",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    SurroundingsMain.class.getName(),
                                    free.get(0).toString(),
                                    free.get(1).toString(),
                                    free.get(2).toString())
                            .redirectErrorStream(true)
                            .redirectOutput(log("local-cloud").toFile())
                            .start();
        } catch (IOException failed) {
            throw new UncheckedIOException("local-cloud cannot be started", failed);
        }
        running.push(surroundings::destroy);
        await(
                "local-cloud and the sandboxes",
                () ->
                        List.of(
                                        Component.LOCAL_CLOUD,
                                        Component.SANDBOX_GATEWAY,
                                        Component.SANDBOX_CARRIER)
                                .stream()
                                .allMatch(each -> isListening(url(each))));
        running.push(
                DevelopmentIssuer.start(
                        Set.of(DevelopmentIssuer.PROFILE),
                        "127.0.0.1",
                        free.get(3),
                        url(Component.DEVELOPMENT_ISSUER)));
        try (var provisioning =
                new TopologyProvisioning(
                        new CloudEnvironment(
                                url(Component.INVENTORY_SERVICE),
                                url(Component.PAYMENT_SERVICE),
                                url(Component.OPERATIONS_CONSOLE_PAGES),
                                API_KEY,
                                ApprovalLimits.parse(ApprovalLimits.STANDARD)),
                        AwsClientSettings.ofLocalCloud(url(Component.LOCAL_CLOUD)))) {
            provisioned = provisioning.provision();
        }
    }

    private static URI local(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    /// A service's database and user have the name that its settings expect.
    private static String database(Component service) {
        return ServiceSettings.databaseOf(service);
    }

    private static boolean isListening(URI url) {
        try {
            var connection = (HttpURLConnection) url.toURL().openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(5_000);
            return connection.getResponseCode() > 0;
        } catch (IOException _) {
            return false;
        }
    }

    /// Waits for a condition.
    ///
    /// @throws BenchmarkFailedException when it does not come about within ten minutes
    static void await(String what, BooleanSupplier condition) {
        long giveUp = System.nanoTime() + Duration.ofMinutes(10).toNanos();
        try {
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > giveUp) {
                    throw new BenchmarkFailedException("waited for ten minutes for " + what);
                }
                Thread.sleep(20);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("stopped", stopped);
        }
    }

    private static Path log(String name) {
        // It stays after the end, for failures.
        return UserFolder.temporary().resolve("bench-" + name + ".log");
    }

    /// The URL of a component.
    URI url(Component component) {
        var other = others.get(component);
        if (other != null) {
            return other;
        }
        return local(Objects.requireNonNull(ports.get(component.owningService())).port(component));
    }

    MeasuredPostgres postgres() {
        return postgres;
    }

    /// Starts a service with the class path of this process, and with a control of its listeners.
    MeasuredService startService(Component service) {
        var command =
                new ArrayList<>(
                        MeasuredService.command(service, MeasuredService.JVM_OPTIONS, null));
        command.add(
                1,
                "-D%s=%d"
                        .formatted(
                                MeasuredServiceMain.CONTROL_PORT,
                                Objects.requireNonNull(controlPorts.get(service))));
        var started = launch(service, command, Map.of());
        started.awaitReady();
        return started;
    }

    /// Starts all services and creates catalogue and stock.
    void startServices() {
        for (var service : Component.services()) {
            progress.print("starting " + service.label());
            startService(service);
        }
        new DemoCatalogue(client()).create();
    }

    /// Ships a few orders at a low rate. Calls between services that were just started would
    /// otherwise exceed their time-outs, and their retries would take minutes.
    void shipFirstOrders() {
        progress.print("shipping the first orders");
        load().runAtRate(2, 40);
        awaitFinalOrders();
    }

    /// Waits until no order is open.
    void awaitFinalOrders() {
        await(
                "orders to be shipped",
                () -> queryOrders("SELECT count(*) FROM orders WHERE NOT is_final") == 0);
    }

    /// A client of the services' APIs.
    SystemClient client() {
        return new SystemClient(this::url, API_KEY);
    }

    /// Starts a command that runs a service with the settings of this system; does not wait.
    MeasuredService launch(
            Component service, List<String> command, Map<String, String> environment) {
        var complete = new ArrayList<>(command);
        complete.addAll(arguments(service));
        var started =
                MeasuredService.launch(
                        complete,
                        environment,
                        url(service.management()).resolve("/actuator/health/readiness"),
                        log(service.label()));
        services.put(service, started);
        synchronized (running) {
            running.push(started);
        }
        return started;
    }

    /// The properties of a service.
    List<String> arguments(Component service) {
        var arguments =
                new ArrayList<>(
                        ServiceSettings.of(
                                service,
                                Objects.requireNonNull(ports.get(service)),
                                postgres.url(database(service)),
                                PASSWORD,
                                this::url,
                                API_KEY,
                                PersonalDataKey.of(Optional.empty()),
                                Objects.requireNonNull(provisioned)));
        arguments.removeIf(
                each ->
                        each.startsWith("--management.cloudwatch")
                                || each.startsWith("--spring.datasource.hikari"));
        arguments.addAll(ADJUSTMENTS);
        arguments.addAll(properties);
        return arguments;
    }

    MeasuredService service(Component service) {
        return Objects.requireNonNull(services.get(service), "not started");
    }

    /// Controls the listeners of a service, as [ListenerControl] says.
    ///
    /// @throws BenchmarkFailedException when the service refuses
    String control(Component service, String command) {
        try {
            var response =
                    http.send(
                            HttpRequest.newBuilder(
                                            local(Objects.requireNonNull(controlPorts.get(service)))
                                                    .resolve(command))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new BenchmarkFailedException(
                        "%s %s: %s".formatted(service.label(), command, response.body()));
            }
            return response.body();
        } catch (IOException failed) {
            throw new BenchmarkFailedException(service.label() + " does not answer", failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("stopped", stopped);
        }
    }

    /// HTTP clients, with tokens that are valid for the next quarter of an hour.
    HttpOrderLoad load() {
        var tokens = new DevelopmentTokenClient(() -> url(Component.DEVELOPMENT_ISSUER), http);
        for (int number = 0; number < CUSTOMERS; number++) {
            tokens.token("bench-" + number);
        }
        return new HttpOrderLoad(
                url(Component.ORDER_SERVICE),
                number -> "Bearer " + tokens.token("bench-" + number % CUSTOMERS),
                BODY);
    }

    /// The log of the server.
    Path postgresLog() {
        return MeasuredPostgres.log(scratch);
    }

    String databaseOf(Component service) {
        return database(service);
    }

    /// The time of the database.
    String now() {
        return postgres.query("postgres", "SELECT clock_timestamp()");
    }

    /// A number from the database of order-service.
    double queryOrders(String sql) {
        var value = postgres.query(database(Component.ORDER_SERVICE), sql);
        return value == null ? 0 : Double.parseDouble(value);
    }

    /// A client of SQS at local-cloud, to be closed by the caller.
    SqsClient sqs() {
        return LocalCloudClients.build(SqsClient.builder(), url(Component.LOCAL_CLOUD));
    }

    /// The messages of a queue that wait or are in flight.
    static int messages(SqsClient sqs, String queue) {
        var url = sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
        return sqs
                .getQueueAttributes(
                        request ->
                                request.queueUrl(url)
                                        .attributeNames(
                                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                                QueueAttributeName
                                                        .APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    /// The processor times of all processes.
    Map<String, Duration> processorTimes() {
        var times = new java.util.LinkedHashMap<String, Duration>();
        services.forEach(
                (component, service) ->
                        times.put(component.label(), ProcessorTime.ofTree(service.pid())));
        times.put("Postgres", postgres.processorTime());
        times.put(
                "local-cloud and sandboxes",
                ProcessorTime.ofTree(Objects.requireNonNull(surroundings).pid()));
        return times;
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
                    if (component instanceof MeasuredService service) {
                        // Nothing that it still does is measured.
                        service.stop(Duration.ofSeconds(1));
                    }
                });
        for (var component : components) {
            if (!(component instanceof MeasuredService)) {
                try {
                    component.close();
                } catch (Exception stubborn) {
                    throw new IllegalStateException("a component failed to stop", stubborn);
                }
            }
        }
        http.shutdownNow();
        scratch.close();
        registration.close();
    }
}
