package dev.orderflow.asdeployed;

import dev.orderflow.localcloud.LocalCloud;
import dev.orderflow.localcloud.iam.AccessControl;
import dev.orderflow.localcloud.ports.Authorizer.Principal;
import dev.orderflow.localmachine.FreePorts;
import dev.orderflow.localpostgres.ScratchFolder;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.Databases;
import dev.orderflow.localrun.SharedLog;
import dev.orderflow.sandboxes.carrier.SandboxCarrier;
import dev.orderflow.sandboxes.gateway.SandboxGateway;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.boot.Banner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/// The stacks, deployed into local-cloud, and the services, started by their task definitions.
///
/// A service has the environment of its task definition and no other environment variables.
/// Settings that must differ are command-line arguments, which take precedence: addresses, the
/// database with its password, and the profile `local`, because connections over loopback are not
/// encrypted.
final class DeployedSystem implements AutoCloseable {

    static final String ACCOUNT = "000000000000";

    private static final int PUBLIC_PORT = 8080;
    private static final int INTERNAL_PORT = 8180;
    private static final int PAGES_PORT = Component.OPERATIONS_CONSOLE_PAGES.standardPort();
    private static final String PASSWORD = "local-only";
    private static final String CARRIER = "https://carrier.example.net";
    private static final String SERVICES_OF_ECS = "ecs-tasks.amazonaws.com";

    private static final Map<String, Component> SERVICES =
            Component.services().stream()
                    .collect(Collectors.toMap(Component::label, Function.identity()));

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
        cloud = closeLater(LocalCloud.builder().names(this::resolve).start());
        factory = closeLater(new LocalCloudFactory(cloud, ACCOUNT, loadBalancer));
        new Deployment(Templates.ofExampleStage(ACCOUNT), ACCOUNT, factory).deployAll();
        factory.services().tasks().forEach(task -> tasks.put(task.name(), task));
        databases =
                closeLater(
                                Databases.in(
                                        Optional.empty(),
                                        closeLater(ScratchFolder.create()),
                                        PASSWORD))
                        .start();
        closeLater(SandboxGateway.start(gatewayPort));
        closeLater(SandboxCarrier.start(carrierPort));
        closeLater(tokens);
    }

    /// Deploys the templates and starts every service.
    static DeployedSystem start() {
        SharedLog.keep();
        var system = new DeployedSystem();
        try {
            system.startServices(SERVICES.keySet());
            return system;
        } catch (RuntimeException failed) {
            system.close();
            throw failed;
        }
    }

    private <T extends AutoCloseable> T closeLater(T part) {
        running.push(part);
        return part;
    }

    private void startServices(Collection<String> names) {
        inParallel(names, this::startService);
    }

    /// Runs as many actions at a time as there are processors.
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
        var service =
                Optional.ofNullable(SERVICES.get(name))
                        .orElseThrow(() -> new DeploymentException("no service is called " + name));
        var listening = new TreeMap<Integer, Integer>();
        containerPorts(name).forEach(port -> listening.put(port, FreePorts.findOne()));
        services.put(
                name,
                service.application()
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

    /// The value of a secret, by the environment variable that passes it to every service.
    String secret(String variable) {
        return factory.data().secret(secretArn(variable));
    }

    /// Changes the value of a secret; running tasks keep the previous one.
    void putSecret(String variable, String value) {
        factory.data().putSecret(secretArn(variable), value);
    }

    private String secretArn(String variable) {
        return Objects.requireNonNull(task("order-service").secrets().get(variable), variable);
    }

    /// The steps of ECS before it starts a container: it assumes both roles, pulls the image, reads
    /// the secrets and creates the log stream, each with the permissions of the execution role.
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
                            environment.put(name, factory.data().secret(secret));
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
        // A read that S3 denied is repeated after a short delay.
        arguments.add("--orderflow.claim-checks.initial-retry-delay=1s");
        arguments.addAll(databaseOf(task, part));
        task.environment().forEach((name, value) -> arguments.addAll(addressIn(name, value)));
        // The keys are those of this issuer, also for services that fetch them from order-service.
        arguments.removeIf(
                argument -> argument.startsWith("--orderflow.operators.tokens.jwkseturi="));
        arguments.add("--orderflow.operators.tokens.jwk-set-uri=" + tokens.keys());
        arguments.add("--orderflow.operators.tokens.internal-jwk-set=false");
        switch (part) {
            case ORDER_SERVICE -> {
                arguments.add("--orderflow.order.tokens.jwk-set-uri=" + tokens.keys());
                // An event of an order with 25 lines exceeds this limit.
                arguments.add("--outbox.targets.events.max-payload-size=1KB");
            }
            case PAYMENT_SERVICE -> {
                arguments.add("--orderflow.payment.gateway.url=http://127.0.0.1:" + gatewayPort);
                // The key of the sandbox replaces the generated secret.
                arguments.add("--orderflow.payment.gateway.api-key=sk_test_sandbox");
            }
            // A short interval, so that a test observes a heartbeat, and a short delay after the
            // carrier was unavailable.
            case SHIPPING_SERVICE -> {
                arguments.add("--orderflow.shipping.scheduler.heartbeat-interval=1s");
                arguments.add("--orderflow.shipping.circuit-breaker.open-duration=1s");
            }
            case OPERATIONS_CONSOLE -> {
                arguments.add("--orderflow.operations.sign-in.token-uri=" + tokens.tokenEndpoint());
                arguments.add("--orderflow.operations.sign-in.jwk-set-uri=" + tokens.keys());
            }
            default -> {}
        }
        return arguments.toArray(String[]::new);
    }

    /// On ECS, the SDK finds its region only in the environment of the container.
    private static String region(TaskDefinition task) {
        return Optional.ofNullable(task.environment().get("AWS_REGION"))
                .orElseThrow(
                        () ->
                                new DeploymentException(
                                        "the task %s has no AWS_REGION, so the AWS SDK finds no region"
                                                .formatted(task.name())));
    }

    /// A password replaces the IAM token, for which the role's permission is required first.
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

    /// Replaces URLs of other services and of the carrier by their local addresses.
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

    /// The property that Spring Boot binds a variable to: `A_B_CDEFG` is `a.b.cdefg`, which equals
    /// `a.b.cd-efg`.
    private static String propertyOf(String variable) {
        return variable.toLowerCase(java.util.Locale.ROOT).replace('_', '.');
    }

    /// The ports of a container, without its management port.
    private static List<Integer> containerPorts(String service) {
        return switch (service) {
            case "order-service" -> List.of(PUBLIC_PORT, INTERNAL_PORT);
            case "operations-console" -> List.of(PAGES_PORT, part(service).standardPort());
            default -> List.of(part(service).standardPort());
        };
    }

    private static List<String> portsOf(String service, Map<Integer, Integer> listening) {
        var arguments = new ArrayList<String>();
        arguments.add("--management.server.port=" + FreePorts.findOne());
        listening.forEach(
                (port, actual) ->
                        arguments.add(
                                (port == INTERNAL_PORT
                                                ? "--orderflow.order.ports.internal-port="
                                                : port == PAGES_PORT
                                                        ? "--orderflow.operations.pages.port="
                                                        : "--server.port=")
                                        + actual));
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

    /// The local address of a URL by the load balancers' rules; other URLs are returned unchanged.
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

    /// The address of a service's internal API.
    URI internal(String service) {
        return URI.create(
                "http://127.0.0.1:" + port(service, containerPorts(service).getLast()).number());
    }

    /// The address of the public API.
    URI orders() {
        return URI.create("http://127.0.0.1:" + port("order-service", PUBLIC_PORT).number());
    }

    /// The address of the pages of operations-console.
    URI pages() {
        return URI.create("http://127.0.0.1:" + port("operations-console", PAGES_PORT).number());
    }

    /// A connection to a service's database, with the password [#PASSWORD].
    Connection database(String service) throws SQLException {
        return DriverManager.getConnection(
                databases.url(part(service)),
                Objects.requireNonNull(
                        task(service).environment().get("SPRING_DATASOURCE_USERNAME")),
                PASSWORD);
    }

    /// The access key of a person who assumes a role of the account.
    String assumeRole(String name) {
        return accessControl()
                .assumeRole(
                        "arn:aws:iam::%s:role/%s".formatted(ACCOUNT, name),
                        new Principal.RolePrincipal("arn:aws:iam::%s:root".formatted(ACCOUNT)));
    }

    /// Attaches a policy to a key that allows an action to a service's role.
    void allow(String keyArn, String service, String action) {
        factory.policies().allow(keyArn, task(service).taskRole(), action);
    }

    /// Denies reading one object of a bucket to everyone, in addition to the bucket's policy.
    void deny(String bucket, String key) {
        factory.policies().deny("arn:aws:s3:::" + bucket, "s3:GetObject", "/" + key);
    }

    /// Restores a bucket's policy to that of the template.
    void denyNoMore(String bucket) {
        factory.policies().restorePolicy("arn:aws:s3:::" + bucket);
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

    /// The key of the internal API.
    String internalApiKey() {
        return secret("ORDERFLOW_INTERNALAPI_KEYS_0");
    }

    /// The key of the internal API, as a person reads it who assumes a role of the account.
    String internalApiKeyFor(String role) {
        var secret = secretArn("ORDERFLOW_INTERNALAPI_KEYS_0");
        accessControl()
                .require(
                        new Principal.RolePrincipal(
                                "arn:aws:iam::%s:role/%s".formatted(ACCOUNT, role)),
                        "secretsmanager:GetSecretValue",
                        secret);
        return factory.data().secret(secret);
    }

    String token(String subject, String... scopes) {
        return tokens.token(task("order-service").environment(), subject, scopes);
    }

    /// A token for the internal API.
    ///
    /// @param service whose settings the token must match
    String operatorToken(String service, String subject, String role) {
        return tokens.operatorToken(task(service).environment(), subject, role);
    }

    /// Signs an operator in for the pages of operations-console.
    ///
    /// @param nonce of the request that the console sent to the issuer
    /// @return the authorization code
    String signInCode(String nonce, String operator, String role) {
        return tokens.signInCode(task("operations-console").environment(), nonce, operator, role);
    }

    private static String arn(String service, String resource) {
        return "arn:aws:%s:us-east-1:%s:%s".formatted(service, ACCOUNT, resource);
    }

    @Override
    public void close() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            services.values().forEach(service -> threads.execute(service::close));
        }
        ports.values().forEach(this::closeLater);
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception stubborn) {
                throw new IllegalStateException(stubborn);
            }
        }
    }
}
