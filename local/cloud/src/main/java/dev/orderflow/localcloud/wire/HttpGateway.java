package dev.orderflow.localcloud.wire;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.cbor.CBORMapper;

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

    private static final Pattern SCOPE =
            Pattern.compile("Credential=([^/,]*)/[0-9]*/([a-z0-9-]*)/([a-z0-9-]*)/aws4_request");
    private static final Pattern PRESIGNED =
            Pattern.compile(
                    "X-Amz-Credential=([^/&]*)/[0-9]*/([a-z0-9-]*)/([a-z0-9-]*)/aws4_request");
    private static final Pattern RPC =
            Pattern.compile("/service/([A-Za-z0-9_]+)/operation/([A-Za-z0-9]+)");

    private static final Map<String, String> SERVICE_OF_TARGET =
            Map.of(
                    "AmazonSQS", "sqs",
                    "AWSEvents", "events",
                    "AWSStepFunctions", "states",
                    "TrentService", "kms",
                    "GraniteServiceVersion20100801", "monitoring");

    private static final Pattern API_VERSION =
            Pattern.compile("(?:^|&)Version=(\\d{4}-\\d{2}-\\d{2})(?:&|$)");

    private static final Map<String, String> SERVICE_OF_VERSION =
            Map.of(
                    "2010-03-31", "sns",
                    "2010-08-01", "monitoring",
                    "2010-12-01", "ses",
                    "2011-06-15", "sts",
                    "2012-11-05", "sqs");

    /// Services whose errors carry their query-protocol code in a header
    /// (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#awsquerycompatible-trait), with
    /// the namespace of their error names in JSON.
    private static final Map<String, String> QUERY_COMPATIBLE =
            Map.of("sqs", "com.amazonaws.sqs#", "monitoring", "com.amazonaws.cloudwatch#");

    private static final Map<String, String> NAMESPACES =
            Map.of(
                    "sqs", "http://queue.amazonaws.com/doc/2012-11-05/",
                    "sns", "http://sns.amazonaws.com/doc/2010-03-31/",
                    "sts", "https://sts.amazonaws.com/doc/2011-06-15/",
                    "ses", "http://ses.amazonaws.com/doc/2010-12-01/",
                    "monitoring", "http://monitoring.amazonaws.com/doc/2010-08-01/");

    private static final String S3 = "s3";

    /// Groups of [#SCOPE].
    private static final int ACCESS_KEY = 1;

    private static final int REGION = 2;
    private static final int SERVICE = 3;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final CBORMapper CBOR = new CBORMapper();

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
        services.put(service.signingName(), service);
    }

    /// Adds a service that handles HTTP itself.
    public void addRawHandler(String signingName, RawHttpHandler service) {
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
                    respond(exchange, 500, "application/json", "{\"__type\":\"InternalFailure\"}");
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
        var context = requestContext(exchange);
        var call = new AwsCall(exchange, AwsProtocol.JSON_1_1, "", context);
        try {
            call = identify(exchange, context);
            var passThrough = rawHandlers.get(call.service());
            if (passThrough != null) {
                authorize(call, () -> passThrough.describe(exchange, context));
                // S3 stores Content-Encoding with the object.
                passThrough.handle(
                        exchange, readLimited(exchange.getRequestBody(), LARGEST_UPLOAD), context);
                return;
            }
            var body = body(exchange);
            if (call.service().isEmpty()) {
                call = call.withService(serviceOfVersion(body));
            }
            answer(call, body);
        } catch (AwsErrorException error) {
            respondError(call, withCodeOf(call.protocol(), error));
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
            respondError(
                    call,
                    AwsErrorException.withStatus(
                            500,
                            "InternalFailure",
                            "local-cloud failed unexpectedly; see its log"));
        }
    }

    /// The query protocol has a name of its own for an unknown operation.
    private static AwsErrorException withCodeOf(AwsProtocol protocol, AwsErrorException error) {
        return protocol == AwsProtocol.QUERY && error.code().equals("UnknownOperationException")
                ? AwsErrorException.withStatus(
                        error.status(), "InvalidAction", String.valueOf(error.getMessage()))
                : error;
    }

    private void respondPage(HttpExchange exchange, String name) throws IOException {
        var page = pages.get(name);
        if (page == null) {
            respond(exchange, 404, "application/json", "{\"message\":\"page not found\"}");
            return;
        }
        var query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        try {
            var answer = page.render(exchange.getRequestMethod(), query);
            respond(exchange, 200, "application/json", answer.toPrettyString());
        } catch (AwsErrorException error) {
            respond(
                    exchange,
                    error.status(),
                    "application/json",
                    JSON.createObjectNode().put("message", error.getMessage()).toString());
        }
    }

    private static RequestContext requestContext(HttpExchange exchange) {
        var host = exchange.getRequestHeaders().getFirst("Host");
        URI asCalled;
        var scheme =
                "https".equals(exchange.getRequestHeaders().getFirst("X-Forwarded-Proto"))
                        ? "https://"
                        : "http://";
        try {
            asCalled = URI.create(scheme + (host == null ? "localhost" : host));
        } catch (IllegalArgumentException _) {
            asCalled = URI.create("http://localhost");
        }
        return new RequestContext(
                UUID.randomUUID(), scope(exchange, REGION, "us-east-1"), ACCOUNT, asCalled);
    }

    /// A part of the credential scope, from the header or, for a presigned request, from the query.
    private static String scope(HttpExchange exchange, int group, String otherwise) {
        var authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization == null) {
            var query = exchange.getRequestURI().getQuery();
            var presigned = query == null ? null : PRESIGNED.matcher(query);
            return presigned != null && presigned.find() ? presigned.group(group) : otherwise;
        }
        var scope = SCOPE.matcher(authorization);
        return scope.find() ? scope.group(group) : otherwise;
    }

    private AwsCall identify(HttpExchange exchange, RequestContext context) {
        if (scope(exchange, SERVICE, "").equals(S3)) {
            // Before the path is inspected: an object key may look like any path.
            return new AwsCall(exchange, AwsProtocol.REST_XML, S3, context);
        }
        var headers = exchange.getRequestHeaders();
        var path = exchange.getRequestURI().getPath();
        var rpc = RPC.matcher(path);
        if (rpc.matches()) {
            var service = SERVICE_OF_TARGET.getOrDefault(rpc.group(1), rpc.group(1));
            return new AwsCall(exchange, AwsProtocol.RPC_V2_CBOR, service, context)
                    .withOperation(rpc.group(2));
        }
        var target = headers.getFirst("X-Amz-Target");
        if (target != null) {
            int dot = target.indexOf('.');
            var service = SERVICE_OF_TARGET.get(dot < 0 ? target : target.substring(0, dot));
            if (service == null) {
                throw AwsErrorException.client(
                        "UnknownOperationException",
                        "local-cloud does not support the target " + target);
            }
            var type = Optional.ofNullable(headers.getFirst("Content-Type")).orElse("");
            var protocol = type.contains("1.0") ? AwsProtocol.JSON_1_0 : AwsProtocol.JSON_1_1;
            return new AwsCall(exchange, protocol, service, context)
                    .withOperation(target.substring(dot + 1));
        }
        if (path.startsWith("/v2/email/")) {
            return new AwsCall(exchange, AwsProtocol.REST_JSON, "ses", context)
                    .withOperation(
                            exchange.getRequestMethod()
                                    + " "
                                    + path.substring("/v2/email".length()));
        }
        var service = scope(exchange, SERVICE, serviceOfUnsigned(exchange));
        if (service.equals(S3)) {
            return new AwsCall(exchange, AwsProtocol.REST_XML, S3, context);
        }
        var name = service.equals("email") ? "ses" : service;
        return new AwsCall(exchange, protocolOf(exchange, name), name, context);
    }

    /// Without a target, the supported services use the query protocol. Of the others, most that
    /// send no form use REST with JSON.
    private AwsProtocol protocolOf(HttpExchange exchange, String service) {
        boolean other = !service.isEmpty() && !services.containsKey(service);
        var type = exchange.getRequestHeaders().getFirst("Content-Type");
        return other && (type == null || !type.startsWith("application/x-www-form-urlencoded"))
                ? AwsProtocol.REST_JSON
                : AwsProtocol.QUERY;
    }

    /// An unsigned request with a form or an action is for SQS, whose queue URL is the path; any
    /// other request with a path is an anonymous request to S3.
    private static String serviceOfUnsigned(HttpExchange exchange) {
        var path = exchange.getRequestURI().getPath();
        if (path.length() <= 1) {
            return serviceOfLink(exchange);
        }
        var query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        var type =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type"))
                        .orElse("");
        boolean form =
                "POST".equals(exchange.getRequestMethod())
                        && type.startsWith("application/x-www-form-urlencoded");
        return ("&" + query).contains("&Action=") || form ? "sqs" : S3;
    }

    /// The confirmation and unsubscribe links in SNS messages are visited without a signature.
    private static String serviceOfLink(HttpExchange exchange) {
        var query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        return query.startsWith("Action=ConfirmSubscription&")
                        || query.startsWith("Action=Unsubscribe&")
                ? "sns"
                : "";
    }

    /// The service of an unsigned form, such as `AssumeRoleWithWebIdentity` of STS, by the version
    /// of its API.
    private static String serviceOfVersion(byte[] body) {
        var version = API_VERSION.matcher(new String(body, StandardCharsets.ISO_8859_1));
        return version.find() ? SERVICE_OF_VERSION.getOrDefault(version.group(1), "") : "";
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        var in = exchange.getRequestBody();
        var encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
        if ("gzip".equalsIgnoreCase(encoding)) {
            var compressed = in.readNBytes(LARGEST_REQUEST + 1);
            try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
                return readLimited(unzipped, LARGEST_REQUEST);
            } catch (IOException _) {
                throw AwsErrorException.client("SerializationException", "the body is not gzip");
            }
        }
        return readLimited(in, LARGEST_REQUEST);
    }

    private static byte[] readLimited(InputStream in, int largest) throws IOException {
        var body = in.readNBytes(largest + 1);
        if (body.length > largest) {
            throw AwsErrorException.withStatus(
                    413,
                    "RequestEntityTooLargeException",
                    "a request must not exceed " + largest + " bytes");
        }
        return body;
    }

    /// Only temporary credentials, whose access keys start with `ASIA`, belong to a role.
    private void authorize(AwsCall call, Supplier<AwsRequest> described) {
        var accessKey = scope(call.exchange(), ACCESS_KEY, "");
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
        var request = request(call, body);
        authorize(call, () -> request);
        ObjectNode answer;
        try {
            answer = service.handle(request);
        } catch (JacksonException _) {
            throw AwsErrorException.client(
                    "SerializationException", "a member of the request is of the wrong type");
        }
        var id = call.context().requestId().toString();
        call.exchange().getResponseHeaders().set("x-amzn-RequestId", id);
        switch (call.protocol()) {
            case QUERY ->
                    respond(
                            call.exchange(),
                            200,
                            "text/xml",
                            QueryXml.responseDocument(
                                    namespace(call),
                                    call.service(),
                                    request.operation(),
                                    answer,
                                    id));
            case RPC_V2_CBOR -> {
                call.exchange().getResponseHeaders().set("smithy-protocol", "rpc-v2-cbor");
                respond(call.exchange(), 200, "application/cbor", CborResponse.write(answer));
            }
            case JSON_1_0 ->
                    respond(call.exchange(), 200, "application/x-amz-json-1.0", answer.toString());
            case JSON_1_1 ->
                    respond(call.exchange(), 200, "application/x-amz-json-1.1", answer.toString());
            case REST_JSON -> respond(call.exchange(), 200, "application/json", answer.toString());
            case REST_XML -> throw new IllegalStateException("S3 writes its own responses");
        }
    }

    private static AwsRequest request(AwsCall call, byte[] body) {
        if (call.protocol() == AwsProtocol.QUERY) {
            var form = QueryForm.fold(formOf(call.exchange(), body));
            var action = form.path("Action");
            if (!action.isString()) {
                throw AwsErrorException.client(
                        "MissingAction", "The request must contain the parameter Action");
            }
            form.remove("Action");
            var path = call.exchange().getRequestURI().getPath();
            if (call.service().equals("sqs") && path.length() > 1 && !form.has("QueueUrl")) {
                form.put("QueueUrl", path);
            }
            return new AwsRequest(call.protocol(), action.stringValue(), form, call.context());
        }
        ObjectMapper mapper = call.protocol() == AwsProtocol.RPC_V2_CBOR ? CBOR : JSON;
        var input = object(mapper, body);
        var query = call.exchange().getRequestURI().getRawQuery();
        if (call.protocol() == AwsProtocol.REST_JSON && query != null) {
            input.setAll(QueryForm.fold(query));
        }
        return new AwsRequest(call.protocol(), call.operation(), input, call.context());
    }

    private static String formOf(HttpExchange exchange, byte[] body) {
        var query = exchange.getRequestURI().getRawQuery();
        var form = new String(body, StandardCharsets.UTF_8);
        return query == null ? form : form.isEmpty() ? query : form + "&" + query;
    }

    private static ObjectNode object(ObjectMapper mapper, byte[] body) {
        if (body.length == 0) {
            return JSON.createObjectNode();
        }
        try {
            if (mapper.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException malformed) {
            throw AwsErrorException.client("SerializationException", "the body is malformed");
        }
        throw AwsErrorException.client("SerializationException", "the body must be an object");
    }

    private void respondError(AwsCall call, AwsErrorException error) throws IOException {
        var id = call.context().requestId().toString();
        var headers = call.exchange().getResponseHeaders();
        headers.set("x-amzn-RequestId", id);
        var namespace = QUERY_COMPATIBLE.get(call.service());
        var json =
                JSON.createObjectNode()
                        .put("__type", (namespace == null ? "" : namespace) + error.shape())
                        .put("message", String.valueOf(error.getMessage()));
        if (namespace != null && call.protocol() != AwsProtocol.QUERY) {
            headers.set(
                    "x-amzn-query-error",
                    error.code() + (error.status() < 500 ? ";Sender" : ";Receiver"));
        }
        switch (call.protocol()) {
            case QUERY ->
                    respond(
                            call.exchange(),
                            error.status(),
                            "text/xml",
                            QueryXml.errorDocument(namespace(call), error, id));
            case REST_XML ->
                    respond(
                            call.exchange(),
                            error.status(),
                            "application/xml",
                            QueryXml.s3ErrorDocument(error, id));
            case RPC_V2_CBOR -> {
                headers.set("smithy-protocol", "rpc-v2-cbor");
                respond(
                        call.exchange(),
                        error.status(),
                        "application/cbor",
                        CBOR.writeValueAsBytes(json));
            }
            case JSON_1_0, JSON_1_1, REST_JSON -> {
                headers.set("x-amzn-ErrorType", error.shape());
                respond(
                        call.exchange(),
                        error.status(),
                        call.protocol() == AwsProtocol.JSON_1_0
                                ? "application/x-amz-json-1.0"
                                : call.protocol() == AwsProtocol.JSON_1_1
                                        ? "application/x-amz-json-1.1"
                                        : "application/json",
                        json.toString());
            }
        }
    }

    private static String namespace(AwsCall call) {
        return NAMESPACES.getOrDefault(call.service(), "https://orderflow.dev/local-cloud/");
    }

    private static void respond(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        respond(exchange, status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void respond(HttpExchange exchange, int status, String type, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean silent = body.length == 0 || "HEAD".equals(exchange.getRequestMethod());
        exchange.sendResponseHeaders(status, silent ? -1 : body.length);
        if (!silent) {
            exchange.getResponseBody().write(body);
        }
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

    private record AwsCall(
            HttpExchange exchange,
            AwsProtocol protocol,
            String service,
            RequestContext context,
            @Nullable String operationName) {

        AwsCall(
                HttpExchange exchange,
                AwsProtocol protocol,
                String service,
                RequestContext context) {
            this(exchange, protocol, service, context, null);
        }

        AwsCall withService(String name) {
            return new AwsCall(exchange, protocol, name, context, operationName);
        }

        AwsCall withOperation(String operation) {
            return new AwsCall(exchange, protocol, service, context, operation);
        }

        String operation() {
            return operationName == null ? "" : operationName;
        }
    }
}
