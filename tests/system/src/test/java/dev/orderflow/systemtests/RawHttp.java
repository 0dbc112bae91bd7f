package dev.orderflow.systemtests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Sends raw HTTP requests that no HTTP client would send.
final class RawHttp {

    private static final int TIMEOUT_MILLIS = 60_000;

    /// @param line the method and target as on the wire
    /// @param headers complete header lines, valid or not
    record Request(URI service, String line, Iterable<String> headers, byte[] body) {

        @Override
        public String toString() {
            var text = new String(body, StandardCharsets.UTF_8);
            return "%s %s %s %s"
                    .formatted(
                            service,
                            line,
                            headers,
                            text.substring(0, Math.min(text.length(), 500)));
        }
    }

    /// @param status the status, or 0 without a response
    record Answer(int status, Map<String, String> headers, String body) {}

    private RawHttp() {}

    static Answer send(Request request) throws IOException {
        try (var socket = new Socket(request.service().getHost(), request.service().getPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            var head = new StringBuilder(request.line()).append(" HTTP/1.1\r\n");
            request.headers().forEach(header -> head.append(header).append("\r\n"));
            var bytes = new ByteArrayOutputStream();
            bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
            bytes.writeBytes(request.body());
            try {
                socket.getOutputStream().write(bytes.toByteArray());
            } catch (IOException _) {
                // the response may have arrived nevertheless
            }
            return parse(socket.getInputStream().readAllBytes());
        }
    }

    private static Answer parse(byte[] raw) {
        var text = new String(raw, StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0 || !text.startsWith("HTTP/1.1 ")) {
            return new Answer(0, Map.of(), text);
        }
        var headers = new TreeMap<String, String>();
        text.substring(0, end)
                .lines()
                .skip(1)
                .forEach(
                        line -> {
                            int colon = line.indexOf(':');
                            headers.put(
                                    line.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT),
                                    line.substring(colon + 1).strip());
                        });
        var body = text.substring(end + 4);
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            body = joined(raw, text.substring(0, end).getBytes(StandardCharsets.UTF_8).length + 4);
        }
        return new Answer(Integer.parseInt(text.substring(9, 12)), headers, body);
    }

    private static String joined(byte[] raw, int from) {
        var body = new ByteArrayOutputStream();
        int at = from;
        while (at < raw.length) {
            int line = at;
            while (raw[line] != '\r') {
                line++;
            }
            int length =
                    Integer.parseInt(new String(raw, at, line - at, StandardCharsets.US_ASCII), 16);
            if (length == 0) {
                break;
            }
            body.write(raw, line + 2, length);
            at = line + 2 + length + 2;
        }
        return body.toString(StandardCharsets.UTF_8);
    }
}
