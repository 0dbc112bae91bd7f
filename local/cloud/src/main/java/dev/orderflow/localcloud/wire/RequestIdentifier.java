package dev.orderflow.localcloud.wire;

import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Finds the service, the protocol and the operation of a request.
final class RequestIdentifier {

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

    private static final String S3 = "s3";

    /// Groups of [#SCOPE].
    private static final int ACCESS_KEY = 1;

    private static final int REGION = 2;

    private static final int SERVICE = 3;

    private RequestIdentifier() {}

    static RequestContext context(HttpExchange exchange) {
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
                UUID.randomUUID(),
                scope(exchange, REGION, "us-east-1"),
                HttpGateway.ACCOUNT,
                asCalled);
    }

    /// The access key of the signature, empty when unsigned.
    static String accessKey(HttpExchange exchange) {
        return scope(exchange, ACCESS_KEY, "");
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

    /// @param supported whether the local cloud supports a service, by its signing name
    static AwsCall identify(
            HttpExchange exchange, RequestContext context, Predicate<String> supported) {
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
        return new AwsCall(exchange, protocolOf(exchange, name, supported), name, context);
    }

    /// Without a target, the supported services use the query protocol. Of the others, most that
    /// send no form use REST with JSON.
    private static AwsProtocol protocolOf(
            HttpExchange exchange, String service, Predicate<String> supported) {
        boolean other = !service.isEmpty() && !supported.test(service);
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
    static String serviceOfVersion(byte[] body) {
        var version = API_VERSION.matcher(new String(body, StandardCharsets.ISO_8859_1));
        return version.find() ? SERVICE_OF_VERSION.getOrDefault(version.group(1), "") : "";
    }
}
