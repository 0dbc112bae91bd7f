package dev.orderflow.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.LongPredicate;

/// Clients that place orders, each the next one as soon as the last one is answered. A client has
/// one connection at a time, until the service closes it, and costs as little as possible: it sends
/// prepared bytes and reads of the response what it must.
final class HttpOrderLoad {

    private static final int KEY_LENGTH = 36;

    private final URI url;
    private final IntFunction<String> authorization;
    private final String body;

    /// @param url the base URL of the API
    /// @param authorization the header of each client
    /// @param body of all requests
    HttpOrderLoad(URI url, IntFunction<String> authorization, String body) {
        this.url = url;
        this.authorization = authorization;
        this.body = body;
    }

    /// The header of a client.
    String authorization(int client) {
        return authorization.apply(client);
    }

    /// The result of a run.
    ///
    /// @param perSecond accepted orders per second
    /// @param orders accepted orders
    /// @param p50 and
    /// @param p99 the latencies in milliseconds
    record LoadResult(double perSecond, long orders, double p50, double p99) {}

    /// Places orders for some time.
    ///
    /// @throws BenchmarkFailedException when an order is not accepted
    LoadResult run(int clients, Duration length) {
        long end = System.nanoTime() + length.toNanos();
        return run(clients, _ -> System.nanoTime() < end);
    }

    /// Places a number of orders.
    ///
    /// @throws BenchmarkFailedException when an order is not accepted
    LoadResult run(int clients, int orders) {
        var left = new AtomicInteger(orders);
        return run(clients, _ -> left.getAndDecrement() > 0);
    }

    /// Places a number of orders with one client, so many a second.
    ///
    /// @throws BenchmarkFailedException when an order is not accepted
    LoadResult runAtRate(int perSecond, int orders) {
        long startedAt = System.nanoTime();
        return run(
                1,
                count -> {
                    long due = startedAt + count * 1_000_000_000L / perSecond;
                    while (due - System.nanoTime() > 0) {
                        LockSupport.parkNanos(due - System.nanoTime());
                    }
                    return count < orders;
                });
    }

    /// @param goesOn whether a client that has placed so many orders places another; may wait
    private LoadResult run(int clients, LongPredicate goesOn) {
        long startedAt = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(clients)) {
            var running = new ArrayList<Future<long[]>>();
            for (int number = 0; number < clients; number++) {
                var header = authorization.apply(number);
                running.add(threads.submit(() -> placeWhile(goesOn, header)));
            }
            var latencies = new ArrayList<long[]>();
            for (var each : running) {
                latencies.add(each.get());
            }
            return result(latencies, System.nanoTime() - startedAt);
        } catch (ExecutionException failed) {
            throw new BenchmarkFailedException(
                    "placing orders failed: " + failed.getCause(), failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("stopped", stopped);
        }
    }

    private static LoadResult result(List<long[]> latencies, long nanos) {
        var all = latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        if (all.length == 0) {
            throw new BenchmarkFailedException("no order was accepted in " + nanos / 1e9 + " s");
        }
        return new LoadResult(
                all.length / (nanos / 1e9),
                all.length,
                all[all.length / 2] / 1e6,
                all[(int) (all.length * 0.99)] / 1e6);
    }

    private long[] placeWhile(LongPredicate goesOn, String header) throws IOException {
        var head =
                """
                POST /orders HTTP/1.1\r
                Host: %s\r
                Authorization: %s\r
                Content-Type: application/json\r
                Content-Length: %d\r
                Idempotency-Key: """
                                .formatted(
                                        url.getAuthority(),
                                        header,
                                        body.getBytes(StandardCharsets.UTF_8).length)
                        + " ";
        var request =
                (head + "x".repeat(KEY_LENGTH) + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.UTF_8);
        int keyAt = head.length();
        var latencies = new long[1 << 12];
        int count = 0;
        var keyPrefix = UUID.randomUUID().toString().substring(0, 20);
        var connection = new OrderConnection(url);
        try {
            while (goesOn.test(count)) {
                long sentAt = System.nanoTime();
                var key = keyPrefix + "%016d".formatted(count);
                key.getBytes(0, KEY_LENGTH, request, keyAt);
                connection.out.write(request);
                int status = connection.in.readStatus();
                if (status != 201) {
                    throw new IOException("POST /orders answered " + status);
                }
                long answeredAt = System.nanoTime();
                if (count == latencies.length) {
                    latencies = Arrays.copyOf(latencies, 2 * count);
                }
                latencies[count++] = answeredAt - sentAt;
                if (connection.in.isLast()) {
                    connection.close();
                    connection = new OrderConnection(url);
                }
            }
        } finally {
            connection.close();
        }
        return Arrays.copyOf(latencies, count);
    }

    private static final class OrderConnection {

        final Socket socket;
        final OutputStream out;
        final ResponseReader in;

        OrderConnection(URI url) throws IOException {
            socket = new Socket(url.getHost(), url.getPort());
            socket.setTcpNoDelay(true);
            out = socket.getOutputStream();
            in = new ResponseReader(socket.getInputStream());
        }

        void close() throws IOException {
            socket.close();
        }
    }

    /// Reads responses of HTTP/1.1 with `Content-Length`.
    static final class ResponseReader {

        private static final byte[] LENGTH =
                "\r\ncontent-length: ".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] CLOSE =
                "\r\nconnection: close\r\n".getBytes(StandardCharsets.US_ASCII);

        private final InputStream in;
        private boolean isLast;
        private final byte[] buffer = new byte[1 << 16];

        ResponseReader(InputStream in) {
            this.in = in;
        }

        /// Reads one response.
        ///
        /// @return its status
        int readStatus() throws IOException {
            int filled = 0;
            int headEnd = -1;
            while (headEnd < 0) {
                filled = fill(filled);
                headEnd = findHeadEnd(filled);
            }
            isLast = find(CLOSE, headEnd) >= 0;
            int total = headEnd + contentLength(headEnd);
            while (filled < total) {
                filled = fill(filled);
            }
            return (buffer[9] - '0') * 100 + (buffer[10] - '0') * 10 + buffer[11] - '0';
        }

        /// Whether the service closes the connection after the response that was read.
        boolean isLast() {
            return isLast;
        }

        private int fill(int filled) throws IOException {
            int count = in.read(buffer, filled, buffer.length - filled);
            if (count <= 0) {
                throw new EOFException("the service closed the connection");
            }
            return filled + count;
        }

        private int findHeadEnd(int filled) {
            for (int at = 3; at < filled; at++) {
                if (buffer[at] == '\n' && buffer[at - 1] == '\r' && buffer[at - 2] == '\n') {
                    return at + 1;
                }
            }
            return -1;
        }

        private int contentLength(int headEnd) throws IOException {
            int at = find(LENGTH, headEnd);
            if (at < 0) {
                throw new IOException("the response has no Content-Length");
            }
            int value = 0;
            for (int digit = at + LENGTH.length; buffer[digit] != '\r'; digit++) {
                value = 10 * value + buffer[digit] - '0';
            }
            return value;
        }

        /// @param text in lower case
        /// @return where it begins in the head; -1 if it is not there
        private int find(byte[] text, int headEnd) {
            for (int at = 0; at <= headEnd - text.length; at++) {
                int matched = 0;
                while (matched < text.length && lower(buffer[at + matched]) == text[matched]) {
                    matched++;
                }
                if (matched == text.length) {
                    return at;
                }
            }
            return -1;
        }

        private static int lower(byte letter) {
            return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
        }
    }
}
