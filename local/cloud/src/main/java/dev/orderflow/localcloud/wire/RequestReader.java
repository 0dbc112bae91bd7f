package dev.orderflow.localcloud.wire;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.cbor.CBORMapper;

/// Reads the bodies of requests in every protocol but S3's.
final class RequestReader {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final CBORMapper CBOR = new CBORMapper();

    private RequestReader() {}

    /// The body, decompressed.
    static byte[] body(HttpExchange exchange) throws IOException {
        var in = exchange.getRequestBody();
        var encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
        if ("gzip".equalsIgnoreCase(encoding)) {
            var compressed = in.readNBytes(HttpGateway.LARGEST_REQUEST + 1);
            try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
                return readLimited(unzipped, HttpGateway.LARGEST_REQUEST);
            } catch (IOException _) {
                throw AwsErrorException.client("SerializationException", "the body is not gzip");
            }
        }
        return readLimited(in, HttpGateway.LARGEST_REQUEST);
    }

    static byte[] readLimited(InputStream in, int largest) throws IOException {
        var body = in.readNBytes(largest + 1);
        if (body.length > largest) {
            throw AwsErrorException.withStatus(
                    413,
                    "RequestEntityTooLargeException",
                    "a request must not exceed " + largest + " bytes");
        }
        return body;
    }

    static AwsRequest request(AwsCall call, byte[] body) {
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
}
