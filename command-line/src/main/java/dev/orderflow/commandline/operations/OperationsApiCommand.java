package dev.orderflow.commandline.operations;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A command that calls the internal API of a service and prints the response.
///
/// It logs nothing: the log file belongs to the running system.
@Command(
        exitCodeListHeading = OperationsApiCommand.EXIT_CODES,
        exitCodeList = {
            OperationsApiCommand.SUCCESS,
            "1:A service is unavailable, or not everything was done.",
            OperationsApiCommand.FAILED
        })
abstract class OperationsApiCommand implements Callable<Integer> {

    static final String EXIT_CODES = "%nExit codes:%n";
    static final String SUCCESS = "0:Success.";
    static final String FAILED = "2:Usage error, refused request or connection failure.";

    /// The exit code when a check failed or something was not done.
    static final int NOT_DONE = 1;
    /// The exit code of a usage error or a connection failure.
    static final int USAGE_ERROR = 2;

    /// The statuses with which a load balancer answers for a service. Its body is no JSON.
    private static final Set<Integer> BY_A_LOAD_BALANCER = Set.of(502, 503, 504);

    private static final JsonMapper JSON = JsonMapper.shared();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "URL of the service's internal API. Default: the environment variable"
                            + " ORDERFLOW_OPERATIONS_URL, or ORDERFLOW_ORDER_URL, …_PAYMENT_URL,"
                            + " …_INVENTORY_URL, …_SHIPPING_URL, …_NOTIFICATION_URL or …_ANALYTICS_URL,"
                            + " depending on the command; else the system started by './orderflow run'."
                            + " The command sends the access token of './orderflow login', or"
                            + " ORDERFLOW_OPERATOR_TOKEN.")
    private @Nullable String url;

    @Option(names = "--json", description = "Print the response as JSON.")
    boolean json;

    @Mixin private RunOption chosen = new RunOption();

    @Spec private @Nullable CommandSpec spec;

    /// Created by the first request: most invocations need no client.
    private static final class HttpClientHolder {

        static final HttpClient CLIENT =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(3))
                        .build();
    }

    /// @return the exit code
    abstract int execute();

    @Override
    public final Integer call() {
        try {
            return execute();
        } catch (CommandFailedException failure) {
            return report(String.valueOf(failure.getMessage()), failure.exitCode());
        } catch (JacksonException _) {
            return report(
                    "the response lacks a field that it should have; check the URL, and that the"
                            + " service has the version of this command",
                    USAGE_ERROR);
        }
    }

    private int report(String failure, int exitCode) {
        var err = Objects.requireNonNull(spec).commandLine().getErr();
        err.println("orderflow: " + Table.plain(failure));
        err.flush();
        return exitCode;
    }

    PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    /// The service whose API the command calls.
    TargetService service() {
        return TargetService.OPERATIONS;
    }

    enum TargetService {
        OPERATIONS("ORDERFLOW_OPERATIONS_URL", run -> Optional.of(run.operationsUrl())),
        ORDERS("ORDERFLOW_ORDER_URL", run -> Optional.of(run.ordersUrl())),
        PAYMENTS("ORDERFLOW_PAYMENT_URL", run -> run.service("payment-service")),
        INVENTORY("ORDERFLOW_INVENTORY_URL", run -> run.service("inventory-service")),
        SHIPPING("ORDERFLOW_SHIPPING_URL", run -> run.service("shipping-service")),
        NOTIFICATIONS("ORDERFLOW_NOTIFICATION_URL", run -> run.service("notification-service")),
        ANALYTICS("ORDERFLOW_ANALYTICS_URL", run -> run.service("analytics-service"));

        private final String variable;
        private final Function<RunEndpoints, Optional<URI>> inFile;

        TargetService(String variable, Function<RunEndpoints, Optional<URI>> inFile) {
            this.variable = variable;
            this.inFile = inFile;
        }
    }

    /// A name as a segment of a path.
    ///
    /// @throws CommandFailedException when it is `.` or `..`, which would select another path
    static String segment(String name) {
        if (name.equals(".") || name.equals("..")) {
            throw new CommandFailedException("'%s' is not a name".formatted(name));
        }
        return encode(name);
    }

    /// A value as a part of a query.
    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// The time that lies so many minutes in the past, as a value of a filter.
    ///
    /// @param option the name of the option that gives the minutes
    /// @param minutes null for an option that was not given
    static @Nullable String minutesAgo(String option, @Nullable Long minutes) {
        if (minutes == null) {
            return null;
        }
        if (minutes < 0 || minutes > 52_560_000) {
            throw new CommandFailedException(option + " must be 0 to 52560000 minutes");
        }
        return Instant.now().minus(Duration.ofMinutes(minutes)).toString();
    }

    JsonNode get(String path) {
        return send("GET", path, Map.of(), Map.of());
    }

    /// Sends a request with an idempotency key: a repetition has no further effect.
    JsonNode post(String path, Map<String, Object> body, String idempotencyKey) {
        return send("POST", path, body, Map.of("Idempotency-Key", idempotencyKey));
    }

    JsonNode put(String path, Map<String, Object> body) {
        return send("PUT", path, body, Map.of());
    }

    JsonNode post(String path, Map<String, Object> body) {
        return send("POST", path, body, Map.of());
    }

    /// Prints a complete response, as JSON with `--json` and as text otherwise.
    ///
    /// @return exit code 0
    int show(JsonNode answer) {
        if (json) {
            printJson(answer);
        } else {
            new DetailsPrinter(answer).print(out());
        }
        return 0;
    }

    /// Prints a list, as JSON with `--json` and as a table otherwise, and how to see the next page.
    ///
    /// @param items the member of the response with the items
    /// @param row the values of an item
    /// @param none the sentence for a list without items
    /// @return exit code 0
    int showList(
            JsonNode answer,
            String items,
            Table table,
            Function<JsonNode, List<String>> row,
            String none) {
        if (json) {
            printJson(answer);
            return 0;
        }
        for (var item : answer.path(items)) {
            table.row(row.apply(item).toArray());
        }
        table.print(out(), none);
        PageOption.printNext(answer, out());
        return 0;
    }

    /// Prints that an action waits for a second person.
    ///
    /// @return exit code 1, because nothing was done yet
    int showWaiting(JsonNode waiting) {
        if (json) {
            printJson(waiting);
        } else {
            out().printf(
                            "Nothing was done yet: a second person must confirm it until %s with%n  ./orderflow confirmations confirm %s%s%n",
                            Table.text(waiting, "expiresAt"),
                            Table.text(waiting, "id"),
                            service() == TargetService.PAYMENTS ? " --payments" : "");
            out().flush();
        }
        return NOT_DONE;
    }

    void printJson(JsonNode node) {
        out().println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
        out().flush();
    }

    private JsonNode send(
            String method, String path, Map<String, Object> body, Map<String, String> headers) {
        // Found only if the URL or the issuer is not given: several may run, and none be selected.
        Supplier<Optional<RunEndpoints>> running =
                () -> chosen.find().map(RunRegistration::endpoints);
        var base = base(running);
        var session = session(running);
        HttpRequest request;
        try {
            var builder =
                    HttpRequest.newBuilder(URI.create(base.toString() + path))
                            .timeout(OperationsCommands.RESPONSE_TIMEOUT)
                            .header("Authorization", "Bearer " + session.token())
                            .header("Content-Type", "application/json")
                            .method(
                                    method,
                                    HttpRequest.BodyPublishers.ofString(
                                            method.equals("GET")
                                                    ? ""
                                                    : JSON.writeValueAsString(body)));
            headers.forEach(builder::header);
            request = builder.build();
        } catch (IllegalArgumentException _) {
            throw new CommandFailedException(
                    "the access token or the URL contains characters that cannot be sent");
        }
        try {
            var answer =
                    HttpClientHolder.CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            return read(base, path, answer, session);
        } catch (ConnectException | HttpConnectTimeoutException | SSLHandshakeException _) {
            throw new CommandFailedException(
                    "cannot connect to %s; start the system with './orderflow run' or give --url"
                            .formatted(base));
        } catch (IOException _) {
            throw new CommandFailedException(
                    "no response from %s%s"
                            .formatted(
                                    base,
                                    method.equals("GET")
                                            ? ""
                                            : "; the action may have been done: check before repeating it"));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted");
        }
    }

    private static OperatorSession session(Supplier<Optional<RunEndpoints>> running) {
        return OperatorSession.current(
                () ->
                        OperatorSession.issuerOfEnvironment()
                                .or(() -> running.get().map(RunEndpoints::issuerUrl)));
    }

    private URI base(Supplier<Optional<RunEndpoints>> running) {
        var given = url == null ? System.getenv(service().variable) : url;
        if (given == null) {
            return running.get()
                    .flatMap(service().inFile)
                    .orElseThrow(
                            () ->
                                    new CommandFailedException(
                                            "no running system found; start one with './orderflow run' or give --url"));
        }
        try {
            var base = new URI(given.replaceAll("/+$", ""));
            if (base.getHost() != null
                    && base.getQuery() == null
                    && base.getFragment() == null
                    && ("http".equals(base.getScheme()) || "https".equals(base.getScheme()))) {
                return base;
            }
        } catch (URISyntaxException _) {
            // reported below
        }
        throw new CommandFailedException(
                "'%s' is not a URL such as http://127.0.0.1:8086".formatted(given));
    }

    private static JsonNode read(
            URI base, String path, HttpResponse<String> answer, OperatorSession session) {
        JsonNode body;
        try {
            body = JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
        } catch (JacksonException _) {
            throw BY_A_LOAD_BALANCER.contains(answer.statusCode())
                    ? new CommandFailedException(
                            "the service behind %s is unavailable or did not answer in time (HTTP %d)"
                                    .formatted(base, answer.statusCode()),
                            NOT_DONE)
                    : new CommandFailedException(
                            "the server at %s is not Orderflow (HTTP %d); check the URL"
                                    .formatted(base, answer.statusCode()));
        }
        if (answer.statusCode() / 100 == 2) {
            return body;
        }
        var why = new StringBuilder(body.path("title").asString("HTTP " + answer.statusCode()));
        if (body.path("detail").isString()) {
            why.append(": ").append(body.path("detail").stringValue());
        }
        body.path("errors")
                .forEach(
                        error ->
                                why.append(' ')
                                        .append(error.path("field").asString(""))
                                        .append(' ')
                                        .append(error.path("message").asString(""))
                                        .append(';'));
        if (answer.statusCode() == 401) {
            throw new CommandFailedException(
                    "your session has expired or is not valid for this system; "
                            + OperatorSession.signIn());
        }
        if (answer.statusCode() == 403
                && body.path("type").asString("").contains("operator-role-required")) {
            why.append(
                    " You are signed in as %s (%s)."
                            .formatted(session.name(), String.join(", ", session.roles())));
        }
        if (answer.statusCode() == 404 && !body.path("type").asString("").contains("unknown-")) {
            why.append(" (").append(base).append(path).append(')');
        }
        // 503: the service was reached, but a dependency of it is unavailable.
        throw new CommandFailedException(
                why.toString(), answer.statusCode() == 503 ? NOT_DONE : USAGE_ERROR);
    }
}
