package dev.orderflow.sandboxes.carrier;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// A response of the carrier.
record CarrierResponse(int status, String contentType, byte[] body) {

    static CarrierResponse json(int status, Map<String, ?> content) {
        return new CarrierResponse(
                status, "application/json", JsonMapper.shared().writeValueAsBytes(content));
    }

    static CarrierResponse problem(int status, String detail) {
        return new CarrierResponse(
                status,
                "application/problem+json",
                JsonMapper.shared().writeValueAsBytes(Map.of("status", status, "detail", detail)));
    }

    void send(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
