package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Sends generated requests to every operation of every service. Each response must be one that the
/// OpenAPI document of the service describes, or a problem with status 4xx.
///
/// `-Dfuzz.seed=…` changes the requests, `-Dfuzz.requests=50000` their number.
class FuzzTest {

    private static final long SEED = Long.getLong("fuzz.seed", 20_261_128L);
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 8_000);
    private static final int AT_A_TIME = 8;
    private static final int REPETITIONS = 3;

    @Test
    void noFuzzedRequestCausesAServerError() throws Exception {
        try (var system = RunningSystem.described()) {
            var shop = new ShopClient(system);
            var articles = List.of("MUG-BLUE", "TEAPOT-IRON", shop.stocked("3.00", 100));
            var orders =
                    IntStream.range(0, 6)
                            .mapToObj(_ -> shop.order(articles.getLast(), 1, ShopClient.VISA))
                            .toList();
            var authorization =
                    Map.of(
                            "public", "Authorization: " + shop.authorization(),
                            "internal", "X-Api-Key: " + system.internalApiKey());
            var operations = operations(system);
            assertThat(operations).hasSizeGreaterThan(40);
            // `/error` repeats the response that it belongs to, and nothing more.
            assertThat(openToAnybody(operations))
                    .filteredOn(operation -> !operation.endsWith(" /error"))
                    .containsExactly("GET /catalogue");
            int each = Math.ceilDiv(REQUESTS, operations.size());
            var objections = new TreeMap<String, String>();
            var statuses = new HashMap<Integer, Integer>();
            try (var threads = Executors.newFixedThreadPool(AT_A_TIME)) {
                var runs =
                        operations.stream()
                                .map(
                                        operation ->
                                                threads.submit(
                                                        () -> {
                                                            var requests =
                                                                    new FuzzRequests(
                                                                            SEED
                                                                                    ^ operation
                                                                                            .toString()
                                                                                            .hashCode(),
                                                                            orders,
                                                                            articles,
                                                                            authorization);
                                                            for (int i = 0; i < each; i++) {
                                                                tell(
                                                                        operation,
                                                                        requests.request(operation),
                                                                        objections,
                                                                        statuses);
                                                            }
                                                            return null;
                                                        }))
                                .toList();
                for (var run : runs) {
                    run.get();
                }
            }
            System.out.println(
                    "%d operations, %d requests, answers by status %s"
                            .formatted(
                                    operations.size(),
                                    each * operations.size(),
                                    new TreeMap<>(statuses)));
            assertThat(objections).isEmpty();
        }
    }

    private static void tell(
            OpenApiOperation operation,
            FuzzRequests.FuzzRequest made,
            Map<String, String> objections,
            Map<Integer, Integer> statuses)
            throws IOException {
        var answer = send(made.request());
        var objection = operation.findMismatch(made, answer);
        synchronized (objections) {
            statuses.merge(answer.status(), 1, Integer::sum);
            objection.ifPresent(
                    why ->
                            objections.putIfAbsent(
                                    operation + ": " + why,
                                    made.request() + " was answered " + answer));
        }
    }

    private static RawHttp.Answer send(RawHttp.Request request) throws IOException {
        var answer = RawHttp.send(request);
        for (int i = 0; i < REPETITIONS && mayBeRepeated(answer); i++) {
            answer = RawHttp.send(request);
        }
        return answer;
    }

    /// On a machine that stands still for seconds, transactions exceed their time limit. The
    /// response then asks the client to repeat the request, and a repetition succeeds.
    private static boolean mayBeRepeated(RawHttp.Answer answer) {
        return answer.status() == 503 && answer.headers().containsKey("retry-after");
    }

    /// Operations that a caller without token and key can use: those that answer neither 401 nor
    /// 403.
    private static List<String> openToAnybody(List<OpenApiOperation> operations)
            throws IOException {
        var open = new ArrayList<String>();
        for (var operation : operations) {
            var path = operation.path().replaceAll("\\{[^}]*}", UUID.randomUUID().toString());
            var answer =
                    RawHttp.send(
                            new RawHttp.Request(
                                    operation.service(),
                                    operation.method() + " " + path,
                                    List.of(
                                            "Host: localhost",
                                            "Connection: close",
                                            "Content-Type: application/json",
                                            "Content-Length: 2"),
                                    "{}".getBytes(StandardCharsets.UTF_8)));
            if (answer.status() != 401 && answer.status() != 403) {
                open.add(operation.toString());
            }
        }
        return open;
    }

    private static List<OpenApiOperation> operations(RunningSystem system) {
        var all = new ArrayList<OpenApiOperation>();
        var document = document(system, system.orders());
        all.addAll(OpenApiOperation.all(system.orders(), document, "/orders"));
        all.addAll(OpenApiOperation.all(system.orders(), document, "/catalogue"));
        all.addAll(OpenApiOperation.all(system.ordersInside(), document, "/internal"));
        // The pages of operations-console have a port of their own and need a session.
        system.otherServices()
                .forEach(
                        service ->
                                all.addAll(
                                        OpenApiOperation.all(
                                                service, document(system, service), "/internal")));
        return List.copyOf(all);
    }

    private static JsonNode document(RunningSystem system, URI service) {
        var answer =
                new ShopClient(system)
                        .send(
                                "GET",
                                service,
                                "/v3/api-docs",
                                Map.of("X-Api-Key", system.internalApiKey()),
                                "");
        assertThat(answer.statusCode()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }
}
