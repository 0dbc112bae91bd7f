package dev.orderflow.sandboxes.gateway;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// A response of the gateway.
record GatewayResponse(int status, byte[] body) {

    static GatewayResponse json(int status, Object content) {
        return new GatewayResponse(status, JsonMapper.shared().writeValueAsBytes(content));
    }

    static GatewayResponse problem(int status, String detail) {
        return json(status, Map.of("status", status, "detail", detail));
    }

    void send(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
