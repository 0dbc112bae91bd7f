package dev.orderflow.localmachine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Free ports of the loopback interface, for servers whose port is chosen before they start, or
/// that start again on the same port.
///
/// No port is given out twice, also when several processes of this machine choose ports at the same
/// time: a process takes ports from blocks of its own. It owns a block as long as it listens on the
/// block's first port, which it does until it ends.
///
/// The ports are below the range that operating systems use for outgoing connections (from 32768 on
/// Linux, from 49152 elsewhere). A port in that range can be taken by any connection while its
/// server is down.
public final class FreePorts {

    private static final int LOWEST = 10_000;
    private static final int BLOCK_SIZE = 64;
    private static final int BLOCKS = (32_768 - LOWEST) / BLOCK_SIZE;

    /// Keeps the first port of each block of this process open.
    private static final List<ServerSocket> OWNED_BLOCKS = new ArrayList<>();

    private static final Deque<Integer> UNUSED = new ArrayDeque<>();

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
    public static synchronized List<Integer> findMany(int count) {
        var ports = new ArrayList<Integer>();
        while (ports.size() < count) {
            if (UNUSED.isEmpty()) {
                acquireBlock();
            }
            int port = UNUSED.remove();
            if (isFree(port)) {
                ports.add(port);
            }
        }
        return List.copyOf(ports);
    }

    private static void acquireBlock() {
        int first = ThreadLocalRandom.current().nextInt(BLOCKS);
        for (int i = 0; i < BLOCKS; i++) {
            int start = LOWEST + (first + i) % BLOCKS * BLOCK_SIZE;
            try {
                OWNED_BLOCKS.add(listen(start));
            } catch (IOException _) {
                continue;
            }
            for (int port = start + 1; port < start + BLOCK_SIZE; port++) {
                UNUSED.add(port);
            }
            return;
        }
        throw new IllegalStateException(
                "no free ports from %d to %d".formatted(LOWEST, LOWEST + BLOCKS * BLOCK_SIZE - 1));
    }

    private static boolean isFree(int port) {
        try (var _ = listen(port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }
}
