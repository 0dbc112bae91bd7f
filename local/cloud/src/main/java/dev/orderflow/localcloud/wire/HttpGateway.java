package dev.orderflow.localcloud.wire;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The HTTP server of the local cloud: routes each request to its service and detects its protocol.
///
/// A request is identified by its `X-Amz-Target`, its RPC path, or the service in the credential
/// scope of its [signature](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html).
/// Signatures are not verified: any credentials are accepted.
public final class HttpGateway implements AutoCloseable {
    static {
        // Without it every small response waits 40 ms for the kernel's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /// The only account.
    public static final String ACCOUNT = "000000000000";

    /// The maximum size of a request, in bytes: a full SQS batch with every character escaped.
    static final int LARGEST_REQUEST = 8 * 1024 * 1024;

    /// The maximum size of an S3 object or part, in bytes, including the signatures of its chunks.
    private static final int LARGEST_UPLOAD = 128 * 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(HttpGateway.class);

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");

    private static final int BACKLOG = 256;

    private static final JsonMapper JSON = JsonMapper.shared();

    /// A service that reads and writes HTTP itself.
    public interface RawHttpHandler {
        /// Returns operation and resource of a request, for authorisation.
        AwsRequest describe(HttpExchange exchange, RequestContext context);

        /// @param body the request body, not decoded
        void handle(HttpExchange exchange, byte[] body, RequestContext context) throws IOException;
    }

    /// Authorises each call.
    public interface RequestAuthorizer {
        /// @param accessKey access key of the signature, empty when unsigned
        /// @param service signing name of the service
        /// @param operation the API action
        /// @param input members of the request; for S3 `Bucket`, `Key` and `CopySource`
        /// @throws AwsErrorException if the caller is not allowed
        void authorize(
                String accessKey,
                String service,
                String operation,
                JsonNode input,
                RequestContext context);
    }

    /// A page for people and tests below `/_aws/`, beside the AWS APIs.
    public interface DiagnosticPage {
        /// @param method HTTP method
        /// @param query query string without the `?`, empty when absent
        /// @return the page as JSON
        JsonNode render(String method, String query);
    }

    private final List<HttpServer> servers;

    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("aws-", 0).factory());

    private final Map<String, AwsService> services = new HashMap<>();

    private final Map<String, RawHttpHandler> rawHandlers = new HashMap<>();

    private final Map<String, DiagnosticPage> pages = new HashMap<>();

    private final Set<String> names = new HashSet<>();

    private final ServiceFaults faults = new ServiceFaults(names);

    private final URI endpoint;

    private boolean started;

    private RequestAuthorizer authorizer = (_, _, _, _, _) -> {};

    /// Binds the port. Requests wait until [#start()].
    ///
    /// For loopback it binds `127.0.0.1` and, if available, `::1`: `localhost` may resolve to
    /// either.
    ///
    /// @param port port to bind, 0 for any free port
    /// @throws IOException if the port is in use
    public HttpGateway(String host, int port) throws IOException {
        this.servers = listen(host, port);
        int listensOn = servers.getFirst().getAddress().getPort();
        this.endpoint =
                URI.create(
                        "http://"
                                + (host.contains(":") ? "[" + host + "]" : host)
                                + ":"
                                + listensOn);
        for (var server : servers) {
            server.setExecutor(threads);
            server.createContext("/", this::handle);
        }
        addDiagnosticPage("faults", faults);
    }

    private static List<HttpServer> listen(String host, int port) throws IOException {
        if (!LOOPBACK.contains(host)) {
            return List.of(HttpServer.create(new InetSocketAddress(host, port), BACKLOG));
        }
        var v4 = HttpServer.create(new InetSocketAddress("127.0.0.1", port), BACKLOG);
        try {
            var address = new InetSocketAddress("::1", v4.getAddress().getPort());
            return List.of(v4, HttpServer.create(address, BACKLOG));
        } catch (IOException failure) {
            if (port != 0 && isAddressInUse(failure)) {
                v4.stop(0);
                throw failure;
            }
            log.debug("not listening on ::1: {}", failure.getMessage());
            return List.of(v4);
        }
    }

    /// A machine without IPv6 does not have the address; that is not an error.
    private static boolean isAddressInUse(IOException refused) {
        return String.valueOf(refused.getMessage()).contains("in use");
    }

    /// The address of the server.
    public URI endpoint() {
        return endpoint;
    }

    /// Adds a service.
    public void add(AwsService service) {
        names.add(service.signingName());
        services.put(service.signingName(), service);
    }

    /// Adds a service that handles HTTP itself.
    public void addRawHandler(String signingName, RawHttpHandler service) {
        names.add(signingName);
        rawHandlers.put(signingName, service);
    }

    /// Sets the authoriser of all calls.
    public void setAuthorizer(RequestAuthorizer gate) {
        this.authorizer = gate;
    }

    /// Adds a page below `/_aws/`.
    public void addDiagnosticPage(String name, DiagnosticPage page) {
        pages.put(name, page);
    }

    /// Starts to handle requests.
    public void start() {
        started = true;
        servers.forEach(HttpServer::start);
    }

    /// Runs `preparation` with a private loopback address that only it can call. All other
    /// connections wait until it returns.
    ///
    /// @throws IOException if no free port exists
    public void runPreparation(Consumer<URI> preparation) throws IOException {
        var aside = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), BACKLOG);
        aside.setExecutor(threads);
        aside.createContext("/", this::handle);
        aside.start();
        try {
            preparation.accept(URI.create("http://127.0.0.1:" + aside.getAddress().getPort()));
        } finally {
            aside.stop(0);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        // The exchange is closed after the catch blocks: one of them still answers.
        try (exchange) {
            try {
                route(exchange);
            } catch (IOException failure) {
                log.debug("client closed the connection", failure);
            } catch (RuntimeException | StackOverflowError unexpected) {
                log.error(
                        "{} {} failed unexpectedly",
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getPath(),
                        unexpected);
                if (exchange.getResponseCode() < 0) {
                    ResponseWriter.respond(
                            exchange, 500, "application/json", "{\"__type\":\"InternalFailure\"}");
                }
            }
        }
    }

    private void route(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        if (path == null || path.startsWith("/_aws/")) {
            respondPage(exchange, path == null ? "" : path.substring("/_aws/".length()));
            return;
        }
        var context = RequestIdentifier.context(exchange);
        var call = new AwsCall(exchange, AwsProtocol.JSON_1_1, "", context);
        try {
            call = RequestIdentifier.identify(exchange, context, services::containsKey);
            var passThrough = rawHandlers.get(call.service());
            if (passThrough != null) {
                faults.requireAvailable(call.service());
                authorize(call, () -> passThrough.describe(exchange, context));
                // S3 stores Content-Encoding with the object.
                passThrough.handle(
                        exchange,
                        RequestReader.readLimited(exchange.getRequestBody(), LARGEST_UPLOAD),
                        context);
                return;
            }
            var body = RequestReader.body(exchange);
            if (call.service().isEmpty()) {
                call = call.withService(RequestIdentifier.serviceOfVersion(body));
            }
            answer(call, body);
        } catch (AwsErrorException error) {
            ResponseWriter.respondError(call, error);
        } catch (RuntimeException | StackOverflowError unexpected) {
            if (exchange.getResponseCode() >= 0) {
                throw unexpected;
            }
            log.error(
                    "{}: {} {} failed unexpectedly",
                    call.service(),
                    exchange.getRequestMethod(),
                    exchange.getRequestURI(),
                    unexpected);
            ResponseWriter.respondError(
                    call,
                    AwsErrorException.withStatus(
                            500,
                            "InternalFailure",
                            "local-cloud failed unexpectedly; see its log"));
        }
    }

    private void respondPage(HttpExchange exchange, String name) throws IOException {
        var page = pages.get(name);
        if (page == null) {
            ResponseWriter.respond(
                    exchange, 404, "application/json", "{\"message\":\"page not found\"}");
            return;
        }
        var query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        try {
            var answer = page.render(exchange.getRequestMethod(), query);
            ResponseWriter.respond(exchange, 200, "application/json", answer.toPrettyString());
        } catch (AwsErrorException error) {
            ResponseWriter.respond(
                    exchange,
                    error.status(),
                    "application/json",
                    JSON.createObjectNode().put("message", error.getMessage()).toString());
        }
    }

    /// Only temporary credentials, whose access keys start with `ASIA`, belong to a role.
    private void authorize(AwsCall call, Supplier<AwsRequest> described) {
        var accessKey = RequestIdentifier.accessKey(call.exchange());
        if (!accessKey.startsWith("ASIA")) {
            return;
        }
        var request = described.get();
        authorizer.authorize(
                accessKey, call.service(), request.operation(), request.input(), call.context());
    }

    private void answer(AwsCall call, byte[] body) throws IOException {
        var service = services.get(call.service());
        if (service == null) {
            throw AwsErrorException.withStatus(
                    404,
                    "UnknownService",
                    call.service().isEmpty()
                            ? "the request has no signature, target or RPC path that names a service"
                            : "local-cloud does not support the service " + call.service());
        }
        faults.requireAvailable(call.service());
        var request = RequestReader.request(call, body);
        authorize(call, () -> request);
        ObjectNode answer;
        try {
            answer = service.handle(request);
        } catch (JacksonException _) {
            throw AwsErrorException.client(
                    "SerializationException", "a member of the request is of the wrong type");
        }
        ResponseWriter.respond(call, request.operation(), answer);
    }

    /// Stops the server; waits at most one second for running requests.
    @Override
    public void close() {
        if (!started) {
            // A server that never started would keep its port.
            start();
        }
        servers.parallelStream().forEach(server -> server.stop(1));
        threads.shutdownNow();
    }
}
