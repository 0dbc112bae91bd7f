package dev.orderflow.localrun.container;

import dev.orderflow.commandline.operations.RunOption;
import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.LocalCloudClients;
import dev.orderflow.localrun.ProgressTicker;
import dev.orderflow.localrun.SystemClient;
import dev.orderflow.topology.Topology;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// Verifies an installation from outside: an order ships, and no message and no violation remains.
///
/// Each queue must be empty once after the order: a message that is being retried is neither
/// processed nor dead-lettered, and would otherwise remain undetected.
@Command(
        name = "check",
        description = {
            "Place an order and wait until it is SHIPPED, analytics has counted it, every"
                    + " queue is drained, every dead-letter queue is empty and the audit finds no violation. Exit"
                    + " code 0 when all of that holds, else 1. In containers: docker compose run --rm orderflow"
                    + " check.",
            "Without URLs it checks the system started by './orderflow run'. With URLs, the cloud is defined by"
                    + " AWS_ENDPOINT_URL, AWS_REGION and the credentials of the environment, and the key of the"
                    + " internal API by ORDERFLOW_API_KEY."
        },
        mixinStandardHelpOptions = true)
public final class CheckCommand implements Callable<Integer> {

    private static final String KEY = "ORDERFLOW_API_KEY";
    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);
    private static final int LONGEST_REASON = 200;

    @Mixin private RunOption chosen = new RunOption();

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--api-url",
            defaultValue = "${env:ORDERFLOW_API_URL}",
            description = "URL of the public API. Default: ORDERFLOW_API_URL.")
    private @Nullable URI apiUrl;

    @Option(
            names = "--issuer-url",
            defaultValue = "${env:ORDERFLOW_ISSUER_URL}",
            description = "URL of the development issuer. Default: ORDERFLOW_ISSUER_URL.")
    private @Nullable URI issuerUrl;

    @Option(
            names = "--analytics-url",
            defaultValue = "${env:ORDERFLOW_ANALYTICS_URL}",
            description = "URL of analytics-service. Default: ORDERFLOW_ANALYTICS_URL.")
    private @Nullable URI analyticsUrl;

    @Option(
            names = "--operations-url",
            defaultValue = "${env:ORDERFLOW_OPERATIONS_URL}",
            description = "URL of operations-console. Default: ORDERFLOW_OPERATIONS_URL.")
    private @Nullable URI operationsUrl;

    @Option(
            names = "--sku",
            defaultValue = "MUG-BLUE",
            description = "The article to order. Default: ${DEFAULT-VALUE}.")
    private String sku = "MUG-BLUE";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "180",
            description = "The time limit of each check. Default: ${DEFAULT-VALUE}.")
    private int timeout = 180;

    @Override
    public Integer call() {
        var command = Objects.requireNonNull(spec).commandLine();
        if (timeout < 1) {
            throw new ParameterException(command, "--timeout must be at least 1");
        }
        var urls = urls();
        var missing = urls.stream().filter(it -> it.value() == null).toList();
        if (missing.size() == urls.size()) {
            return checkRunning(command.getOut());
        }
        if (!missing.isEmpty()) {
            throw new ParameterException(
                    command,
                    "only %s is given: give %s too, or no URL to check the system started by './orderflow run'"
                            .formatted(
                                    urls.stream()
                                            .filter(it -> it.value() != null)
                                            .map(it -> it.source(command))
                                            .collect(Collectors.joining(", ")),
                                    missing.stream()
                                            .map(UrlOption::name)
                                            .collect(Collectors.joining(", "))));
        }
        var key = System.getenv(KEY);
        if (key == null || key.isBlank()) {
            throw new ParameterException(command, KEY + " must be set in the environment");
        }
        var components =
                Map.of(
                        Component.ORDER_SERVICE, Objects.requireNonNull(apiUrl),
                        Component.DEVELOPMENT_ISSUER, Objects.requireNonNull(issuerUrl),
                        Component.ANALYTICS_SERVICE, Objects.requireNonNull(analyticsUrl),
                        Component.OPERATIONS_CONSOLE, Objects.requireNonNull(operationsUrl));
        try (var sqs = SqsClient.create()) {
            return check(
                    component -> Objects.requireNonNull(components.get(component)),
                    key,
                    sqs,
                    command.getOut());
        }
    }

    /// @param name of the option
    /// @param variable of the environment, with its default
    private record UrlOption(String name, String variable, @Nullable URI value) {

        /// The option or the variable that gave the value.
        String source(CommandLine command) {
            return command.getParseResult().hasMatchedOption(name) ? name : variable;
        }
    }

    private List<UrlOption> urls() {
        return List.of(
                new UrlOption("--api-url", "ORDERFLOW_API_URL", apiUrl),
                new UrlOption("--issuer-url", "ORDERFLOW_ISSUER_URL", issuerUrl),
                new UrlOption("--analytics-url", "ORDERFLOW_ANALYTICS_URL", analyticsUrl),
                new UrlOption("--operations-url", "ORDERFLOW_OPERATIONS_URL", operationsUrl));
    }

    /// The system that `./orderflow run` of this user has started.
    private int checkRunning(PrintWriter out) {
        var system = chosen.require("give its URLs");
        try (var sqs =
                LocalCloudClients.build(
                        SqsClient.builder(), system.url(Component.LOCAL_CLOUD.label()))) {
            return check(
                    component -> system.url(component.label()),
                    system.endpoints().apiKey(),
                    sqs,
                    out);
        }
    }

    private int check(
            Function<Component, URI> components, String key, SqsClient sqs, PrintWriter out) {
        var http = new SystemClient(components, key);
        return new InstallationCheck(http, key, sqs, Duration.ofSeconds(timeout), out).check(sku)
                ? 0
                : 1;
    }

    /// The result of a check.
    sealed interface CheckResult {

        record CheckPassed(String what) implements CheckResult {}

        record CheckPending(String what) implements CheckResult {}
    }

    private interface Probe {

        CheckResult evaluate();
    }

    /// The checks.
    static final class InstallationCheck {

        private static final String CUSTOMER = "installation-check";

        private final SystemClient http;
        private final Map<String, String> key;
        private final SqsClient sqs;
        private final Duration timeout;
        private final PrintWriter out;
        private final Topology topology = Topology.load();

        InstallationCheck(
                SystemClient http, String key, SqsClient sqs, Duration timeout, PrintWriter out) {
            this.http = http;
            this.key = Map.of(InternalRestClientFactory.KEY_HEADER, key);
            this.sqs = sqs;
            this.timeout = timeout;
            this.out = out;
        }

        /// Runs the checks until the first fails, and prints their results.
        ///
        /// @return whether all passed
        boolean check(String sku) {
            var shippedBefore = shippedOrders();
            var order =
                    http.placeOrder(CUSTOMER, UUID.randomUUID().toString(), sku, 1, "pm_card_visa")
                            .path("orderId")
                            .asString();
            print("order " + order + " is accepted");
            boolean holds =
                    await(() -> shipped(order))
                            && await(() -> counted(order, shippedBefore + 1))
                            && await(drained())
                            && await(this::deadLetters)
                            && await(this::audit);
            print(holds ? "All checks passed." : "A check failed.");
            return holds;
        }

        private CheckResult shipped(String order) {
            var state = http.order(CUSTOMER, order).path("state").asString();
            return state.equals("SHIPPED")
                    ? new CheckResult.CheckPassed("it is SHIPPED")
                    : new CheckResult.CheckPending("it is " + state + ", not SHIPPED");
        }

        private CheckResult counted(String order, long shipped) {
            var facts =
                    http.get(Component.ANALYTICS_SERVICE, "/internal/facts/" + order, key)
                            .path("facts");
            for (var fact : facts) {
                if (fact.path("type").asString().equals("OrderShipped")
                        && shippedOrders() >= shipped) {
                    return new CheckResult.CheckPassed("analytics has counted it");
                }
            }
            return new CheckResult.CheckPending(
                    "analytics has recorded %d events of it and not OrderShipped"
                            .formatted(facts.size()));
        }

        private long shippedOrders() {
            return http.get(Component.ANALYTICS_SERVICE, "/internal/summary", key)
                    .path("orders")
                    .path("SHIPPED")
                    .asLong(0);
        }

        private Probe drained() {
            var waiting = new TreeSet<String>();
            topology.queues().forEach(queue -> waiting.add(queue.name()));
            int all = waiting.size();
            return () -> {
                waiting.removeIf(queue -> depth(queue) == 0);
                return waiting.isEmpty()
                        ? new CheckResult.CheckPassed("all %d queues are drained".formatted(all))
                        : new CheckResult.CheckPending("messages are waiting in " + waiting);
            };
        }

        private CheckResult deadLetters() {
            var names = new ArrayList<String>();
            topology.queues().forEach(queue -> names.add(queue.deadLetter().queue()));
            names.add(topology.undelivered().queue());
            var full = new ArrayList<String>();
            for (var name : names) {
                int depth = depth(name);
                if (depth > 0) {
                    full.add("%s (%d)".formatted(name, depth));
                }
            }
            return full.isEmpty()
                    ? new CheckResult.CheckPassed(
                            "all %d dead-letter queues are empty".formatted(names.size()))
                    : new CheckResult.CheckPending("messages are in " + full);
        }

        /// Visible, in flight and delayed.
        private int depth(String queue) {
            var url = sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
            return sqs
                    .getQueueAttributes(
                            get ->
                                    get.queueUrl(url)
                                            .attributeNames(
                                                    QueueAttributeName
                                                            .APPROXIMATE_NUMBER_OF_MESSAGES,
                                                    QueueAttributeName
                                                            .APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                                    QueueAttributeName
                                                            .APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
                    .attributes()
                    .values()
                    .stream()
                    .mapToInt(Integer::parseInt)
                    .sum();
        }

        private CheckResult audit() {
            var report =
                    http.internal(
                            "POST",
                            Component.OPERATIONS_CONSOLE,
                            "/internal/operations/audit",
                            "{}",
                            UUID.randomUUID().toString());
            int orders = report.path("orders").asInt(0);
            var violations = new ArrayList<String>();
            report.path("violations")
                    .forEach(
                            violation ->
                                    violations.add(
                                            "%s of %s: %s"
                                                    .formatted(
                                                            violation.path("invariant").asString(),
                                                            violation.path("subject").asString(),
                                                            violation
                                                                    .path("detail")
                                                                    .asString(""))));
            return orders > 0 && violations.isEmpty()
                    ? new CheckResult.CheckPassed(
                            "the audit of %d orders finds no violation".formatted(orders))
                    : new CheckResult.CheckPending(
                            "audit of %d orders: %s".formatted(orders, violations));
        }

        private boolean await(Probe look) {
            var giveUp = Instant.now().plus(timeout);
            var latest = new AtomicReference<>("");
            try (var _ = new ProgressTicker(this::print, () -> latest.get())) {
                while (true) {
                    switch (lookOnce(look)) {
                        case CheckResult.CheckPassed(var what) -> {
                            print("  ✓ " + what);
                            return true;
                        }
                        case CheckResult.CheckPending(var what) -> {
                            if (Instant.now().isAfter(giveUp)) {
                                print("  ✗ " + what);
                                return false;
                            }
                            latest.set("  …  " + what);
                            pause();
                        }
                    }
                }
            }
        }

        /// A component that does not respond may do so later.
        private static CheckResult lookOnce(Probe look) {
            try {
                return look.evaluate();
            } catch (IllegalStateException | UncheckedIOException | SdkException failure) {
                return new CheckResult.CheckPending(describe(failure));
            }
        }

        /// The first line of the message: that of a client may contain a whole request.
        private static String describe(RuntimeException failure) {
            var message =
                    Objects.requireNonNullElse(failure.getMessage(), "")
                            .lines()
                            .findFirst()
                            .orElse("no response");
            return message.length() <= LONGEST_REASON
                    ? message
                    : message.substring(0, LONGEST_REASON - 1) + "…";
        }

        private synchronized void print(String line) {
            out.println(line);
            out.flush();
        }

        private static void pause() {
            try {
                Thread.sleep(POLL_INTERVAL);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("stopped", interrupted);
            }
        }
    }
}
