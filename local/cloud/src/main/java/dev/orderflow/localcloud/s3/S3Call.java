package dev.orderflow.localcloud.s3;

import com.sun.net.httpserver.HttpExchange;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.HttpGateway;
import dev.orderflow.localcloud.wire.RequestContext;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/// One running request: what it asks for, and its response.
final class S3Call {

    private static final int LONGEST_KEY = 1024;

    private final HttpExchange exchange;
    private final S3Request request;
    private final UploadContent content;
    private final RequestContext context;
    private final S3Buckets buckets;
    private final CloudClock clock;

    S3Call(
            HttpExchange exchange,
            S3Request request,
            UploadContent content,
            RequestContext context,
            S3Buckets buckets,
            CloudClock clock) {
        this.exchange = exchange;
        this.request = request;
        this.content = content;
        this.context = context;
        this.buckets = buckets;
        this.clock = clock;
    }

    S3Request request() {
        return request;
    }

    UploadContent content() {
        return content;
    }

    RequestContext context() {
        return context;
    }

    S3Buckets buckets() {
        return buckets;
    }

    CloudClock clock() {
        return clock;
    }

    /// The current cloud time.
    Instant now() {
        return clock.instant();
    }

    /// The bucket of the request.
    S3Bucket bucket() {
        return buckets.require(request.bucket());
    }

    void requireRoom(int bytes) {
        buckets.requireRoom(bytes);
    }

    /// @throws AwsErrorException `KeyTooLongError`
    void requireKey() {
        if (request.key().getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
            throw AwsErrorException.client("KeyTooLongError", "Your key is too long");
        }
    }

    /// The tags in the header `x-amz-tagging`, empty when absent.
    Map<String, String> tagsOfHeader() {
        var header = request.header(StoredObject.TAGGING);
        return header == null ? Map.of() : S3Tags.ofHeader(header);
    }

    /// The source object of a copy, whose preconditions hold.
    StoredObject source() {
        var path =
                decodedSource(Optional.ofNullable(request.header("x-amz-copy-source")).orElse(""));
        int version = path.lastIndexOf("?versionId=");
        if (version >= 0) {
            S3RequestValidator.requireVersion(path.substring(version + "?versionId=".length()));
            path = path.substring(0, version);
        }
        int slash = path.indexOf('/');
        if (slash < 1 || path.startsWith("arn:")) {
            throw S3Errors.invalidArgument(
                    "Copy Source must mention the source bucket and key:"
                            + " sourcebucket/sourcekey");
        }
        var source =
                buckets.require(path.substring(0, slash)).requireObject(path.substring(slash + 1));
        S3Preconditions.requireSource(request, source);
        return source;
    }

    /// The result document of a copy.
    static byte[] copyResult(String root, String etag, Instant at) {
        return S3Xml.document(
                root, xml -> xml.put("LastModified", ObjectListing.moment(at)).put("ETag", etag));
    }

    static String decodedSource(String source) {
        try {
            var path = URLDecoder.decode(source.replace("+", "%2B"), StandardCharsets.UTF_8);
            return path.startsWith("/") ? path.substring(1) : path;
        } catch (IllegalArgumentException _) {
            throw S3Errors.invalidArgument("Invalid copy source encoding");
        }
    }

    /// Writes the only account, as listings have it.
    static void writeOwner(S3Xml xml) throws XMLStreamException {
        xml.put("ID", HttpGateway.ACCOUNT);
    }

    void set(String header, @Nullable String value) {
        exchange.getResponseHeaders().set(header, value);
    }

    void respond(int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
    }

    void respondXml(byte[] document) throws IOException {
        set("Content-Type", "application/xml");
        respondBytes(200, document);
    }

    void respondBytes(int status, byte[] body) throws IOException {
        boolean head = request.method().equals("HEAD");
        if (head) {
            set("Content-Length", Integer.toString(body.length));
        }
        boolean silent = body.length == 0 || head;
        exchange.sendResponseHeaders(status, silent ? -1 : body.length);
        if (!silent) {
            exchange.getResponseBody().write(body);
        }
    }
}
