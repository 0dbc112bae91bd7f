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

/// The one port: finds out which service a request is for and which protocol it speaks.
///
/// A request is known by its `X-Amz-Target`, its RPC path, or the service in the credential scope
/// of its [signature](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html). The
/// signature itself is not checked: any credentials do.
public final class HttpGateway implements AutoCloseable {

    static {
        // Without it every small answer waits for the kernel's delayed acknowledgement, 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /// The account everything belongs to.
    public static final String ACCOUNT = "000000000000";

    /// The largest request read, in bytes: a full batch of SQS with everything in it escaped.
    static final int LARGEST_REQUEST = 8 * 1024 * 1024;

    /// The largest part or object of S3, in bytes, with the signatures of its chunks.
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

    /// Services whose errors carry the code of the query protocol in a header
    /// (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#awsquerycompatible-trait), with
    /// the namespace of their errors' names in JSON.
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

    /// What answers requests in its own protocol, without being understood here.
    public interface RawHttpHandler {
        /// Which operation on what the request is, for the gate.
        AwsRequest describe(HttpExchange exchange, RequestContext context);

        /// @param body the request's body, as it came
        void handle(HttpExchange exchange, byte[] body, RequestContext context) throws IOException;
    }

    /// Asked before each call whether its caller may make it.
    public interface RequestAuthorizer {
        /// @param accessKey of the signature, empty when there is none
        /// @param service the signing name
        /// @param operation the API action
        /// @param input the members of the request; of S3 `Bucket`, `Key` and `CopySource`
        /// @throws AwsErrorException when the caller may not
        void require(
                String accessKey,
                String service,
                String operation,
                JsonNode input,
                RequestContext context);
    }

    /// What a person or a test reads beside the AWS APIs, below `/_aws/`.
    public interface DiagnosticPage {
        /// @param method of HTTP
        /// @param query what follows the `?`, empty when nothing does
        /// @return the answer as JSON
        JsonNode answer(String method, String query);
    }

    private final List<HttpServer> servers;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("aws-", 0).factory());
    private final Map<String, AwsService> services = new HashMap<>();
    private final Map<String, RawHttpHandler> passThroughs = new HashMap<>();
    private final Map<String, DiagnosticPage> pages = new HashMap<>();
    private final URI endpoint;
    private boolean opened;
    private RequestAuthorizer gate = (_, _, _, _, _) -> {};

    /// Listens, but answers nothing before [#open()].
    ///
    /// On loopback it listens on `127.0.0.1` and, where the machine has it, on `::1`: `localhost`
    /// may resolve to either.
    ///
    /// @param port 0 for any free one
    /// @throws IOException when the port is taken
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
        } catch (IOException noSuchAddressOrTaken) {
            if (port != 0 && isTaken(noSuchAddressOrTaken)) {
                v4.stop(0);
                throw noSuchAddressOrTaken;
            }
            log.debug("not listening on ::1: {}", noSuchAddressOrTaken.getMessage());
            return List.of(v4);
        }
    }

    /// A machine without IPv6 has no such address, which is no error.
    private static boolean isTaken(IOException refused) {
        return String.valueOf(refused.getMessage()).contains("in use");
    }

    /// The address callers use.
    public URI endpoint() {
        return endpoint;
    }

    /// Adds a service.
    public void add(AwsService service) {
        services.put(service.signingName(), service);
    }

    /// Adds a service that speaks for itself.
    public void pass(String signingName, RawHttpHandler service) {
        passThroughs.put(signingName, service);
    }

    /// Sets who is asked before each call.
    public void authorizeBy(RequestAuthorizer gate) {
        this.gate = gate;
    }

    /// Adds a page below `/_aws/`.
    public void page(String name, DiagnosticPage page) {
        pages.put(name, page);
    }

    /// Begins to answer.
    public void open() {
        opened = true;
        servers.forEach(HttpServer::start);
    }

    /// Answers `preparation` alone, at an address of loopback that only it knows, until it returns.
    ///
    /// Everybody else's connections wait meanwhile.
    ///
    /// @throws IOException when there is no free port
    public void answerOnly(Consumer<URI> preparation) throws IOException {
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
        try (exchange) {
            route(exchange);
        } catch (IOException theCallerIsGone) {
            log.debug("a caller went away", theCallerIsGone);
        } catch (RuntimeException unexpected) {
            log.error("{} {}", exchange.getRequestMethod(), exchange.getRequestURI(), unexpected);
            if (exchange.getResponseCode() < 0) {
                respond(exchange, 500, "application/json", "{\"__type\":\"InternalFailure\"}");
            }
        }
    }

    private void route(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        if (path == null || path.startsWith("/_aws/")) {
            readPage(exchange, path == null ? "" : path.substring("/_aws/".length()));
            return;
        }
        var context = contextOf(exchange);
        var call = new ServiceCall(exchange, AwsProtocol.JSON_1_1, "", context);
        try {
            call = identify(exchange, context);
            var passThrough = passThroughs.get(call.service());
            if (passThrough != null) {
                requireAllowed(call, new byte[0]);
                // Content-Encoding belongs to what S3 keeps.
                passThrough.handle(
                        exchange, limited(exchange.getRequestBody(), LARGEST_UPLOAD), context);
                return;
            }
            answer(call, body(exchange));
        } catch (AwsErrorException error) {
            refuse(call, error);
        }
    }

    private void readPage(HttpExchange exchange, String name) throws IOException {
        var page = pages.get(name);
        if (page == null) {
            respond(exchange, 404, "application/json", "{\"message\":\"there is no such page\"}");
            return;
        }
        var query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        try {
            var answer = page.answer(exchange.getRequestMethod(), query);
            respond(exchange, 200, "application/json", answer.toPrettyString());
        } catch (AwsErrorException error) {
            respond(
                    exchange,
                    error.status(),
                    "application/json",
                    JSON.createObjectNode().put("message", error.getMessage()).toString());
        }
    }

    private static RequestContext contextOf(HttpExchange exchange) {
        var host = exchange.getRequestHeaders().getFirst("Host");
        URI asCalled;
        var scheme =
                "https".equals(exchange.getRequestHeaders().getFirst("X-Forwarded-Proto"))
                        ? "https://"
                        : "http://";
        try {
            asCalled = URI.create(scheme + (host == null ? "localhost" : host));
        } catch (IllegalArgumentException strangeHost) {
            asCalled = URI.create("http://localhost");
        }
        return new RequestContext(
                UUID.randomUUID(), scope(exchange, REGION, "us-east-1"), ACCOUNT, asCalled);
    }

    /// Part of the credential scope, from the header or, of a presigned request, from the query.
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

    private ServiceCall identify(HttpExchange exchange, RequestContext context) {
        if (scope(exchange, SERVICE, "").equals(S3)) {
            // Before its paths are looked at: they are whatever somebody calls an object.
            return new ServiceCall(exchange, AwsProtocol.REST_XML, S3, context);
        }
        var headers = exchange.getRequestHeaders();
        var path = exchange.getRequestURI().getPath();
        var rpc = RPC.matcher(path);
        if (rpc.matches()) {
            var service = SERVICE_OF_TARGET.getOrDefault(rpc.group(1), rpc.group(1));
            return new ServiceCall(exchange, AwsProtocol.RPC_V2_CBOR, service, context)
                    .of(rpc.group(2));
        }
        var target = headers.getFirst("X-Amz-Target");
        if (target != null) {
            int dot = target.indexOf('.');
            var service = SERVICE_OF_TARGET.get(dot < 0 ? target : target.substring(0, dot));
            if (service == null) {
                throw AwsErrorException.client(
                        "UnknownOperationException",
                        "local-cloud does not know the target " + target);
            }
            var type = Optional.ofNullable(headers.getFirst("Content-Type")).orElse("");
            var protocol = type.contains("1.0") ? AwsProtocol.JSON_1_0 : AwsProtocol.JSON_1_1;
            return new ServiceCall(exchange, protocol, service, context)
                    .of(target.substring(dot + 1));
        }
        if (path.startsWith("/v2/email/")) {
            return new ServiceCall(exchange, AwsProtocol.REST_JSON, "ses", context)
                    .of(exchange.getRequestMethod() + " " + path.substring("/v2/email".length()));
        }
        var service = scope(exchange, SERVICE, serviceOfUnsigned(exchange));
        var call =
                new ServiceCall(
                        exchange,
                        AwsProtocol.QUERY,
                        service.equals("email") ? "ses" : service,
                        context);
        if (service.equals(S3)) {
            return new ServiceCall(exchange, AwsProtocol.REST_XML, S3, context);
        }
        if (!services.containsKey(call.service()) && !passThroughs.containsKey(call.service())) {
            throw AwsErrorException.withStatus(
                    404,
                    "UnknownService",
                    service.isEmpty()
                            ? "the request names no service: it has no signature, target or RPC path"
                            : "local-cloud does not have the service " + service);
        }
        return call;
    }

    /// Without a signature a form that names an action is for a queue, by its URL; anything else
    /// at a path is an anonymous request to S3.
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

    /// The links in SNS's messages, to confirm and to unsubscribe, are visited without a signature.
    private static String serviceOfLink(HttpExchange exchange) {
        var query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        return query.startsWith("Action=ConfirmSubscription&")
                        || query.startsWith("Action=Unsubscribe&")
                ? "sns"
                : "";
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        var in = exchange.getRequestBody();
        var encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
        if ("gzip".equalsIgnoreCase(encoding)) {
            var compressed = in.readNBytes(LARGEST_REQUEST + 1);
            try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
                return limited(unzipped, LARGEST_REQUEST);
            } catch (IOException notGzip) {
                throw AwsErrorException.client("SerializationException", "the body is not gzip");
            }
        }
        return limited(in, LARGEST_REQUEST);
    }

    private static byte[] limited(InputStream in, int largest) throws IOException {
        var body = in.readNBytes(largest + 1);
        if (body.length > largest) {
            throw AwsErrorException.withStatus(
                    413,
                    "RequestEntityTooLargeException",
                    "a request may have at most " + largest + " bytes");
        }
        return body;
    }

    /// Only temporary credentials, whose access keys begin so, are those of a role.
    private void requireAllowed(ServiceCall call, byte[] body) {
        var accessKey = scope(call.exchange(), ACCESS_KEY, "");
        if (!accessKey.startsWith("ASIA")) {
            return;
        }
        var passThrough = passThroughs.get(call.service());
        var request =
                passThrough == null
                        ? request(call, body)
                        : passThrough.describe(call.exchange(), call.context());
        gate.require(
                accessKey, call.service(), request.operation(), request.input(), call.context());
    }

    private void answer(ServiceCall call, byte[] body) throws IOException {
        var service = services.get(call.service());
        if (service == null) {
            throw AwsErrorException.withStatus(
                    404,
                    "UnknownService",
                    "local-cloud does not have the service " + call.service());
        }
        requireAllowed(call, body);
        var request = request(call, body);
        ObjectNode answer;
        try {
            answer = service.handle(request);
        } catch (JacksonException ofAnotherType) {
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
                            QueryXml.answer(
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
            case REST_XML -> throw new IllegalStateException("S3 answers for itself");
        }
    }

    private static AwsRequest request(ServiceCall call, byte[] body) {
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

    private void refuse(ServiceCall call, AwsErrorException error) throws IOException {
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
                            QueryXml.error(namespace(call), error, id));
            case REST_XML ->
                    respond(
                            call.exchange(),
                            error.status(),
                            "application/xml",
                            QueryXml.plainError(error, id));
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

    private static String namespace(ServiceCall call) {
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

    /// Stops listening, after at most a second for those who are being answered.
    @Override
    public void close() {
        if (!opened) {
            // One that never ran keeps its port when it stops.
            open();
        }
        servers.parallelStream().forEach(server -> server.stop(1));
        threads.shutdownNow();
    }

    private record ServiceCall(
            HttpExchange exchange,
            AwsProtocol protocol,
            String service,
            RequestContext context,
            @Nullable String named) {

        ServiceCall(
                HttpExchange exchange,
                AwsProtocol protocol,
                String service,
                RequestContext context) {
            this(exchange, protocol, service, context, null);
        }

        ServiceCall of(String operation) {
            return new ServiceCall(exchange, protocol, service, context, operation);
        }

        String operation() {
            return named == null ? "" : named;
        }
    }
}
