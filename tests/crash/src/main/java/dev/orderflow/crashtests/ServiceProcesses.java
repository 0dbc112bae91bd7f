package dev.orderflow.crashtests;

import dev.orderflow.localcloud.LocalCloud;
import dev.orderflow.localmachine.FreePorts;
import dev.orderflow.localmachine.UserFolder;
import dev.orderflow.localpostgres.ScratchFolder;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.Databases;
import dev.orderflow.localrun.LocalCloudClients;
import dev.orderflow.localrun.PersonalDataKey;
import dev.orderflow.localrun.ProgressTicker;
import dev.orderflow.localrun.RandomKey;
import dev.orderflow.localrun.ServicePorts;
import dev.orderflow.localrun.ServiceSettings;
import dev.orderflow.localrun.Shutdown;
import dev.orderflow.localrun.TopologyProvisioning;
import dev.orderflow.localrun.TopologyProvisioning.AwsClientSettings;
import dev.orderflow.sandboxes.carrier.SandboxCarrier;
import dev.orderflow.sandboxes.gateway.SandboxGateway;
import dev.orderflow.sandboxes.issuer.DevelopmentIssuer;
import dev.orderflow.topology.ApprovalLimits;
import dev.orderflow.topology.CloudEnvironment;
import dev.orderflow.topology.CloudProvisioner.ProvisionedCloud;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;

/// The system with each service in one or two processes, and fault proxies between all components.
///
/// The processes end with their parent process: they watch their standard input.
final class ServiceProcesses implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ServiceProcesses.class);

    /// The caller name of customers and operators.
    static final String CUSTOMERS = "customers";

    static final String WORKFLOW = "workflow";

    /// How long a process may take to stop that writes the AOT cache.
    private static final Duration TRAINING_TIMEOUT = Duration.ofMinutes(5);

    /// The maximum number of process names in a line of progress.
    private static final int MOST_NAMED = 3;

    /// Intervals that are shorter than in production. Only the clock of local-cloud runs faster;
    /// the services wait in real time.
    private static final List<String> SHORTER_INTERVALS =
            List.of(
                    "--orderflow.payment.lease=20s",
                    "--orderflow.payment.reconciliation.interval=2s",
                    "--orderflow.payment.reconciliation.initial-backoff=2s",
                    "--orderflow.payment.reconciliation.max-backoff=10s",
                    "--orderflow.payment.reconciliation.assume-not-done-after=20s",
                    "--orderflow.shipping.circuit-breaker.open-duration=3s",
                    "--orderflow.shipping.scheduler.interval=2s",
                    "--orderflow.shipping.scheduler.heartbeat-interval=20s",
                    "--orderflow.shipping.scheduler.initial-resume-delay=20s",
                    "--orderflow.shipping.scheduler.max-resume-delay=40s",
                    "--orderflow.notification.claim-lifetime=20s",
                    "--orderflow.notification.claim-check-interval=5s",
                    "--orderflow.notification.topic-retry.initial-delay=20s",
                    "--orderflow.notification.topic-retry.max-delay=1m",
                    "--management.cloudwatch.metrics.export.enabled=false",
                    "--spring.datasource.hikari.minimum-idle=2");

    /// @param services the number of processes of each service
    /// @param clockFactor how much faster than the wall clock the clock of local-cloud runs
    /// @param approvalLimits orders above them need an approval
    /// @param maxDown how many processes may be killed at the same time
    record ServiceProcessesSettings(
            Map<Component, Integer> services,
            double clockFactor,
            ApprovalLimits approvalLimits,
            int maxDown) {}

    private final ServiceProcessesSettings settings;
    private final ProgressTicker progress;
    private final FaultInjector faultInjector;
    private final Optional<AotCache> cache = AotCache.ofBuild();
    private final Path directory;
    private final ScratchFolder scratch;
    private final Databases databases;
    private final Shutdown.ShutdownRegistration registration;
    private final String internalApiKey = RandomKey.generate();
    private final String databasePassword = RandomKey.generate();
    private final String personalDataKey = PersonalDataKey.of(Optional.empty());
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(3))
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .build();
    private final Map<Component, List<ServiceProcess>> instances = new EnumMap<>(Component.class);
    private final Map<Component, URI> direct = new EnumMap<>(Component.class);
    private final Map<String, FaultProxy> proxies = new HashMap<>();
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile boolean closed;
    private volatile boolean logsKept;

    private ServiceProcesses(
            ServiceProcessesSettings settings,
            FaultInjector faultInjector,
            ProgressTicker progress) {
        this.settings = settings;
        this.faultInjector = faultInjector;
        this.progress = progress;
        this.scratch = ScratchFolder.create();
        try {
            this.directory =
                    Files.createTempDirectory(
                            UserFolder.temporary(),
                            "crash-test-%d-".formatted(ProcessHandle.current().pid()));
        } catch (IOException failure) {
            scratch.close();
            throw new UncheckedIOException("cannot create the folder for the logs", failure);
        }
        this.databases =
                Databases.in(
                        Optional.of(scratch.path().resolve("kept")), scratch, databasePassword);
        running.push(databases);
        this.registration = Shutdown.register(this);
    }

    /// Starts all components and waits until they are ready.
    static ServiceProcesses start(
            ServiceProcessesSettings settings,
            FaultInjector faultInjector,
            ProgressTicker progress) {
        var serviceProcesses = new ServiceProcesses(settings, faultInjector, progress);
        boolean up = false;
        try {
            serviceProcesses.startAll();
            up = true;
            return serviceProcesses;
        } finally {
            if (!up) {
                serviceProcesses.close();
            }
        }
    }

    private void startAll() {
        progress.setActivity(() -> "Postgres, local-cloud and the sandboxes are starting");
        databases.start();
        var gateway = register(SandboxGateway.start(0));
        var carrier = register(SandboxCarrier.start(0));
        var cloud = register(LocalCloud.builder().clockFactor(settings.clockFactor()).start());
        int issuerPort = FreePorts.findOne();
        var issuerUrl = URI.create("http://127.0.0.1:" + issuerPort);
        register(
                DevelopmentIssuer.start(
                        Set.of(DevelopmentIssuer.PROFILE), "127.0.0.1", issuerPort, issuerUrl));
        direct.put(Component.DEVELOPMENT_ISSUER, issuerUrl);
        direct.put(Component.SANDBOX_GATEWAY, gateway.url());
        direct.put(Component.SANDBOX_CARRIER, carrier.url());
        direct.put(Component.LOCAL_CLOUD, cloud.endpoint());
        progress.print("Postgres, local-cloud and the sandboxes are up");
        progress.setActivity(() -> "creating queues, rules and workflow");

        settings.services()
                .forEach(
                        (component, count) -> {
                            var processes = new ArrayList<ServiceProcess>();
                            for (int number = 1; number <= count; number++) {
                                processes.add(instance(component, number));
                            }
                            instances.put(component, List.copyOf(processes));
                        });
        provisioned = provision();
        createAotCache();
        progress.setActivity(this::startStatus);
        all().forEach(ServiceProcess::start);
        for (var process : all()) {
            process.awaitReady();
            progress.print(process.name() + " is up");
        }
    }

    /// Starts and stops one process if there is no AOT cache for the present class path; this takes
    /// less time than starting all processes without it.
    private void createAotCache() {
        if (cache.isEmpty() || cache.get().isCurrent()) {
            return;
        }
        progress.setActivity(() -> "creating the AOT cache");
        cache.get().prepareTraining();
        var process = register(instance(Component.ORDER_SERVICE, "order-service-training", true));
        process.start();
        process.awaitReady();
        process.stop(TRAINING_TIMEOUT);
    }

    /// How many processes are ready, and the names of the others.
    String startStatus() {
        var down =
                all().stream()
                        .filter(process -> !process.isReady())
                        .map(ServiceProcess::name)
                        .toList();
        return "%d of %d processes are up%s"
                .formatted(
                        all().size() - down.size(),
                        all().size(),
                        down.isEmpty() || down.size() > MOST_NAMED
                                ? ""
                                : "; starting: " + String.join(", ", down));
    }

    /// A shutdown does not wait for components that are still starting; these are closed here.
    private <T extends AutoCloseable> T register(T component) {
        synchronized (running) {
            if (!closed) {
                running.push(component);
                return component;
            }
        }
        stop(component);
        throw new IllegalStateException("stopped while starting");
    }

    private static void stop(AutoCloseable component) {
        try {
            component.close();
        } catch (Exception failure) {
            log.warn("a component failed to stop", failure);
        }
    }

    private @Nullable ProvisionedCloud provisioned;

    private ServiceProcess instance(Component component, int number) {
        return instance(component, component.label() + "-" + number, false);
    }

    private ServiceProcess instance(Component component, String name, boolean trains) {
        var ports = ServicePorts.free();
        var self = new ServiceProcess[1];
        self[0] =
                new ServiceProcess(
                        component,
                        name,
                        ports,
                        () -> arguments(component, ports, name, Optional.of(self[0])),
                        directory,
                        http,
                        cache,
                        trains);
        return self[0];
    }

    private List<String> arguments(
            Component component,
            ServicePorts ports,
            String name,
            Optional<ServiceProcess> calling) {
        if (provisioned == null) {
            throw new IllegalStateException("the topology is not yet provisioned");
        }
        var arguments = new ArrayList<String>();
        arguments.addAll(
                ServiceSettings.of(
                        component,
                        ports,
                        databases.url(component),
                        databasePassword,
                        // The issuer claim of a token is the URL of the issuer, so it is called
                        // without a proxy.
                        callee ->
                                callee == Component.DEVELOPMENT_ISSUER
                                        ? directUrl(callee)
                                        : proxyUrl(component.label(), name, calling, callee),
                        internalApiKey,
                        personalDataKey,
                        provisioned));
        arguments.removeIf(argument -> argument.startsWith("--management.cloudwatch"));
        arguments.addAll(SHORTER_INTERVALS);
        return arguments;
    }

    private URI proxyUrl(
            String caller, String name, Optional<ServiceProcess> calling, Component callee) {
        synchronized (proxies) {
            return proxies.computeIfAbsent(
                            name + ">" + callee.label(),
                            _ ->
                                    new FaultProxy(
                                            caller,
                                            calling,
                                            callee.owningService().label(),
                                            () -> target(callee),
                                            faultInjector,
                                            this::mayKill,
                                            http,
                                            0))
                    .url();
        }
    }

    /// The URL at which customers and operators call a service, through a fault proxy.
    URI proxiedUrl(Component component) {
        return proxyUrl(CUSTOMERS, CUSTOMERS, Optional.empty(), component);
    }

    /// The URL that bypasses the fault proxies, for checks.
    URI directUrl(Component component) {
        var known = direct.get(component);
        if (known != null) {
            return known;
        }
        return target(component)
                .map(FaultProxy.ProxyTarget::url)
                .orElseGet(() -> processes(component.owningService()).getFirst().url(component));
    }

    /// The next ready process, round robin; empty when none is ready.
    private Optional<FaultProxy.ProxyTarget> target(Component component) {
        var known = direct.get(component);
        if (known != null) {
            return Optional.of(new FaultProxy.ProxyTarget(known, Optional.empty()));
        }
        var ready =
                processes(component.owningService()).stream()
                        .filter(ServiceProcess::isReady)
                        .toList();
        if (ready.isEmpty()) {
            return Optional.empty();
        }
        var chosen = ready.get(Math.floorMod(turn.getAndIncrement(), ready.size()));
        return Optional.of(new FaultProxy.ProxyTarget(chosen.url(component), Optional.of(chosen)));
    }

    List<ServiceProcess> processes(Component component) {
        return instances.getOrDefault(component, List.of());
    }

    List<ServiceProcess> all() {
        return instances.values().stream().flatMap(List::stream).toList();
    }

    /// Whether another process may be killed: not too many are down, and of two processes one
    /// remains.
    synchronized boolean mayKill(ServiceProcess process) {
        var twins = processes(process.component());
        return process.isReady()
                && (twins.size() == 1 || twins.stream().filter(ServiceProcess::isReady).count() > 1)
                && all().stream().filter(each -> !each.isReady()).count() < settings.maxDown();
    }

    /// Stops routing calls to a process, as a load balancer does before a task is stopped.
    void stopRouting(ServiceProcess process) {
        process.stopRouting();
    }

    /// Kills the database server and starts it again.
    void crashDatabase() {
        databases.crashAndRecover();
        faultInjector.recordDatabaseCrash();
    }

    String internalApiKey() {
        return internalApiKey;
    }

    HttpClient http() {
        return http;
    }

    /// Keeps the logs even if the process is interrupted, since a report names their folder.
    void keepLogs() {
        logsKept = true;
    }

    /// The folder with the logs.
    Path directory() {
        return directory;
    }

    String stateMachineArn() {
        if (provisioned == null) {
            throw new IllegalStateException("not started");
        }
        return provisioned.stateMachineArn();
    }

    private ProvisionedCloud provision() {
        var environment =
                new CloudEnvironment(
                        workflowUrl(Component.INVENTORY_SERVICE),
                        workflowUrl(Component.PAYMENT_SERVICE),
                        directUrl(Component.OPERATIONS_CONSOLE_PAGES),
                        internalApiKey,
                        settings.approvalLimits());
        try (var provisioning =
                new TopologyProvisioning(
                        environment,
                        AwsClientSettings.ofLocalCloud(directUrl(Component.LOCAL_CLOUD)))) {
            return provisioning.provision();
        }
    }

    private URI workflowUrl(Component callee) {
        return proxyUrl(WORKFLOW, WORKFLOW, Optional.empty(), callee);
    }

    /// A client of local-cloud that bypasses the fault proxies.
    <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return LocalCloudClients.build(builder, directUrl(Component.LOCAL_CLOUD));
    }

    /// Kills all processes, then stops the other components. Data are deleted; logs are kept unless
    /// the run was interrupted before [#keepLogs()].
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
        all().forEach(ServiceProcess::close);
        all().forEach(ServiceProcess::awaitEnd);
        synchronized (proxies) {
            proxies.values().forEach(FaultProxy::close);
        }
        components.forEach(ServiceProcesses::stop);
        http.shutdownNow();
        scratch.close();
        if (!logsKept && Shutdown.isInProgress()) {
            UserFolder.delete(directory);
        }
        registration.close();
    }
}
