package dev.orderflow.localcloud.sqs;

import com.sun.net.httpserver.HttpExchange;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsError;
import dev.orderflow.localcloud.wire.Front;
import dev.orderflow.localcloud.wiring.Queues;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.elasticmq.NodeAddress;
import org.elasticmq.StrictSQSLimits$;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.elasticmq.util.NowProvider;
import org.jspecify.annotations.Nullable;
import scala.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// SQS by ElasticMQ, on a port of its own that only this class knows.
///
/// Visibility and delay follow the cloud's clock; a long poll waits on the wall clock.
///
/// ElasticMQ looks at a waiting poll again when a message is sent, but counts on the wall clock how
/// long a hidden one stays hidden. Under a faster clock a long poll is therefore passed on in
/// pieces of a second, so that such a message is found a second late at most. This holds for polls
/// of the JSON protocol that say how long they wait, as today's SDKs and CLI do.
public final class Sqs implements Front.PassThrough, Front.Page, Queues, AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> NOT_FORWARDED =
            Set.of(
                    "connection",
                    "content-length",
                    "content-encoding",
                    "expect",
                    "host",
                    "transfer-encoding",
                    "upgrade");

    private static final String WAIT = "WaitTimeSeconds";

    /// A long poll takes 20 s at most.
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(40);

    private static final int LONGEST_POLL_SECONDS = 20;

    private static final String RECEIVE = "ReceiveMessage";

    /// What an answer without messages looks like is no longer than this.
    private static final int LONGEST_EMPTY_ANSWER = "{\"Messages\":[]}".length();

    private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final CloudClock clock;
    private final ActorSystem actors;
    private final SQSRestServer server;
    private final URI internal;
    private final URI endpoint;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /// @param endpoint where callers reach the cloud; queue URLs are made with it
    public Sqs(CloudClock clock, URI endpoint) {
        this.clock = clock;
        this.endpoint = endpoint;
        this.actors = ActorSystem.create("elasticmq");
        var now =
                new NowProvider() {
                    @Override
                    public long nowMillis() {
                        return clock.millis();
                    }
                };
        var manager =
                actors.actorOf(
                        Props.create(
                                QueueManagerActor.class,
                                () ->
                                        new QueueManagerActor(
                                                now, StrictSQSLimits$.MODULE$, Option.empty())));
        this.server =
                SQSRestServerBuilder.withActorSystem(actors)
                        .withQueueManagerActor(manager)
                        .withInterface("127.0.0.1")
                        .withDynamicPort()
                        .withServerAddress(
                                new NodeAddress("http", endpoint.getHost(), endpoint.getPort(), ""))
                        .withAWSRegion("us-east-1")
                        .withAWSAccountId(Front.ACCOUNT)
                        .start();
        var address = server.waitUntilStarted().localAddress();
        this.internal = URI.create("http://127.0.0.1:" + address.getPort());
    }

    @Override
    public void handle(HttpExchange exchange, byte[] body) throws IOException {
        var target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        if (target != null) {
            Parameters.require(body);
        }
        UnsupportedAttributes.refuse(target, body);
        var answer = answer(exchange, body);
        requireAnswerOfSqs(target, answer);
        if (target != null && answer.statusCode() == 200) {
            var operation = target.substring(target.indexOf('.') + 1);
            boolean empty =
                    operation.equals(RECEIVE) && answer.body().length <= LONGEST_EMPTY_ANSWER;
            count(empty ? "EmptyReceive" : operation);
        }
        answer.headers()
                .map()
                .forEach(
                        (name, values) -> {
                            if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                                exchange.getResponseHeaders().put(name, values);
                            }
                        });
        exchange.sendResponseHeaders(
                answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
        if (answer.body().length > 0) {
            exchange.getResponseBody().write(answer.body());
        }
    }

    /// ElasticMQ answers a request that it cannot make sense of with the words of its web server,
    /// and often as if the failure were its own.
    private static void requireAnswerOfSqs(@Nullable String target, HttpResponse<byte[]> answer) {
        if (answer.statusCode() < 400) {
            return;
        }
        var text = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.statusCode() >= 500 || !text.contains(target == null ? "<Code>" : "__type")) {
            throw AwsError.client(
                    "InvalidParameterValue", "SQS cannot make sense of a parameter of the request");
        }
    }

    private HttpResponse<byte[]> answer(HttpExchange exchange, byte[] body) throws IOException {
        var poll = clock.factor() > 1 ? longPoll(exchange, body) : null;
        if (poll == null) {
            return send(forwarded(exchange, body), HttpResponse.BodyHandlers.ofByteArray());
        }
        int seconds = poll.path(WAIT).intValue();
        var piece =
                forwarded(exchange, poll.put(WAIT, 1).toString().getBytes(StandardCharsets.UTF_8));
        while (true) {
            var answer = send(piece, HttpResponse.BodyHandlers.ofByteArray());
            seconds--;
            if (seconds == 0
                    || answer.statusCode() != 200
                    || !JSON.readTree(answer.body()).path("Messages").isEmpty()) {
                return answer;
            }
        }
    }

    /// The request when it waits for messages, null when it does not or is not well formed.
    private static @Nullable ObjectNode longPoll(HttpExchange exchange, byte[] body) {
        if (!"AmazonSQS.ReceiveMessage"
                .equals(exchange.getRequestHeaders().getFirst("X-Amz-Target"))) {
            return null;
        }
        try {
            return JSON.readTree(body) instanceof ObjectNode poll
                            && poll.path(WAIT).isInt()
                            && poll.path(WAIT).intValue() > 1
                            && poll.path(WAIT).intValue() <= LONGEST_POLL_SECONDS
                    ? poll
                    : null;
        } catch (JacksonException forSqsToRefuse) {
            return null;
        }
    }

    /// The same request for ElasticMQ. Its address is put together as text: resolving a path that
    /// begins with two slashes would lead to another host.
    private HttpRequest forwarded(HttpExchange exchange, byte[] body) {
        var path = exchange.getRequestURI().getRawPath();
        var query = exchange.getRequestURI().getRawQuery();
        try {
            var request =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            internal + path + (query == null ? "" : "?" + query)))
                            .timeout(LONGEST_ANSWER)
                            .method(
                                    exchange.getRequestMethod(),
                                    HttpRequest.BodyPublishers.ofByteArray(body));
            exchange.getRequestHeaders()
                    .forEach(
                            (name, values) -> {
                                if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                                    values.forEach(value -> request.header(name, value));
                                }
                            });
            return request.build();
        } catch (IllegalArgumentException notHttp) {
            throw AwsError.client("InvalidRequest", "the request is not valid HTTP");
        }
    }

    @Override
    public String send(
            String queueArn,
            String body,
            Map<String, String> attributes,
            @Nullable String messageGroupId) {
        var typed = new LinkedHashMap<String, TypedAttribute>();
        attributes.forEach((name, value) -> typed.put(name, new TypedAttribute("String", value)));
        return sendTyped(queueArn, body, typed, messageGroupId);
    }

    @Override
    public String sendTyped(
            String queueArn,
            String body,
            Map<String, TypedAttribute> attributes,
            @Nullable String messageGroupId) {
        var input = JSON.createObjectNode();
        input.put("QueueUrl", urlOf(queueArn)).put("MessageBody", body);
        if (messageGroupId != null) {
            input.put("MessageGroupId", messageGroupId);
        }
        if (!attributes.isEmpty()) {
            var all = input.putObject("MessageAttributes");
            attributes.forEach(
                    (name, attribute) ->
                            all.putObject(name)
                                    .put("DataType", attribute.type())
                                    .put(
                                            attribute.type().startsWith("Binary")
                                                    ? "BinaryValue"
                                                    : "StringValue",
                                            attribute.value()));
        }
        var sent = call("SendMessage", input).path("MessageId").asString();
        count("SendMessage");
        return sent;
    }

    private void count(String operation) {
        requests.computeIfAbsent(operation, _ -> new LongAdder()).increment();
    }

    /// The requests that were answered so far, by operation, as AWS would bill them: those of
    /// callers in the JSON protocol and those of other services of the cloud. A receive that
    /// brought nothing is an `EmptyReceive`.
    @Override
    public JsonNode answer(String method, String query) {
        var answer = JSON.createObjectNode();
        requests.forEach((operation, count) -> answer.put(operation, count.sum()));
        return answer;
    }

    @Override
    public boolean exists(String queueArn) {
        try {
            call("GetQueueUrl", JSON.createObjectNode().put("QueueName", nameOf(queueArn)));
            return true;
        } catch (AwsError noSuchQueue) {
            return false;
        }
    }

    /// Calls an operation of SQS as a client would.
    ///
    /// @throws AwsError when SQS refuses
    public JsonNode call(String operation, ObjectNode input) {
        var request =
                HttpRequest.newBuilder(internal)
                        .timeout(LONGEST_ANSWER)
                        .header("X-Amz-Target", "AmazonSQS." + operation)
                        .header("Content-Type", "application/x-amz-json-1.0")
                        .POST(HttpRequest.BodyPublishers.ofString(input.toString()))
                        .build();
        try {
            var answer = send(request, HttpResponse.BodyHandlers.ofString());
            var body =
                    answer.body().isEmpty()
                            ? JSON.createObjectNode()
                            : JSON.readTree(answer.body());
            if (answer.statusCode() / 100 != 2) {
                var type = body.path("__type").asString("InternalFailure");
                var code = type.substring(type.indexOf('#') + 1);
                throw AwsError.withStatus(
                        answer.statusCode(),
                        code.equals("QueueDoesNotExist")
                                ? "AWS.SimpleQueueService.NonExistentQueue"
                                : code,
                        body.path("message")
                                .asString(
                                        body.path("Message").asString("SQS refused " + operation)));
            }
            return body;
        } catch (IOException failed) {
            throw AwsError.withStatus(500, "InternalFailure", "SQS did not answer");
        }
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
            throws IOException {
        try {
            return http.send(request, body);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped", stopped);
        }
    }

    private String urlOf(String queue) {
        return endpoint + "/" + Front.ACCOUNT + "/" + nameOf(queue);
    }

    private static String nameOf(String queue) {
        return queue.substring(Math.max(queue.lastIndexOf(':'), queue.lastIndexOf('/')) + 1);
    }

    @Override
    public void close() {
        server.stopAndWait();
        actors.terminate();
        http.shutdownNow();
    }
}
