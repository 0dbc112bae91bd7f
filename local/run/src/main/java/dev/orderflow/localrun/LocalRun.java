package dev.orderflow.localrun;

import dev.orderflow.localcloud.LocalCloud;
import dev.orderflow.localmachine.LocalMachineException;
import dev.orderflow.localpostgres.ScratchFolder;
import dev.orderflow.localrun.TopologyProvisioning.AwsClientSettings;
import dev.orderflow.sandboxes.carrier.SandboxCarrier;
import dev.orderflow.sandboxes.gateway.SandboxGateway;
import dev.orderflow.sandboxes.issuer.DevelopmentIssuer;
import dev.orderflow.topology.ApprovalLimits;
import dev.orderflow.topology.CloudEnvironment;
import dev.orderflow.topology.CloudProvisioner.ProvisionedCloud;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;

/// The running system.
///
/// ```java
/// try (var system = LocalRun.start(LocalRunSettings.forTests())) {
///     system.url(Component.ORDER_SERVICE);
/// }
/// ```
public final class LocalRun implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LocalRun.class);

    /// Settings of a system.
    ///
    /// @param ports the port of each component
    /// @param data the folder of the databases; without it the data are deleted at the end
    /// @param clockFactor how much faster than the wall clock the clock of local-cloud runs, at
    ///     least 1
    /// @param approvalLimits orders above them need an approval
    /// @param progress receives the progress of the start
    /// @param serviceSettings additional service properties, as `--name=value`
    public record LocalRunSettings(
            ComponentPorts ports,
            Optional<Path> data,
            double clockFactor,
            ApprovalLimits approvalLimits,
            StartProgress progress,
            List<String> serviceSettings) {

        /// Without additional service properties.
        public LocalRunSettings(
                ComponentPorts ports,
                Optional<Path> data,
                double clockFactor,
                ApprovalLimits approvalLimits,
                StartProgress progress) {
            this(ports, data, clockFactor, approvalLimits, progress, List.of());
        }

        /// Free ports, temporary data, no progress output.
        public static LocalRunSettings forTests() {
            return new LocalRunSettings(
                    ComponentPorts.free(),
                    Optional.empty(),
                    1,
                    ApprovalLimits.parse(ApprovalLimits.STANDARD),
                    StartProgress.SILENT);
        }
    }

    private final LocalRunSettings settings;
    private final String internalApiKey = RandomKey.generate();
    private final String databasePassword = RandomKey.generate();
    private final String personalDataKey;
    private final Set<String> starting = ConcurrentHashMap.newKeySet();
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final ScratchFolder scratch;
    private final Databases databases;
    private final Shutdown.ShutdownRegistration registration;
    private boolean closed;

    private LocalRun(LocalRunSettings settings) {
        this.settings = settings;
        this.scratch = ScratchFolder.create();
        try {
            this.databases = Databases.in(settings.data(), scratch, databasePassword);
            // The data folder is locked now, so no other process reads or creates the key.
            this.personalDataKey = PersonalDataKey.of(settings.data());
        } catch (RuntimeException failed) {
            scratch.close();
            throw failed;
        }
        running.push(databases);
        this.registration = Shutdown.register(this);
    }

    /// Starts all components and creates the catalogue and stock of the demonstration.
    ///
    /// When the process is terminated, at any moment, the system is stopped first.
    ///
    /// @throws PortInUseException when a port is in use; nothing was started then
    /// @throws dev.orderflow.localmachine.LocalMachineException when the data are in use, or
    ///     Postgres does not start
    /// @throws IllegalStateException when a component does not start; all others are stopped again
    public static LocalRun start(LocalRunSettings settings) {
        settings.ports().requireFree();
        SharedLog.keep();
        var system = new LocalRun(settings);
        settings.progress().reportStarting();
        boolean up = false;
        try (var _ = system.reportPendingComponents()) {
            system.startAll();
            up = true;
            ClassArchive.markComplete();
            return system;
        } finally {
            if (!up) {
                system.close();
            }
        }
    }

    private ProgressTicker reportPendingComponents() {
        return new ProgressTicker(
                settings.progress()::reportWaiting,
                () -> starting.stream().sorted().collect(Collectors.joining(", ")));
    }

    /// The URL of a component, on loopback.
    public URI url(Component component) {
        return URI.create("http://127.0.0.1:" + settings.ports().of(component));
    }

    /// The URL of the internal API of each service, by service name.
    public Map<String, URI> internalUrls() {
        return Component.services().stream()
                .collect(
                        Collectors.toMap(Component::label, component -> url(component.internal())));
    }

    /// The connection string of a service's database for `psql`; its user has access to no other.
    public URI database(Component component) {
        return URI.create(
                databases
                        .url(component)
                        .replace(
                                "jdbc:postgresql://",
                                "postgresql://%s:%s@"
                                        .formatted(
                                                component.service().orElseThrow().database(),
                                                databasePassword)));
    }

    /// Connects to a service's database as that service, which owns it.
    ///
    /// @throws SQLException if the database does not accept the connection
    public Connection connect(Component component) throws SQLException {
        return DriverManager.getConnection(
                databases.url(component),
                component.service().orElseThrow().database(),
                databasePassword);
    }

    /// Connects as the master user that operators have on AWS, who is no superuser.
    ///
    /// @throws SQLException if the server does not accept the connection
    public Connection connectAsMaster(String database) throws SQLException {
        return databases.connectAsMaster(database);
    }

    /// The key of the internal API, generated at every start.
    public String internalApiKey() {
        return internalApiKey;
    }

    /// The log file of this process.
    public static Path logFile() {
        return LogFile.path();
    }

    /// Orders can be accepted as soon as order-service is up and has a catalogue, so it is the
    /// service that starts first.
    private void startAll() {
        var provisioned = new CompletableFuture<ProvisionedCloud>();
        List<Callable<?>> surroundings =
                List.of(
                        () -> startComponent("Postgres", databases::start),
                        () -> {
                            startComponent(Component.LOCAL_CLOUD, this::startCloud);
                            var began = System.nanoTime();
                            provisioned.complete(provision());
                            progress("queues, rules, workflow, alarms", began);
                            return null;
                        },
                        () -> startComponent(Component.DEVELOPMENT_ISSUER, this::startIssuer),
                        () ->
                                startComponent(
                                        Component.SANDBOX_GATEWAY,
                                        () ->
                                                SandboxGateway.start(
                                                        port(Component.SANDBOX_GATEWAY))),
                        () ->
                                startComponent(
                                        Component.SANDBOX_CARRIER,
                                        () ->
                                                SandboxCarrier.start(
                                                        port(Component.SANDBOX_CARRIER))));
        // All at once: the first one waits for processes of Postgres most of the time.
        inParallel(surroundings.size(), surroundings);
        var cloud = provisioned.join();
        var demo = new DemoCatalogue(new SystemClient(this));
        inParallel(
                Runtime.getRuntime().availableProcessors(),
                Component.services().stream()
                        .<Callable<?>>map(service -> () -> startAndFill(service, cloud, demo))
                        .toList());
    }

    private Object startAndFill(Component service, ProvisionedCloud cloud, DemoCatalogue demo) {
        var started = startComponent(service, () -> startService(service, cloud));
        var began = System.nanoTime();
        switch (service) {
            case ORDER_SERVICE -> {
                demo.createArticles();
                progress("catalogue", began);
            }
            case INVENTORY_SERVICE -> {
                demo.createStock();
                progress("stock", began);
            }
            default -> {}
        }
        return started;
    }

    private int port(Component component) {
        return settings.ports().of(component);
    }

    private LocalCloud startCloud() {
        return LocalCloud.builder()
                .port(port(Component.LOCAL_CLOUD))
                .clockFactor(settings.clockFactor())
                .start();
    }

    private DevelopmentIssuer startIssuer() {
        return DevelopmentIssuer.start(
                Set.of(DevelopmentIssuer.PROFILE),
                "127.0.0.1",
                port(Component.DEVELOPMENT_ISSUER),
                url(Component.DEVELOPMENT_ISSUER),
                Set.of(DevelopmentIssuer.redirectUri(url(Component.OPERATIONS_CONSOLE_PAGES))));
    }

    private ProvisionedCloud provision() {
        var environment =
                new CloudEnvironment(
                        url(Component.INVENTORY_SERVICE),
                        url(Component.PAYMENT_SERVICE),
                        url(Component.OPERATIONS_CONSOLE_PAGES),
                        internalApiKey,
                        settings.approvalLimits());
        try (var provisioning =
                new TopologyProvisioning(
                        environment, AwsClientSettings.ofLocalCloud(url(Component.LOCAL_CLOUD)))) {
            return provisioning.provision();
        }
    }

    /// A client of the cloud the system runs on.
    public <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return LocalCloudClients.build(builder, url(Component.LOCAL_CLOUD));
    }

    private ConfigurableApplicationContext startService(
            Component component, ProvisionedCloud cloud) {
        var service = component.service().orElseThrow();
        return service.application()
                .get()
                .bannerMode(Banner.Mode.OFF)
                .registerShutdownHook(false)
                .run(arguments(component, cloud));
    }

    /// Additional properties replace the defaults: a property given twice would become a list.
    private String[] arguments(Component component, ProvisionedCloud cloud) {
        var usual =
                ServiceSettings.of(
                        component,
                        settings.ports().portsOf(component),
                        databases.url(component),
                        databasePassword,
                        this::url,
                        internalApiKey,
                        personalDataKey,
                        cloud);
        var byName = new LinkedHashMap<String, String>();
        // The temporary folders that Tomcat creates itself outlive a killed process.
        var folder = "--server.tomcat.basedir=" + scratch.path().resolve(component.label());
        // Each connection costs a process of Postgres and 4,096 rounds of hashing its password.
        var connections = "--spring.datasource.hikari.minimum-idle=1";
        // All services of this process share one log.
        var log =
                component == Component.OPERATIONS_CONSOLE
                        ? Stream.of("--orderflow.operations.workbench.log-file=" + logFile())
                        : Stream.<String>empty();
        Stream.of(
                        usual.stream(),
                        Stream.of(folder, connections),
                        log,
                        settings.serviceSettings().stream())
                .flatMap(stream -> stream)
                .forEach(
                        setting -> byName.put(setting.substring(0, setting.indexOf('=')), setting));
        return byName.values().toArray(String[]::new);
    }

    private <T extends AutoCloseable> T startComponent(Component component, Callable<T> start) {
        return startComponent(
                "%-20s http://127.0.0.1:%d"
                        .formatted(component.label(), settings.ports().of(component)),
                start);
    }

    private <T extends AutoCloseable> T startComponent(String what, Callable<T> start) {
        var began = System.nanoTime();
        var name = what.split(" ", 2)[0];
        starting.add(name);
        try {
            var component = start.call();
            register(component);
            progress(what, began);
            return component;
        } catch (LocalMachineException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new IllegalStateException(name + " did not start", failed);
        } finally {
            starting.remove(name);
        }
    }

    /// Closing the system does not wait for components that are still starting; these are closed
    /// here.
    private void register(AutoCloseable component) {
        synchronized (running) {
            if (component == databases) {
                return;
            }
            if (!closed) {
                running.push(component);
                return;
            }
        }
        stop(component);
        throw new IllegalStateException("stopped while starting");
    }

    private void progress(String what, long began) {
        settings.progress().reportStarted(what, Duration.ofNanos(System.nanoTime() - began));
    }

    /// Starts components in parallel, so many at a time, in the sequence of the list.
    private static void inParallel(int atATime, List<Callable<?>> starts) {
        try (var threads = Executors.newFixedThreadPool(atATime)) {
            var ends = new ExecutorCompletionService<Object>(threads);
            starts.forEach(start -> ends.submit(start::call));
            try {
                for (int i = 0; i < starts.size(); i++) {
                    ends.take().get();
                }
            } finally {
                // After the first failure no other component is started.
                threads.shutdownNow();
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while starting", interrupted);
        }
    }

    /// Stops the services in parallel, so that they finish their work while the cloud and the
    /// databases are available; then the other components in reverse order of their start.
    @Override
    public void close() {
        List<AutoCloseable> services;
        List<AutoCloseable> rest;
        synchronized (running) {
            if (closed) {
                return;
            }
            closed = true;
            services = running.stream().filter(ApplicationContext.class::isInstance).toList();
            rest = running.stream().filter(component -> !services.contains(component)).toList();
            running.clear();
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            services.forEach(service -> threads.execute(() -> stop(service)));
        }
        // The databases were started first and are stopped last.
        rest.forEach(LocalRun::stop);
        scratch.close();
        registration.close();
    }

    private static void stop(AutoCloseable component) {
        try {
            component.close();
        } catch (Exception failure) {
            log.warn("a component failed to stop", failure);
        }
    }
}
