package dev.orderflow.defaults.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Exits with code 0 if a GET is answered with status 200, and with 1 otherwise.
///
/// ```
/// java -cp /app/probe dev.orderflow.defaults.probe.HealthProbe 127.0.0.1 9080 /actuator/health
/// ```
///
/// It writes HTTP to a socket itself: loading the classes of `HttpClient` makes this short-lived
/// JVM three times as slow.
public final class HealthProbe {

    private static final int TIMEOUT_MILLIS = 3_000;

    private HealthProbe() {}

    /// @param args host, port and path
    public static void main(String[] args) {
        if (args.length != 3) {
            System.err.println("usage: HealthProbe HOST PORT PATH");
            System.exit(2);
        }
        System.exit(isHealthy(args[0], Integer.parseInt(args[1]), args[2]) ? 0 : 1);
    }

    private static boolean isHealthy(String host, int port, String path) {
        try (var socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            var request = "GET " + path + " HTTP/1.0\r\nHost: " + host + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var answer =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            var status = answer.readLine();
            return status != null && status.startsWith("HTTP/1.") && status.startsWith(" 200", 8);
        } catch (IOException _) {
            return false;
        }
    }
}
