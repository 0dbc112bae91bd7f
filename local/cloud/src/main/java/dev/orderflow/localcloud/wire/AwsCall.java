package dev.orderflow.localcloud.wire;

import com.sun.net.httpserver.HttpExchange;
import org.jspecify.annotations.Nullable;

/// A request whose service and protocol are known; the operation of a form is in its body.
record AwsCall(
        HttpExchange exchange,
        AwsProtocol protocol,
        String service,
        RequestContext context,
        @Nullable String operationName) {

    AwsCall(HttpExchange exchange, AwsProtocol protocol, String service, RequestContext context) {
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
