package dev.orderflow.localmachine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Ports of the loopback interface that were free a moment ago, for servers whose port is chosen
/// before they start, or that start again on the same port.
///
/// They are below the range that operating systems use for outgoing connections (from 32768 on
/// Linux, from 49152 elsewhere). A port in that range can be taken by any connection while its
/// server is down.
public final class FreePorts {

    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_767;
    private static final int MAX_ATTEMPTS = 1_000;

    private FreePorts() {}

    /// Finds a free port.
    ///
    /// @throws IllegalStateException if hardly any port is free
    public static int findOne() {
        return findMany(1).getFirst();
    }

    /// Finds several different free ports.
    ///
    /// @throws IllegalStateException if hardly any port is free
    public static List<Integer> findMany(int count) {
        var sockets = new ArrayList<ServerSocket>();
        try {
            for (int i = 0; i < MAX_ATTEMPTS && sockets.size() < count; i++) {
                int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
                try {
                    sockets.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
                } catch (IOException _) {
                    continue;
                }
            }
            if (sockets.size() < count) {
                throw new IllegalStateException(
                        "no %d free ports from %d to %d".formatted(count, LOWEST, HIGHEST));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            sockets.forEach(FreePorts::close);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
