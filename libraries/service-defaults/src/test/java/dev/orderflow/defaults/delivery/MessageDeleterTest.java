package dev.orderflow.defaults.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.RecordedRequest;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MessageDeleterTest {

    private static final String QUEUE = "http://sqs/000000000000/orders";

    private final Set<String> deleted = ConcurrentHashMap.newKeySet();
    private final HttpStub queue = new HttpStub(this::deleteAll);
    private final SqsAsyncClient sqs =
            SqsAsyncClient.builder()
                    .endpointOverride(URI.create(queue.url()))
                    .region(Region.US_EAST_1)
                    .credentialsProvider(AnonymousCredentialsProvider.create())
                    .build();
    private final MessageDeleter acknowledgements = new MessageDeleter(sqs);

    @AfterEach
    void close() {
        sqs.close();
    }

    @Test
    void aMessageIsDeletedAtOnce() {
        acknowledgements.delete(QUEUE, "receipt").join();
        assertThat(deleted).containsExactly("receipt");
    }

    @Test
    void deletionsDuringACallShareTheNextCall() {
        var underWay = new CountDownLatch(1);
        queue.respondWith(
                request -> {
                    awaitUninterrupted(underWay);
                    return deleteAll(request);
                });
        var first = acknowledgements.delete(QUEUE, "first");
        // The same message may be among them twice, each time with another receipt.
        var others =
                IntStream.range(0, 25)
                        .mapToObj(i -> acknowledgements.delete(QUEUE, "receipt-" + i))
                        .toList();
        underWay.countDown();
        first.join();
        others.forEach(CompletableFuture::join);
        assertThat(deleted).hasSize(26);
        assertThat(queue.requests(_ -> true)).hasSizeLessThan(26);
        assertThat(queue.requests(_ -> true))
                .allSatisfy(
                        request ->
                                assertThat(idsOf(request))
                                        .hasSizeLessThan(11)
                                        .doesNotHaveDuplicates());
    }

    @Test
    void onlyFailedDeletionsAreRetried() {
        var calls = new AtomicInteger();
        queue.respondWith(
                request ->
                        calls.incrementAndGet() == 1
                                ? refuse(request, "InternalError", false)
                                : deleteAll(request));
        acknowledgements.delete(QUEUE, "receipt").join();
        assertThat(calls).hasValue(2);
        assertThat(deleted).containsExactly("receipt");
    }

    @Test
    void aReceiptHandleThatSqsRejectsFailsImmediately() {
        queue.respondWith(request -> refuse(request, "ReceiptHandleIsInvalid", true));
        assertThatThrownBy(() -> acknowledgements.delete(QUEUE, "receipt").join())
                .hasMessageContaining("ReceiptHandleIsInvalid");
        assertThat(queue.requests(_ -> true)).hasSize(1);
    }

    @Test
    void aDeletionThatFailsDoesNotAffectTheNext() {
        queue.respondWith(request -> refuse(request, "InternalError", false));
        assertThatThrownBy(() -> acknowledgements.delete(QUEUE, "receipt").join())
                .hasMessageContaining("InternalError");
        queue.respondWith(this::deleteAll);
        acknowledgements.delete(QUEUE, "next").join();
        assertThat(deleted).containsExactly("next");
    }

    private StubResponse deleteAll(RecordedRequest request) {
        var answer = JsonMapper.shared().createObjectNode();
        var successful = answer.putArray("Successful");
        answer.putArray("Failed");
        for (var entry : entriesOf(request)) {
            deleted.add(entry.path("ReceiptHandle").stringValue());
            successful.addObject().put("Id", entry.path("Id").stringValue());
        }
        return new StubResponse(200, answer.toString());
    }

    private static StubResponse refuse(RecordedRequest request, String code, boolean forGood) {
        var answer = JsonMapper.shared().createObjectNode();
        answer.putArray("Successful");
        var failed = answer.putArray("Failed");
        for (var entry : entriesOf(request)) {
            failed.addObject()
                    .put("Id", entry.path("Id").stringValue())
                    .put("Code", code)
                    .put("SenderFault", forGood);
        }
        return new StubResponse(200, answer.toString());
    }

    private static List<String> idsOf(RecordedRequest request) {
        return entriesOf(request).valueStream().map(it -> it.path("Id").stringValue()).toList();
    }

    private static JsonNode entriesOf(RecordedRequest request) {
        return JsonMapper.shared().readTree(request.body()).path("Entries");
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
