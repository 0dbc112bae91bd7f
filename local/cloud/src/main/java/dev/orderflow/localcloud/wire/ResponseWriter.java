package dev.orderflow.localcloud.wire;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.cbor.CBORMapper;

/// Writes results, errors and pages, each in the protocol of its request.
final class ResponseWriter {

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

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final CBORMapper CBOR = new CBORMapper();

    private ResponseWriter() {}

    /// Writes the result of a call.
    static void respond(AwsCall call, String operation, ObjectNode answer) throws IOException {
        var id = call.context().requestId().toString();
        call.exchange().getResponseHeaders().set("x-amzn-RequestId", id);
        switch (call.protocol()) {
            case QUERY ->
                    respond(
                            call.exchange(),
                            200,
                            "text/xml",
                            QueryXml.responseDocument(
                                    namespace(call), call.service(), operation, answer, id));
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

    static void respondError(AwsCall call, AwsErrorException failure) throws IOException {
        var error = withCodeOf(call.protocol(), failure);
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

    /// The query protocol has a name of its own for an unknown operation.
    private static AwsErrorException withCodeOf(AwsProtocol protocol, AwsErrorException error) {
        return protocol == AwsProtocol.QUERY && error.code().equals("UnknownOperationException")
                ? AwsErrorException.withStatus(
                        error.status(), "InvalidAction", String.valueOf(error.getMessage()))
                : error;
    }

    private static String namespace(AwsCall call) {
        return NAMESPACES.getOrDefault(call.service(), "https://orderflow.dev/local-cloud/");
    }

    static void respond(HttpExchange exchange, int status, String type, String body)
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
}
