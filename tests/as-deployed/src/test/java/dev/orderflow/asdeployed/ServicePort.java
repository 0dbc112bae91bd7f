package dev.orderflow.asdeployed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The stable port of a service while its tasks are replaced: each new connection goes to the
/// current task. Like a load balancer, it does not move an open connection to another task.
final class ServicePort implements AutoCloseable {

    private static final int NO_TASK = 0;

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile int task = NO_TASK;

    ServicePort() {
        try {
            listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException unavailable) {
            throw new UncheckedIOException(unavailable);
        }
        threads.execute(this::accept);
    }

    int number() {
        return listener.getLocalPort();
    }

    /// Sets the task of all new connections.
    ///
    /// @param port on which the task listens
    void setTask(int port) {
        task = port;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                threads.execute(() -> connect(client));
            } catch (IOException _) {
                // The loop ends when the listener was closed.
            }
        }
    }

    private void connect(Socket client) {
        if (task == NO_TASK) {
            close(client);
            return;
        }
        try (client;
                var server = new Socket(InetAddress.getLoopbackAddress(), task)) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Future<?> requests = threads.submit(() -> copy(client, server));
            copy(server, client);
            requests.cancel(true);
        } catch (IOException _) {
            // The caller's connection is closed, too.
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException _) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // The socket is already closed.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
