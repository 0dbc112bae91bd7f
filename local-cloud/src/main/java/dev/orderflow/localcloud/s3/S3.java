package dev.orderflow.localcloud.s3;

import com.sun.net.httpserver.HttpExchange;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsError;
import dev.orderflow.localcloud.wire.Front;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Keeps objects in memory, by [the REST API](https://docs.aws.amazon.com/AmazonS3/latest/API/),
/// with the bucket in the path.
///
/// A header or a subresource that is not known here is refused by its name: it may ask for
/// something that would silently not happen.
public final class S3 implements Front.PassThrough {

    /// What all objects together may weigh.
    private static final long MOST_BYTES = 256L * 1024 * 1024;

    private static final int LONGEST_KEY = 1024;

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    private static final Set<String> KNOWN_HEADERS =
            Set.of(
                    "x-amz-date",
                    "x-amz-content-sha256",
                    "x-amz-security-token",
                    // What a browser's SDK sends in place of User-Agent.
                    "x-amz-user-agent",
                    // Offers the SDK a checksum behind the body; S3 need not give one.
                    "x-amz-te",
                    "x-amz-decoded-content-length",
                    "x-amz-trailer",
                    "x-amz-sdk-checksum-algorithm",
                    "x-amz-checksum-mode",
                    "x-amz-expected-bucket-owner");

    /// Headers of plain HTTP that would make an answer another one.
    private static final List<String> CONDITIONS =
            List.of(
                    "If-Match",
                    "If-None-Match",
                    "If-Modified-Since",
                    "If-Unmodified-Since",
                    "Range");

    private final CloudClock clock;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    public S3(CloudClock clock) {
        this.clock = clock;
    }

    @Override
    public void handle(HttpExchange exchange, byte[] body) throws IOException {
        var path = exchange.getRequestURI().getPath();
        int slash = path.indexOf('/', 1);
        var bucket = slash < 0 ? path.substring(1) : path.substring(1, slash);
        var key = slash < 0 ? "" : path.substring(slash + 1);
        var subresource = subresource(exchange);
        refuseUnknownHeaders(exchange);
        exchange.getResponseHeaders().set("x-amz-request-id", UUID.randomUUID().toString());
        var what = exchange.getRequestMethod() + (key.isEmpty() ? " bucket" : " object");
        var content = Content.of(exchange.getRequestHeaders(), body);
        switch (what + (subresource == null ? "" : "?" + subresource)) {
            case "PUT bucket" -> create(exchange, bucket);
            case "HEAD bucket" -> {
                existing(bucket);
                exchange.getResponseHeaders().set("x-amz-bucket-region", "us-east-1");
                answer(exchange, 200);
            }
            case "PUT bucket?lifecycle" -> {
                existing(bucket).expireBy(Lifecycle.read(content.bytes()));
                answer(exchange, 200);
            }
            case "GET bucket?lifecycle" -> {
                exchange.getResponseHeaders().set("Content-Type", "application/xml");
                answer(exchange, existing(bucket).lifecycle().write());
            }
            case "PUT object" -> put(exchange, existing(bucket), key, content);
            case "GET object", "HEAD object" -> get(exchange, existing(bucket), key);
            case "DELETE object" -> {
                existing(bucket).remove(key);
                answer(exchange, 204);
            }
            case String other when other.startsWith("POST") ->
                    throw AwsError.withStatus(
                            405,
                            "MethodNotAllowed",
                            "The specified method is not allowed against this resource.");
            case String other -> throw notImplemented("the operation " + other);
        }
    }

    private void create(HttpExchange exchange, String name) throws IOException {
        if (!BUCKET.matcher(name).matches()) {
            throw AwsError.client("InvalidBucketName", "the name is not valid for a bucket");
        }
        buckets.putIfAbsent(name, new Bucket(clock));
        exchange.getResponseHeaders().set("Location", "/" + name);
        answer(exchange, 200);
    }

    private Bucket existing(String name) {
        var bucket = buckets.get(name);
        if (bucket == null) {
            throw AwsError.withStatus(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        return bucket;
    }

    private void put(HttpExchange exchange, Bucket bucket, String key, Content content)
            throws IOException {
        if (key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
            throw AwsError.client("KeyTooLongError", "Your key is too long");
        }
        long others = buckets.values().stream().mapToLong(Bucket::bytes).sum();
        if (others + content.bytes().length > MOST_BYTES) {
            throw AwsError.withStatus(
                    507,
                    "InsufficientStorage",
                    "local-cloud keeps at most " + MOST_BYTES + " bytes of objects");
        }
        var object = StoredObject.of(exchange.getRequestHeaders(), content, clock.instant());
        bucket.put(key, object);
        exchange.getResponseHeaders().set("ETag", object.etag());
        object.checksum().forEach(exchange.getResponseHeaders()::set);
        answer(exchange, 200);
    }

    private static void get(HttpExchange exchange, Bucket bucket, String key) throws IOException {
        var object = bucket.get(key);
        if (object == null) {
            throw AwsError.withStatus(404, "NoSuchKey", "The specified key does not exist.");
        }
        var headers = exchange.getResponseHeaders();
        object.headers().forEach(headers::set);
        if ("ENABLED"
                .equalsIgnoreCase(exchange.getRequestHeaders().getFirst("x-amz-checksum-mode"))) {
            object.checksum().forEach(headers::set);
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", Integer.toString(object.bytes().length));
        }
        answer(exchange, object.bytes());
    }

    private static @Nullable String subresource(HttpExchange exchange) {
        var query = exchange.getRequestURI().getQuery();
        if (query == null || query.isEmpty()) {
            return null;
        }
        var names =
                Arrays.stream(query.split("&"))
                        .map(part -> part.split("=", 2)[0])
                        .filter(name -> !name.equals("x-id"))
                        .toList();
        if (names.isEmpty()) {
            return null;
        }
        if (!names.equals(List.of("lifecycle"))) {
            throw notImplemented("the query parameter " + String.join(", ", names));
        }
        return names.getFirst();
    }

    private static void refuseUnknownHeaders(HttpExchange exchange) {
        var headers = exchange.getRequestHeaders();
        var owner = headers.getFirst("x-amz-expected-bucket-owner");
        if (owner != null && !owner.equals(Front.ACCOUNT)) {
            throw AwsError.withStatus(403, "AccessDenied", "the bucket is not of that owner");
        }
        var names =
                headers.keySet().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        for (var name : names) {
            if (name.startsWith("x-amz-")
                    && !name.startsWith(StoredObject.METADATA)
                    && !KNOWN_HEADERS.contains(name)
                    && !Checksum.isKnown(name)) {
                throw notImplemented("the header " + name);
            }
        }
        for (var condition : CONDITIONS) {
            if (headers.containsKey(condition)) {
                throw notImplemented("the header " + condition);
            }
        }
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        boolean silent = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(200, silent ? -1 : body.length);
        if (!silent) {
            exchange.getResponseBody().write(body);
        }
    }

    static AwsError notImplemented(String what) {
        return AwsError.withStatus(501, "NotImplemented", "local-cloud does not support " + what);
    }

    /// The objects of a bucket, without those that have expired.
    private static final class Bucket {

        private final CloudClock clock;
        private final Map<String, StoredObject> objects = new TreeMap<>();
        private @Nullable Lifecycle lifecycle;

        Bucket(CloudClock clock) {
            this.clock = clock;
        }

        synchronized void put(String key, StoredObject object) {
            objects.put(key, object);
        }

        synchronized @Nullable StoredObject get(String key) {
            expire();
            return objects.get(key);
        }

        synchronized void remove(String key) {
            objects.remove(key);
        }

        synchronized long bytes() {
            expire();
            return objects.values().stream().mapToLong(object -> object.bytes().length).sum();
        }

        synchronized void expireBy(Lifecycle other) {
            lifecycle = other;
        }

        synchronized Lifecycle lifecycle() {
            if (lifecycle == null) {
                throw AwsError.withStatus(
                        404,
                        "NoSuchLifecycleConfiguration",
                        "The lifecycle configuration does not exist");
            }
            return lifecycle;
        }

        private void expire() {
            var rules = lifecycle;
            if (rules != null) {
                var now = clock.instant();
                objects.entrySet()
                        .removeIf(
                                entry ->
                                        rules.hasExpired(
                                                entry.getKey(), entry.getValue().storedAt(), now));
            }
        }
    }
}
