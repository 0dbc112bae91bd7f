package dev.orderflow.crashtests;

import dev.orderflow.localcloud.LocalCloud;
import dev.orderflow.localmachine.FreePorts;
import dev.orderflow.localmachine.UserFolder;
import dev.orderflow.localpostgres.ScratchFolder;
import dev.orderflow.localrun.Databases;
import dev.orderflow.localrun.Doors;
import dev.orderflow.localrun.LocalCloudClients;
import dev.orderflow.localrun.Part;
import dev.orderflow.localrun.PersonalDataKey;
import dev.orderflow.localrun.ProgressTicker;
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
final class Fleet implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Fleet.class);

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
    record Settings(
            Map<Part, Integer> services,
            double clockFactor,
            ApprovalLimits approvalLimits,
            int most) {}

    private final Settings settings;
    private final ProgressTicker progress;
    private final Chaos chaos;
    private final Path directory;
    private final ScratchFolder scratch;
    private final Databases databases;
    private final Shutdown.Registration registration;
    private final String internalApiKey = randomKey();
    private final String databasePassword = randomKey();
    private final String personalDataKey = PersonalDataKey.of(Optional.empty());
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(3))
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .build();
    private final Map<Part, List<Instance>> instances = new EnumMap<>(Part.class);
    private final Map<Part, URI> direct = new EnumMap<>(Part.class);
    private final Map<String, Wire> wires = new HashMap<>();
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile boolean closed;
    private boolean finished;

    private Fleet(Settings settings, Chaos chaos, ProgressTicker progress) {
        this.settings = settings;
        this.chaos = chaos;
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
    static Fleet start(Settings settings, Chaos chaos, ProgressTicker progress) {
        var fleet = new Fleet(settings, chaos, progress);
        boolean up = false;
        try {
            fleet.startAll();
            up = true;
            return fleet;
        } finally {
            if (!up) {
                fleet.close();
            }
        }
    }

    private void startAll() {
        progress.during(() -> "Postgres, local-cloud and the sandboxes are starting");
        databases.start();
        var gateway = keep(SandboxGateway.start(0));
        var carrier = keep(SandboxCarrier.start(0));
        var cloud = keep(LocalCloud.builder().clockFactor(settings.clockFactor()).start());
        int issuerPort = FreePorts.one();
        var issuerUrl = URI.create("http://127.0.0.1:" + issuerPort);
        keep(
                DevelopmentIssuer.start(
                        Set.of(DevelopmentIssuer.PROFILE), "127.0.0.1", issuerPort, issuerUrl));
        direct.put(Part.DEVELOPMENT_ISSUER, issuerUrl);
        direct.put(Part.SANDBOX_GATEWAY, gateway.url());
        direct.put(Part.SANDBOX_CARRIER, carrier.url());
        direct.put(Part.LOCAL_CLOUD, cloud.endpoint());
        progress.say("Postgres, local-cloud and the sandboxes are up");
        progress.during(() -> "queues, rules and the workflow are being put in place");

        settings.services()
                .forEach(
                        (part, count) -> {
                            var processes = new ArrayList<Instance>();
                            for (int number = 1; number <= count; number++) {
                                processes.add(instance(part, number));
                            }
                            instances.put(part, List.copyOf(processes));
                        });
        provisioned = provision();
        progress.during(this::whatStarts);
        all().forEach(Instance::start);
        for (var process : all()) {
            process.awaitReady();
            progress.say(process.name() + " is up");
        }
    }

    /// How many processes are up, and which are not.
    String whatStarts() {
        var down = all().stream().filter(process -> !process.ready()).map(Instance::name).toList();
        return "%d of %d processes are up%s"
                .formatted(
                        all().size() - down.size(),
                        all().size(),
                        down.isEmpty() || down.size() > MOST_NAMED
                                ? ""
                                : "; starting: " + String.join(", ", down));
    }

    /// Whoever is told to stop while this starts does not wait for it.
    private <T extends AutoCloseable> T keep(T part) {
        synchronized (running) {
            if (!closed) {
                running.push(part);
                return part;
            }
        }
        stop(part);
        throw new IllegalStateException("stopped while starting");
    }

    private static void stop(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception stubborn) {
            log.warn("a part did not stop cleanly", stubborn);
        }
    }

    private @Nullable ProvisionedCloud provisioned;

    private Instance instance(Part part, int number) {
        var name = part.label() + "-" + number;
        var doors = Doors.free();
        var self = new Instance[1];
        self[0] =
                new Instance(
                        part,
                        name,
                        doors,
                        () -> arguments(part, doors, name, Optional.of(self[0])),
                        directory,
                        http,
                        part == Part.ORDER_SERVICE && number == 1);
        return self[0];
    }

    private List<String> arguments(
            Part part, Doors doors, String name, Optional<Instance> calling) {
        if (provisioned == null) {
            throw new IllegalStateException("nothing to run on yet");
        }
        var arguments = new ArrayList<String>();
        arguments.addAll(
                ServiceSettings.of(
                        part,
                        doors,
                        databases.url(part),
                        databasePassword,
                        // A token names its issuer by where it is, so no wire lies between.
                        callee ->
                                callee == Part.DEVELOPMENT_ISSUER
                                        ? direct(callee)
                                        : wire(part.label(), name, calling, callee),
                        internalApiKey,
                        personalDataKey,
                        provisioned));
        arguments.removeIf(argument -> argument.startsWith("--management.cloudwatch"));
        arguments.addAll(HURRIED);
        return arguments;
    }

    private URI wire(String caller, String name, Optional<Instance> calling, Part callee) {
        synchronized (wires) {
            return wires.computeIfAbsent(
                            name + ">" + callee.label(),
                            _ ->
                                    new Wire(
                                            caller,
                                            calling,
                                            callee.host().label(),
                                            () -> target(callee),
                                            chaos,
                                            this::mayKill,
                                            http,
                                            0))
                    .url();
        }
    }

    /// Where customers and operators reach a service: over a wire, as everybody.
    URI overWire(Part part) {
        return wire(CUSTOMERS, CUSTOMERS, Optional.empty(), part);
    }

    /// Where nothing goes wrong, for the looks at the end.
    URI direct(Part part) {
        var known = direct.get(part);
        if (known != null) {
            return known;
        }
        return target(part)
                .map(Wire.Target::url)
                .orElseGet(() -> processes(part.host()).getFirst().url(part));
    }

    /// A process that takes work, in turn; none when all of them are down.
    private Optional<Wire.Target> target(Part part) {
        var known = direct.get(part);
        if (known != null) {
            return Optional.of(new Wire.Target(known, Optional.empty()));
        }
        var ready = processes(part.host()).stream().filter(Instance::ready).toList();
        if (ready.isEmpty()) {
            return Optional.empty();
        }
        var chosen = ready.get(Math.floorMod(turn.getAndIncrement(), ready.size()));
        return Optional.of(new Wire.Target(chosen.url(part), Optional.of(chosen)));
    }

    List<Instance> processes(Part part) {
        return instances.getOrDefault(part, List.of());
    }

    List<Instance> all() {
        return instances.values().stream().flatMap(List::stream).toList();
    }

    boolean runs(Part part) {
        return !processes(part).isEmpty();
    }

    /// Whether so few are down that one more may be; of twins one stays.
    synchronized boolean mayKill(Instance process) {
        var twins = processes(process.part());
        return process.ready()
                && (twins.size() == 1 || twins.stream().filter(Instance::ready).count() > 1)
                && all().stream().filter(each -> !each.ready()).count() < settings.most();
    }

    /// Gives a process no more calls, as a load balancer does before a task is stopped.
    void takeOut(Instance process) {
        process.takeOut();
    }

    /// Kills the database server and starts it again.
    void crashDatabase() {
        databases.crashAndRecover();
        chaos.databaseCrashed();
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
                            wire(WORKFLOW, WORKFLOW, Optional.empty(), Part.INVENTORY_SERVICE),
                            wire(WORKFLOW, WORKFLOW, Optional.empty(), Part.PAYMENT_SERVICE),
                            internalApiKey,
                            settings.approvalLimits());
            return new CloudProvisioner(sqs, sns, events, states, cloudWatch, s3)
                    .provision(Topology.load(), site);
        }
    }

    /// A client of the cloud, not over a wire.
    <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return LocalCloudClients.build(builder, direct(Part.LOCAL_CLOUD));
    }

    private static String randomKey() {
        var bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// Ends well: as [#close()], but who keeps the class-data archive may finish it.
    void retire() {
        finished = true;
        processes(Part.ORDER_SERVICE).getFirst().stop(Duration.ofSeconds(60));
        close();
    }

    /// Ends every process at once, then the rest. The data go; the logs stay when it has ended
    /// well.
    @Override
    public void close() {
        List<AutoCloseable> parts;
        synchronized (running) {
            if (closed) {
                return;
            }
            closed = true;
            parts = List.copyOf(running);
        }
        all().forEach(Instance::close);
        all().forEach(Instance::awaitEnd);
        synchronized (wires) {
            wires.values().forEach(Wire::close);
        }
        parts.forEach(Fleet::stop);
        http.shutdownNow();
        scratch.close();
        if (!finished && Shutdown.isUnderWay()) {
            UserFolder.delete(directory);
        }
        registration.close();
    }
}
