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
/// They lie below those that operating systems give to outgoing connections (from 32768 on Linux,
/// from 49152 elsewhere): one of those may be taken by any connection while its server is
/// down.
public final class FreePorts {

    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_767;
    private static final int TRIES = 1_000;

    private FreePorts() {}

    /// A free port.
    public static int one() {
        return some(1).getFirst();
    }

    /// Several different free ports.
    ///
    /// @throws IllegalStateException when hardly any port is free
    public static List<Integer> some(int count) {
        var held = new ArrayList<ServerSocket>();
        try {
            for (int i = 0; i < TRIES && held.size() < count; i++) {
                int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
                try {
                    held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
                } catch (IOException taken) {
                    continue;
                }
            }
            if (held.size() < count) {
                throw new IllegalStateException(
                        "no %d free ports from %d to %d".formatted(count, LOWEST, HIGHEST));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            held.forEach(FreePorts::close);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException useless) {
            throw new IllegalStateException(useless);
        }
    }
}
