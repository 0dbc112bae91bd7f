package dev.orderflow.localrun;

import dev.orderflow.localcloud.LocalCloud;
import dev.orderflow.localmachine.LocalMachineException;
import dev.orderflow.localpostgres.ScratchFolder;
import dev.orderflow.sandboxes.carrier.SandboxCarrier;
import dev.orderflow.sandboxes.gateway.SandboxGateway;
import dev.orderflow.sandboxes.issuer.DevelopmentIssuer;
import dev.orderflow.topology.ApprovalLimits;
import dev.orderflow.topology.CloudEnvironment;
import dev.orderflow.topology.CloudProvisioner;
import dev.orderflow.topology.CloudProvisioner.ProvisionedCloud;
import dev.orderflow.topology.Topology;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
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
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The whole system, running.
///
/// ```java
/// try (var system = LocalRun.start(Settings.forTests())) {
///     system.url(Part.ORDER_SERVICE);
/// }
/// ```
public final class LocalRun implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LocalRun.class);

    /// How a system is started.
    ///
    /// @param ports who listens where
    /// @param data where data is kept; without it they are thrown away at the end
    /// @param clockFactor how much faster than the wall clock local-cloud's time runs, at least 1
    /// @param approvalLimits orders above them wait for a person
    /// @param progress hears what is up
    /// @param serviceSettings what the services are told beside the usual, as `--name=value`
    public record LocalRunSettings(
            ComponentPorts ports,
            Optional<Path> data,
            double clockFactor,
            ApprovalLimits approvalLimits,
            StartProgress progress,
            List<String> serviceSettings) {

        /// With the services' usual settings.
        public LocalRunSettings(
                ComponentPorts ports,
                Optional<Path> data,
                double clockFactor,
                ApprovalLimits approvalLimits,
                StartProgress progress) {
            this(ports, data, clockFactor, approvalLimits, progress, List.of());
        }

        /// Free ports, no data kept, silent.
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
    private final String internalApiKey = randomKey();
    private final String databasePassword = randomKey();
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
            // Who keeps the data from now on reads their key, and nobody else does meanwhile.
            this.personalDataKey = PersonalDataKey.of(settings.data());
        } catch (RuntimeException failed) {
            scratch.close();
            throw failed;
        }
        running.push(databases);
        this.registration = Shutdown.register(this);
    }

    /// Starts everything and puts the demonstration's catalogue and stock in place.
    ///
    /// When the process is told to end, at whatever moment, the system is stopped first.
    ///
    /// @throws PortInUseException when somebody else listens on a port; nothing was started then
    /// @throws dev.orderflow.localmachine.LocalMachineException when the data are in use, or
    ///     Postgres does not start
    /// @throws IllegalStateException when a part does not start; what had started is stopped again
    public static LocalRun start(LocalRunSettings settings) {
        settings.ports().requireFree();
        SharedLog.keep();
        var system = new LocalRun(settings);
        boolean up = false;
        try (var _ = system.reportPendingComponents()) {
            system.startAll();
            up = true;
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

    /// Where a part listens, on loopback.
    public URI url(Component component) {
        return URI.create("http://127.0.0.1:" + settings.ports().of(component));
    }

    /// Where the internal API of each service listens, by the service's name.
    public Map<String, URI> internalUrls() {
        return Component.services().stream()
                .collect(
                        Collectors.toMap(Component::label, component -> url(component.internal())));
    }

    /// The database of a service, as `psql` takes it, with the user that may see no other.
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

    /// What opens the services' internal API, new at every start.
    public String internalApiKey() {
        return internalApiKey;
    }

    /// Where the log of this process is written.
    public static Path logFile() {
        return LogFile.path();
    }

    private void startAll() {
        inParallel(
                List.of(
                        () -> startComponent("Postgres", databases::start),
                        () -> startComponent(Component.LOCAL_CLOUD, this::startCloud),
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
                                                        port(Component.SANDBOX_CARRIER)))));
        var began = System.nanoTime();
        var cloud = provision();
        progress("queues, rules, workflow, alarms", began);
        var starts = new ArrayList<Callable<AutoCloseable>>();
        starts.add(() -> startComponent(Component.DEVELOPMENT_ISSUER, this::startIssuer));
        for (var component : Component.services()) {
            starts.add(() -> startComponent(component, () -> startService(component, cloud)));
        }
        inParallel(starts);
        var seeding = System.nanoTime();
        new DemoCatalogue(new SystemClient(this)).create();
        progress("catalogue and stock", seeding);
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
                url(Component.DEVELOPMENT_ISSUER));
    }

    private ProvisionedCloud provision() {
        try (var sqs = client(SqsClient.builder());
                var sns = client(SnsClient.builder());
                var events = client(EventBridgeClient.builder());
                var states = client(SfnClient.builder());
                var cloudWatch = client(CloudWatchClient.builder());
                var s3 = client(S3Client.builder().forcePathStyle(true))) {
            var site =
                    new CloudEnvironment(
                            url(Component.INVENTORY_SERVICE),
                            url(Component.PAYMENT_SERVICE),
                            internalApiKey,
                            settings.approvalLimits());
            return new CloudProvisioner(sqs, sns, events, states, cloudWatch, s3)
                    .provision(Topology.load(), site);
        }
    }

    /// A client of the cloud the system runs on.
    public <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return LocalCloudClients.build(builder, url(Component.LOCAL_CLOUD));
    }

    private ConfigurableApplicationContext startService(Component component, ProvisionedCloud cloud) {
        var service = component.service().orElseThrow();
        return service.application()
                .get()
                .bannerMode(Banner.Mode.OFF)
                .registerShutdownHook(false)
                .run(arguments(component, cloud));
    }

    /// What is set for this system wins over the usual; named twice it would be a list.
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
        // Tomcat's own temporary folders outlive a process that is killed.
        var folder = "--server.tomcat.basedir=" + scratch.path().resolve(component.label());
        Stream.of(usual.stream(), Stream.of(folder), settings.serviceSettings().stream())
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

    /// Whoever closes the system does not wait for what is still starting, so that it has to be
    /// closed here.
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

    /// Starts several parts at once, as many as there are processors.
    private static <T> void inParallel(List<Callable<T>> starts) {
        try (var threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            var ends = new ExecutorCompletionService<T>(threads);
            starts.forEach(ends::submit);
            try {
                for (int i = 0; i < starts.size(); i++) {
                    ends.take().get();
                }
            } finally {
                // The first that fails keeps the others from starting.
                threads.shutdownNow();
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while starting", stopped);
        }
    }

    private static String randomKey() {
        var bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// Stops everything: first the services, together, which finish what they hold while the cloud
    /// and the databases are still there; then the rest, the latest first.
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
        // The databases came first and go last.
        rest.forEach(LocalRun::stop);
        scratch.close();
        registration.close();
    }

    private static void stop(AutoCloseable component) {
        try {
            component.close();
        } catch (Exception stubborn) {
            log.warn("a part did not stop cleanly", stubborn);
        }
    }
}
