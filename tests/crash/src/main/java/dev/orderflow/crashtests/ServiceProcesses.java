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
import dev.orderflow.localrun.ServicePorts;
import dev.orderflow.localrun.ServiceSettings;
import dev.orderflow.localrun.Shutdown;
import dev.orderflow.sandboxes.carrier.SandboxCarrier;
import dev.orderflow.sandboxes.gateway.SandboxGateway;
import dev.orderflow.sandboxes.issuer.DevelopmentIssuer;
import dev.orderflow.topology.ApprovalLimits;
import dev.orderflow.topology.CloudEnvironment;
import dev.orderflow.topology.CloudProvisioner;
import dev.orderflow.topology.CloudProvisioner.ProvisionedCloud;
import dev.orderflow.topology.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
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
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The whole system with every service in processes of its own, and wires between all of them.
///
/// It ends with whoever started it: the processes watch their standard input.
final class ServiceProcesses implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ServiceProcesses.class);

    /// Customers and operators.
    static final String CUSTOMERS = "customers";

    static final String WORKFLOW = "workflow";

    /// How many processes a line of progress names.
    private static final int MOST_NAMED = 3;

    /// What the harness makes shorter than production has it, since only the cloud's clock is
    /// hurried: the services wait in real seconds.
    private static final List<String> HURRIED =
            List.of(
                    "--orderflow.payment.lease=20s",
                    "--orderflow.payment.reconciliation.interval=2s",
                    "--orderflow.payment.reconciliation.initial-backoff=2s",
                    "--orderflow.payment.reconciliation.max-backoff=10s",
                    "--orderflow.payment.reconciliation.assume-not-done-after=20s",
                    "--orderflow.shipping.gate.probe-after=3s",
                    "--orderflow.shipping.upkeep.tick=2s",
                    "--orderflow.shipping.upkeep.heartbeat-every=20s",
                    "--orderflow.shipping.upkeep.resume-after=20s",
                    "--orderflow.shipping.upkeep.resume-at-latest=40s",
                    "--orderflow.notification.claim-lifetime=20s",
                    "--orderflow.notification.claim-watch=5s",
                    "--orderflow.notification.come-back.first=20s",
                    "--orderflow.notification.come-back.longest=1m",
                    "--management.cloudwatch.metrics.export.enabled=false",
                    "--spring.datasource.hikari.minimum-idle=2");

    /// @param services which of them run, and in how many processes
    /// @param clockFactor how much faster than the wall clock the cloud's time runs
    /// @param approvalLimits orders above them wait for a person
    /// @param most how many processes may be down at the same time by our doing
    record ServiceProcessesSettings(
            Map<Component, Integer> services,
            double clockFactor,
            ApprovalLimits approvalLimits,
            int most) {}

    private final ServiceProcessesSettings settings;
    private final ProgressTicker progress;
    private final FaultInjector faultInjector;
    private final Path directory;
    private final ScratchFolder scratch;
    private final Databases databases;
    private final Shutdown.ShutdownRegistration registration;
    private final String internalApiKey = randomKey();
    private final String databasePassword = randomKey();
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
    private boolean finished;

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
        } catch (IOException full) {
            scratch.close();
            throw new UncheckedIOException("no room for the logs", full);
        }
        this.databases =
                Databases.in(
                        Optional.of(scratch.path().resolve("kept")), scratch, databasePassword);
        running.push(databases);
        this.registration = Shutdown.register(this);
    }

    /// Starts everything and waits until all of it takes work.
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
        int issuerPort = FreePorts.one();
        var issuerUrl = URI.create("http://127.0.0.1:" + issuerPort);
        register(
                DevelopmentIssuer.start(
                        Set.of(DevelopmentIssuer.PROFILE), "127.0.0.1", issuerPort, issuerUrl));
        direct.put(Component.DEVELOPMENT_ISSUER, issuerUrl);
        direct.put(Component.SANDBOX_GATEWAY, gateway.url());
        direct.put(Component.SANDBOX_CARRIER, carrier.url());
        direct.put(Component.LOCAL_CLOUD, cloud.endpoint());
        progress.print("Postgres, local-cloud and the sandboxes are up");
        progress.setActivity(() -> "queues, rules and the workflow are being put in place");

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
        progress.setActivity(this::startStatus);
        all().forEach(ServiceProcess::start);
        for (var process : all()) {
            process.awaitReady();
            progress.print(process.name() + " is up");
        }
    }

    /// How many processes are up, and which are not.
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

    /// Whoever is told to stop while this starts does not wait for it.
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
        } catch (Exception stubborn) {
            log.warn("a part did not stop cleanly", stubborn);
        }
    }

    private @Nullable ProvisionedCloud provisioned;

    private ServiceProcess instance(Component component, int number) {
        var name = component.label() + "-" + number;
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
                        component == Component.ORDER_SERVICE && number == 1);
        return self[0];
    }

    private List<String> arguments(
            Component component,
            ServicePorts ports,
            String name,
            Optional<ServiceProcess> calling) {
        if (provisioned == null) {
            throw new IllegalStateException("nothing to run on yet");
        }
        var arguments = new ArrayList<String>();
        arguments.addAll(
                ServiceSettings.of(
                        component,
                        ports,
                        databases.url(component),
                        databasePassword,
                        // A token names its issuer by where it is, so no wire lies between.
                        callee ->
                                callee == Component.DEVELOPMENT_ISSUER
                                        ? directUrl(callee)
                                        : proxyUrl(component.label(), name, calling, callee),
                        internalApiKey,
                        personalDataKey,
                        provisioned));
        arguments.removeIf(argument -> argument.startsWith("--management.cloudwatch"));
        arguments.addAll(HURRIED);
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

    /// Where customers and operators reach a service: over a wire, as everybody.
    URI proxiedUrl(Component component) {
        return proxyUrl(CUSTOMERS, CUSTOMERS, Optional.empty(), component);
    }

    /// Where nothing goes wrong, for the looks at the end.
    URI directUrl(Component component) {
        var known = direct.get(component);
        if (known != null) {
            return known;
        }
        return target(component)
                .map(FaultProxy.ProxyTarget::url)
                .orElseGet(() -> processes(component.owningService()).getFirst().url(component));
    }

    /// A process that takes work, in turn; none when all of them are down.
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

    boolean isRunning(Component component) {
        return !processes(component).isEmpty();
    }

    /// Whether so few are down that one more may be; of twins one stays.
    synchronized boolean mayKill(ServiceProcess process) {
        var twins = processes(process.component());
        return process.isReady()
                && (twins.size() == 1 || twins.stream().filter(ServiceProcess::isReady).count() > 1)
                && all().stream().filter(each -> !each.isReady()).count() < settings.most();
    }

    /// Gives a process no more calls, as a load balancer does before a task is stopped.
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

    /// Where the logs are.
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
        try (var sqs = client(SqsClient.builder());
                var sns = client(SnsClient.builder());
                var events = client(EventBridgeClient.builder());
                var states = client(SfnClient.builder());
                var cloudWatch = client(CloudWatchClient.builder());
                var s3 = client(S3Client.builder().forcePathStyle(true))) {
            var site =
                    new CloudEnvironment(
                            proxyUrl(
                                    WORKFLOW,
                                    WORKFLOW,
                                    Optional.empty(),
                                    Component.INVENTORY_SERVICE),
                            proxyUrl(
                                    WORKFLOW,
                                    WORKFLOW,
                                    Optional.empty(),
                                    Component.PAYMENT_SERVICE),
                            internalApiKey,
                            settings.approvalLimits());
            return new CloudProvisioner(sqs, sns, events, states, cloudWatch, s3)
                    .provision(Topology.load(), site);
        }
    }

    /// A client of the cloud, not over a wire.
    <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return LocalCloudClients.build(builder, directUrl(Component.LOCAL_CLOUD));
    }

    private static String randomKey() {
        var bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// Ends well: as [#close()], but who keeps the class-data archive may finish it.
    void closeAfterSuccess() {
        finished = true;
        processes(Component.ORDER_SERVICE).getFirst().stop(Duration.ofSeconds(60));
        close();
    }

    /// Ends every process at once, then the rest. The data go; the logs stay when it has ended
    /// well.
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
        if (!finished && Shutdown.isInProgress()) {
            UserFolder.delete(directory);
        }
        registration.close();
    }
}
