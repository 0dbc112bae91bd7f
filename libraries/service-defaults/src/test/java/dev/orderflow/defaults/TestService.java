package dev.orderflow.defaults;

import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.delivery.SqsMessageHandler;
import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.idempotency.IdempotentBody;
import dev.orderflow.defaults.idempotency.IdempotentRequests;
import dev.orderflow.defaults.security.ForMachines;
import io.awspring.cloud.sqs.annotation.SqsListener;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.messaging.Message;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import software.amazon.awssdk.core.exception.SdkClientException;

/// A minimal service: one resource, one queue, one batch queue. It does not scan its package, which
/// is the one of the libraries: like a service, it has only what they configure by themselves.
@SpringBootConfiguration
@EnableAutoConfiguration
class TestService {

    record TestRequest(String what, int count) {
        TestRequest {
            if (count < 1) {
                throw new InvalidValueException("count", "must be at least 1 but was " + count);
            }
        }
    }

    /// Refuses requests as a container or a firewall does: the error page is answered.
    @Bean
    FilterRegistrationBean<Filter> containerRefusal() {
        var registration =
                new FilterRegistrationBean<Filter>(
                        (_, response, _) ->
                                ((HttpServletResponse) response)
                                        .sendError(HttpServletResponse.SC_BAD_REQUEST));
        registration.addUrlPatterns("/refused");
        return registration;
    }

    @ForMachines
    @RestController
    static class TestController {

        final AtomicInteger granted = new AtomicInteger();
        volatile CountDownLatch gate = new CountDownLatch(0);
        private final IdempotentRequests requests;

        TestController(IdempotentRequests requests) {
            this.requests = requests;
        }

        @PostMapping("/items")
        ResponseEntity<byte[]> item(
                @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
                @RequestHeader(name = "Caller", defaultValue = "anybody") String caller,
                @RequestBody IdempotentBody<TestRequest> item) {
            return requests.executeOnce(caller, IdempotencyKey.require(key), item, this::grant);
        }

        /// The same requests in the next release, which has an additional field and stricter rules.
        record NextReleaseRequest(String what, int count, @Nullable String colour) {
            NextReleaseRequest {
                if (count > 10) {
                    throw new InvalidValueException("count", "must be at most 10");
                }
            }
        }

        @PostMapping("/next-release/items")
        ResponseEntity<byte[]> nextItem(
                @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
                @RequestBody IdempotentBody<NextReleaseRequest> item) {
            return requests.executeOnce(
                    "anybody",
                    IdempotencyKey.require(key),
                    item,
                    next -> grant(new TestRequest(next.what(), next.count())));
        }

        private ResponseEntity<?> grant(TestRequest item) {
            try {
                gate.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            if (item.what().equals("trouble")) {
                throw new IllegalStateException("secret-detail-of-ours");
            }
            if (item.what().equals("outage")) {
                throw new IllegalStateException(SdkClientException.create("no route to host"));
            }
            int number = granted.incrementAndGet();
            return ResponseEntity.created(URI.create("/items/" + number))
                    .body(new TestResponse(number, item.what()));
        }

        @PostMapping("/orders/{orderId}/items")
        Map<String, String> fields(@PathVariable String orderId) {
            var fields = MDC.getCopyOfContextMap();
            return fields == null ? Map.of() : fields;
        }

        @RequestMapping("/typed")
        TestResponse typed(
                @RequestBody TestRequest body, @RequestParam(defaultValue = "") String word) {
            return new TestResponse(body.count(), body.what() + word);
        }

        @PostMapping("/internal/redrives/{id}/steps")
        Map<String, String> redriveStep(@PathVariable UUID id) {
            return fields("");
        }

        @PostMapping("/internal/steps")
        Map<String, String> step() {
            return fields("");
        }

        @GetMapping({"/figures", "/internals", "/open"})
        int figures() {
            return 7;
        }

        enum TestSize {
            SMALL,
            LARGE
        }

        @GetMapping("/internal/pages/{id}")
        String page(
                @PathVariable UUID id,
                @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
                @RequestParam Optional<Sku> after,
                @RequestParam(required = false) @Nullable TestSize size,
                @RequestParam(required = false) @Pattern(regexp = "[a-z]+") @Nullable String word,
                @RequestParam(defaultValue = "") List<String> words,
                @RequestParam(required = false) @Nullable Instant since,
                @RequestParam Optional<Instant> until,
                @RequestHeader(name = "Page-Token", required = false) @Nullable String token) {
            return id + " " + limit + " " + after + " " + size + " " + word + words + token + since
                    + until;
        }

        @GetMapping("/internal/required")
        String required(@RequestParam String word, @RequestHeader("Page-Token") String token) {
            return word + token;
        }

        @GetMapping("/internal/items")
        String search(@RequestParam(defaultValue = "") String word) {
            return "items with " + word;
        }

        @GetMapping("/internal/items/{number}")
        String secret(@PathVariable int number) {
            return "item " + number;
        }
    }

    record TestResponse(int number, String what) {}

    @ForMachines
    @RestController
    static class TestListeners {

        final List<String> handled = new CopyOnWriteArrayList<>();
        final Map<String, Map<String, String>> logFields = new ConcurrentHashMap<>();
        final Map<String, UUID> redriveIds = new ConcurrentHashMap<>();
        final AtomicInteger attempts = new AtomicInteger();

        /// While it is true, messages whose body begins with `slow` stay at work.
        volatile BooleanSupplier isHeld = () -> false;

        private final SqsMessageHandler deliveries;
        private final JdbcClient jdbc;

        TestListeners(SqsMessageHandler deliveries, JdbcClient jdbc) {
            this.deliveries = deliveries;
            this.jdbc = jdbc;
        }

        @SqsListener(
                queueNames = "${orderflow.test.single-queue:single}",
                acknowledgementMode = "MANUAL")
        void onOne(Message<String> message) {
            deliveries.handle(message, this::handle);
        }

        @SqsListener(queueNames = "batch", acknowledgementMode = "MANUAL")
        void onBatch(List<Message<String>> messages) {
            deliveries.handleBatch(messages, batch -> batch.stream().map(this::handle).toList());
        }

        private void awaitRelease() {
            try {
                while (isHeld.getAsBoolean()) {
                    Thread.sleep(20);
                }
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        private HandlingResult handle(ReceivedMessage delivery) {
            attempts.incrementAndGet();
            if (delivery.body().startsWith("stored")) {
                jdbc.sql("SELECT 1").query(Integer.class).single();
            }
            if (delivery.body().startsWith("slow")) {
                awaitRelease();
            }
            var redrive = delivery.redriveId();
            if (redrive != null) {
                redriveIds.put(delivery.body(), redrive);
            }
            handled.add(delivery.body() + "#" + delivery.receiveCount());
            var fields = MDC.getCopyOfContextMap();
            logFields.put(delivery.body(), fields == null ? Map.of() : fields);
            if (delivery.body().contains("invalid")) {
                return new HandlingResult.Reject("cannot be read");
            }
            if (delivery.body().contains("quoted")) {
                throw new IllegalStateException(
                        "cannot read \"" + delivery.body() + "\" of ada@example.org");
            }
            return switch (delivery.body()) {
                case "poison" -> new HandlingResult.Reject("cannot be read");
                case "explosive" -> throw new IllegalStateException("boom");
                case "shy" ->
                        delivery.receiveCount() < 3
                                ? new HandlingResult.RetryLater(Duration.ZERO)
                                : HandlingResult.ACKNOWLEDGE;
                default -> HandlingResult.ACKNOWLEDGE;
            };
        }
    }
}
