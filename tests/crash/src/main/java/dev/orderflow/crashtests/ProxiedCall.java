package dev.orderflow.crashtests;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A request through a proxy, identified by the name that faults refer to: `sqs:DeleteMessage` for
/// the cloud, `POST /orders/*/cancellation` for all others.
///
/// @param name the operation, without ids
record ProxiedCall(String name) {

    private static final Pattern SCOPE =
            Pattern.compile("Credential=[^/,]*/[0-9]*/[a-z0-9-]*/([a-z0-9-]*)/aws4_request");
    private static final Pattern ACTION = Pattern.compile("(?:^|&)Action=([A-Za-z]+)");
    private static final Pattern ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f-]{27}|pi_\\w+|[0-9a-f-]{36}:.*");
    private static final Map<String, String> SERVICES =
            Map.of("AmazonSQS", "sqs", "AWSEvents", "events", "AWSStepFunctions", "states");

    static ProxiedCall of(String method, String path, Headers headers, byte[] body) {
        var target = headers.getFirst("X-Amz-Target");
        if (target != null) {
            int dot = target.lastIndexOf('.');
            var service = target.substring(0, Math.max(dot, 0));
            return aws(SERVICES.getOrDefault(service, service), target.substring(dot + 1));
        }
        var authorization = headers.getFirst("Authorization");
        if (authorization != null) {
            var scope = SCOPE.matcher(authorization);
            if (scope.find()) {
                var action = ACTION.matcher(new String(body, StandardCharsets.UTF_8));
                if (action.find()) {
                    return aws(scope.group(1), action.group(1));
                }
                return aws(
                        scope.group(1),
                        path.endsWith("/outbound-emails") ? "SendEmail" : method + " " + path);
            }
        }
        return new ProxiedCall(
                method
                        + " "
                        + Arrays.stream(path.split("/"))
                                .map(segment -> ID.matcher(segment).matches() ? "*" : segment)
                                .collect(Collectors.joining("/")));
    }

    /// Single and batch operations are the same injection point.
    private static ProxiedCall aws(String service, String operation) {
        return new ProxiedCall(
                service
                        + ":"
                        + (operation.endsWith("Batch")
                                ? operation.substring(0, operation.length() - 5)
                                : operation));
    }

    boolean receives() {
        return name.equals("sqs:ReceiveMessage");
    }
}
