package dev.orderflow.sandboxes.gateway;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What the gateway sends back.
record Reply(int status, byte[] body) {

    static Reply json(int status, Object content) {
        return new Reply(status, JsonMapper.shared().writeValueAsBytes(content));
    }

    static Reply problem(int status, String detail) {
        return json(status, Map.of("status", status, "detail", detail));
    }

    void send(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
