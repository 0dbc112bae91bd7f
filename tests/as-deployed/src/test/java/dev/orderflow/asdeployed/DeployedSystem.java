package dev.orderflow.asdeployed;

import dev.orderflow.analytics.AnalyticsServiceApplication;
import dev.orderflow.inventory.InventoryServiceApplication;
import dev.orderflow.localcloud.LocalCloud;
import dev.orderflow.localcloud.iam.AccessControl;
import dev.orderflow.localcloud.ports.Authorizer.Principal;
import dev.orderflow.localmachine.FreePorts;
import dev.orderflow.localpostgres.ScratchFolder;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.Databases;
import dev.orderflow.notification.NotificationServiceApplication;
import dev.orderflow.operations.OperationsConsoleApplication;
import dev.orderflow.order.OrderServiceApplication;
import dev.orderflow.payment.PaymentServiceApplication;
import dev.orderflow.sandboxes.carrier.SandboxCarrier;
import dev.orderflow.sandboxes.gateway.SandboxGateway;
import dev.orderflow.shipping.ShippingServiceApplication;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/// The stacks in local-cloud, and the services as their task definitions start them.
///
/// A service has the environment of its task definition and nothing else of its surroundings. What
/// cannot be the same is given as arguments, which win: the addresses, the database with its
/// password, and the profile `local`, since nothing is encrypted on loopback.
final class DeployedSystem implements AutoCloseable {

    static final String ACCOUNT = "000000000000";

    private static final int PUBLIC_PORT = 8080;
    private static final int INTERNAL_PORT = 8180;
    private static final String PASSWORD = "local-only";
    private static final String CARRIER = "https://carrier.example.net";
    private static final String SERVICES_OF_ECS = "ecs-tasks.amazonaws.com";

    private static final Map<String, Supplier<SpringApplicationBuilder>> APPLICATIONS =
            Map.of(
                    "order-service", OrderServiceApplication::application,
                    "inventory-service", InventoryServiceApplication::application,
                    "payment-service", PaymentServiceApplication::application,
                    "shipping-service", ShippingServiceApplication::application,
                    "notification-service", NotificationServiceApplication::application,
                    "analytics-service", AnalyticsServiceApplication::application,
                    "operations-console", OperationsConsoleApplication::application);

    private final LoadBalancer loadBalancer = new LoadBalancer();
    private final Map<LoadBalancer.Target, ServicePort> ports = new ConcurrentHashMap<>();
    private final Map<String, TaskDefinition> tasks = new TreeMap<>();
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Map<String, ConfigurableApplicationContext> services = new ConcurrentHashMap<>();
    private final LocalCloud cloud;
    private final LocalCloudFactory factory;
    private final TokenIssuer tokens = new TokenIssuer();
    private final int gatewayPort = FreePorts.findOne();
    private final int carrierPort = FreePorts.findOne();
    private final Databases databases;

    private DeployedSystem() {
        cloud = opened(LocalCloud.builder().names(this::resolve).start());
        factory = opened(new LocalCloudFactory(cloud, ACCOUNT, loadBalancer));
        new Deployment(Templates.ofExampleStage(ACCOUNT), ACCOUNT, factory).deployAll();
        factory.tasks().forEach(task -> tasks.put(task.name(), task));
        databases =
                opened(Databases.in(Optional.empty(), opened(ScratchFolder.create()), PASSWORD))
                        .start();
        opened(SandboxGateway.start(gatewayPort));
        opened(SandboxCarrier.start(carrierPort));
        opened(tokens);
    }

    /// Deploys the templates and starts every service.
    static DeployedSystem start() {
        var system = new DeployedSystem();
        try {
            system.startServices(APPLICATIONS.keySet());
            return system;
        } catch (RuntimeException failed) {
            system.close();
            throw failed;
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        running.push(part);
        return part;
    }

    private void startServices(Collection<String> names) {
        inParallel(names, this::startService);
    }

    /// As many at a time as there are processors.
    private static void inParallel(Collection<String> names, Consumer<String> action) {
        try (var threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            var all = new ArrayList<Future<?>>();
            names.forEach(name -> all.add(threads.submit(() -> action.accept(name))));
            for (var one : all) {
                one.get();
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private void startService(String name) {
        var task = task(name);
        var environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                environmentOf(task)));
        var application =
                Optional.ofNullable(APPLICATIONS.get(name))
                        .orElseThrow(() -> new DeploymentException("no service is called " + name));
        var listening = new TreeMap<Integer, Integer>();
        containerPorts(name).forEach(port -> listening.put(port, FreePorts.findOne()));
        services.put(
                name,
                application
                        .get()
                        .bannerMode(Banner.Mode.OFF)
                        .registerShutdownHook(false)
                        .environment(environment)
                        .run(arguments(task, listening)));
        listening.forEach((port, actual) -> port(name, port).setTask(actual));
    }

    /// Replaces tasks as `aws ecs update-service --force-new-deployment` and `aws ecs wait
    /// services-stable` do: a service's new task reads its secrets again and is ready before the
    /// old task stops, and all services are replaced at the same time.
    ///
    /// @param whileBothRun runs for each service before its old task stops
    void replaceTasks(Collection<String> names, Runnable whileBothRun) {
        try (var stops = Executors.newVirtualThreadPerTaskExecutor()) {
            inParallel(
                    names,
                    name -> {
                        var old = Objects.requireNonNull(services.get(name), name);
                        startService(name);
                        whileBothRun.run();
                        stops.execute(old::close);
                    });
        }
    }

    /// The value of a secret by the variable that gives it to every service.
    String secret(String variable) {
        return factory.secret(secretArn(variable));
    }

    /// Gives a secret another value; a running task does not notice.
    void putSecret(String variable, String value) {
        factory.putSecret(secretArn(variable), value);
    }

    private String secretArn(String variable) {
        return Objects.requireNonNull(task("order-service").secrets().get(variable), variable);
    }

    /// What ECS does before it starts a container: it takes both roles, pulls the image, fetches
    /// the secrets and opens the log, each as far as the execution role may.
    private Map<String, Object> environmentOf(TaskDefinition task) {
        var environment = new HashMap<String, Object>(task.environment());
        var ecs =
                new Principal.ServicePrincipal(SERVICES_OF_ECS, arn("ecs", "task/" + task.name()));
        accessControl().assumeRole(task.executionRole(), ecs);
        var starter = new Principal.RolePrincipal(task.executionRole());
        accessControl().require(starter, "ecr:GetAuthorizationToken", "*");
        for (var action :
                List.of(
                        "ecr:BatchCheckLayerAvailability",
                        "ecr:BatchGetImage",
                        "ecr:GetDownloadUrlForLayer")) {
            accessControl().require(starter, action, arn("ecr", "repository/" + task.repository()));
        }
        for (var action : List.of("logs:CreateLogStream", "logs:PutLogEvents")) {
            accessControl()
                    .require(starter, action, arn("logs", "log-group:" + task.logGroup() + ":*"));
        }
        task.secrets()
                .forEach(
                        (name, secret) -> {
                            accessControl()
                                    .require(starter, "secretsmanager:GetSecretValue", secret);
                            environment.put(name, factory.secret(secret));
                        });
        return environment;
    }

    private String[] arguments(TaskDefinition task, Map<Integer, Integer> listening) {
        var accessKey =
                accessControl()
                        .assumeRole(
                                task.taskRole(),
                                new Principal.ServicePrincipal(
                                        SERVICES_OF_ECS, arn("ecs", "task/" + task.name())));
        var part = part(task.name());
        var arguments = new ArrayList<String>();
        arguments.add("--spring.profiles.active=container,local");
        arguments.add("--logging.structured.format.console=");
        arguments.add("--server.address=127.0.0.1");
        arguments.add("--management.server.address=127.0.0.1");
        arguments.add("--spring.jmx.enabled=false");
        arguments.addAll(portsOf(task.name(), listening));
        arguments.add("--spring.cloud.aws.endpoint=" + cloud.endpoint());
        arguments.add("--spring.cloud.aws.credentials.access-key=" + accessKey);
        arguments.add("--spring.cloud.aws.credentials.secret-key=local");
        arguments.add("--spring.cloud.aws.region.static=" + region(task));
        arguments.add("--orderflow.claim-checks.path-style=true");
        // What S3 refuses is asked for again at once.
        arguments.add("--orderflow.claim-checks.initial-retry-delay=1s");
        arguments.addAll(databaseOf(task, part));
        task.environment().forEach((name, value) -> arguments.addAll(addressIn(name, value)));
        switch (part) {
            case ORDER_SERVICE -> {
                arguments.add("--orderflow.order.tokens.jwk-set-uri=" + tokens.keys());
                // So that an order of 25 lines is too large for the bus.
                arguments.add("--outbox.targets.events.max-payload-size=1KB");
            }
            case PAYMENT_SERVICE -> {
                arguments.add("--orderflow.payment.gateway.url=http://127.0.0.1:" + gatewayPort);
                // The generated secret is to be replaced by the gateway's own key.
                arguments.add("--orderflow.payment.gateway.api-key=sk_test_sandbox");
            }
            // Not every three minutes, so that a test sees one; and after an outage of the carrier
            // as soon as it may be.
            case SHIPPING_SERVICE -> {
                arguments.add("--orderflow.shipping.scheduler.heartbeat-interval=1s");
                arguments.add("--orderflow.shipping.circuit-breaker.open-duration=1s");
            }
            default -> {}
        }
        return arguments.toArray(String[]::new);
    }

    /// The SDK takes its region from the container's environment, and finds none elsewhere on ECS.
    private static String region(TaskDefinition task) {
        return Optional.ofNullable(task.environment().get("AWS_REGION"))
                .orElseThrow(
                        () ->
                                new DeploymentException(
                                        "the task %s has no AWS_REGION, so the AWS SDK finds no region"
                                                .formatted(task.name())));
    }

    /// Instead of a token of IAM a password, after the question whether there would have been one.
    private List<String> databaseOf(TaskDefinition task, Component part) {
        var user = task.environment().get("SPRING_DATASOURCE_USERNAME");
        accessControl()
                .require(
                        new Principal.RolePrincipal(task.taskRole()),
                        "rds-db:connect",
                        arn("rds-db", "dbuser:database.DbiResourceId/" + user));
        return List.of(
                "--orderflow.database.iam=false",
                "--spring.datasource.url=" + databases.url(part),
                "--spring.datasource.password=" + PASSWORD);
    }

    /// A URL of another service, or of the carrier, leads to where it is here.
    private List<String> addressIn(String name, String value) {
        if (!value.startsWith("https://")) {
            return List.of();
        }
        var url = URI.create(value);
        if (value.equals(CARRIER)) {
            return List.of("--" + propertyOf(name) + "=http://127.0.0.1:" + carrierPort);
        }
        return loadBalancer.knows(url.getHost())
                ? List.of("--" + propertyOf(name) + "=" + resolve(url))
                : List.of();
    }

    /// As Spring Boot binds a variable: `A_B_CDEFG` is `a.b.cdefg`, which is `a.b.cd-efg` too.
    private static String propertyOf(String variable) {
        return variable.toLowerCase(java.util.Locale.ROOT).replace('_', '.');
    }

    /// Those that a container listens on, beside that of its management.
    private static List<Integer> containerPorts(String service) {
        return service.equals("order-service")
                ? List.of(PUBLIC_PORT, INTERNAL_PORT)
                : List.of(part(service).standardPort());
    }

    private static List<String> portsOf(String service, Map<Integer, Integer> listening) {
        var arguments = new ArrayList<String>();
        arguments.add("--management.server.port=" + FreePorts.findOne());
        listening.forEach(
                (port, actual) ->
                        arguments.add(
                                service.equals("order-service") && port == INTERNAL_PORT
                                        ? "--orderflow.ports.internal-port=" + actual
                                        : "--server.port=" + actual));
        return arguments;
    }

    private ServicePort port(String service, int containerPort) {
        return ports.computeIfAbsent(
                new LoadBalancer.Target(service, containerPort), _ -> new ServicePort());
    }

    private static Component part(String service) {
        return Component.services().stream()
                .filter(part -> part.label().equals(service))
                .findFirst()
                .orElseThrow();
    }

    /// Where a URL leads through the load balancers' rules; others stay as they are.
    private URI resolve(URI url) {
        if (!loadBalancer.knows(url.getHost())) {
            return url;
        }
        var target =
                loadBalancer
                        .route(url)
                        .orElseThrow(
                                () ->
                                        new DeploymentException(
                                                "no rule of a load balancer lets %s through"
                                                        .formatted(url)));
        return URI.create(
                "http://127.0.0.1:"
                        + port(target.service(), target.port()).number()
                        + url.getRawPath()
                        + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery()));
    }

    /// Where a service has its internal API.
    URI internal(String service) {
        return URI.create(
                "http://127.0.0.1:" + port(service, containerPorts(service).getLast()).number());
    }

    /// Where the public API is.
    URI orders() {
        return URI.create("http://127.0.0.1:" + port("order-service", PUBLIC_PORT).number());
    }

    /// Where a service has its database, with the password [#PASSWORD].
    Connection database(String service) throws SQLException {
        return DriverManager.getConnection(
                databases.url(part(service)),
                Objects.requireNonNull(
                        task(service).environment().get("SPRING_DATASOURCE_USERNAME")),
                PASSWORD);
    }

    /// The access key of a person who takes a role of the account.
    String assumeRole(String name) {
        return accessControl()
                .assumeRole(
                        "arn:aws:iam::%s:role/%s".formatted(ACCOUNT, name),
                        new Principal.RolePrincipal("arn:aws:iam::%s:root".formatted(ACCOUNT)));
    }

    /// Gives a key, beside what roles may, a policy that lets a service's role do something.
    void allow(String keyArn, String service, String action) {
        factory.allow(keyArn, task(service).taskRole(), action);
    }

    /// Denies reading one object of a bucket to everybody, on top of what its policy says.
    void deny(String bucket, String key) {
        factory.deny("arn:aws:s3:::" + bucket, "s3:GetObject", "/" + key);
    }

    /// Puts a bucket's policy back to what the template says.
    void denyNoMore(String bucket) {
        factory.restorePolicy("arn:aws:s3:::" + bucket);
    }

    URI carrier() {
        return URI.create("http://127.0.0.1:" + carrierPort);
    }

    URI gateway() {
        return URI.create("http://127.0.0.1:" + gatewayPort);
    }

    LocalCloud cloud() {
        return cloud;
    }

    AccessControl accessControl() {
        return cloud.accessControl();
    }

    TaskDefinition task(String service) {
        return Optional.ofNullable(tasks.get(service))
                .orElseThrow(() -> new DeploymentException("no task is called " + service));
    }

    /// What opens the internal API.
    String internalApiKey() {
        return secret("ORDERFLOW_INTERNALAPI_KEYS_0");
    }

    /// As somebody fetches it who takes a role of the account.
    String internalApiKeyFor(String role) {
        var secret = secretArn("ORDERFLOW_INTERNALAPI_KEYS_0");
        accessControl()
                .require(
                        new Principal.RolePrincipal(
                                "arn:aws:iam::%s:role/%s".formatted(ACCOUNT, role)),
                        "secretsmanager:GetSecretValue",
                        secret);
        return factory.secret(secret);
    }

    String token(String subject, String... scopes) {
        return tokens.token(task("order-service").environment(), subject, scopes);
    }

    private static String arn(String service, String resource) {
        return "arn:aws:%s:us-east-1:%s:%s".formatted(service, ACCOUNT, resource);
    }

    @Override
    public void close() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            services.values().forEach(service -> threads.execute(service::close));
        }
        ports.values().forEach(this::opened);
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception stubborn) {
                throw new IllegalStateException(stubborn);
            }
        }
    }
}
