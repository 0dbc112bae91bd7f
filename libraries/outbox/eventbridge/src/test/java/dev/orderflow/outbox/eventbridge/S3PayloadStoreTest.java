package dev.orderflow.outbox.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.AwsHttpStub;
import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.outbox.EventPayload;
import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.PayloadStore.StoreResult;
import dev.orderflow.outbox.PayloadStore.StoredPayload;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/// Uses the SDK with a stub that returns the HTTP responses of S3.
class S3PayloadStoreTest {

    private static final OutboxEvent EVENT =
            OutboxEvent.of("OrderCreated", "o-1", EventPayload.json("{\"ü\":1}"))
                    .withId("o-1/OrderCreated");

    private final HttpStub store = new HttpStub(_ -> new StubResponse(200, ""));
    private final S3Client s3 = AwsHttpStub.client(store, S3Client.builder().forcePathStyle(true));
    private final S3PayloadStore details = new S3PayloadStore(() -> s3, "ours");

    @AfterEach
    void close() {
        s3.close();
    }

    @Test
    void aPayloadIsStoredUnderItsEventsIdEachTime() {
        var place =
                new StoredPayload(
                        "ours",
                        "events/o-1/OrderCreated.json",
                        8,
                        "963b1a04dfa30efb70b1b50a4b7a4cb3d7908564106760f28ee3f05a7c082a88");
        assertThat(details.store(EVENT)).isEqualTo(new StoreResult.PayloadStored(place));
        assertThat(details.store(EVENT)).isEqualTo(new StoreResult.PayloadStored(place));
        assertThat(store.requests(_ -> true))
                .hasSize(2)
                .allSatisfy(
                        put -> {
                            assertThat(put.path()).isEqualTo("/ours/events/o-1/OrderCreated.json");
                            assertThat(put.header("Content-Type")).isEqualTo("application/json");
                            assertThat(put.body()).contains("{\"ü\":1}");
                        });
    }

    @Test
    void theClientIsCreatedOnceAndNotBeforeItIsNeeded() {
        var created = new AtomicInteger();
        var lazy =
                new S3PayloadStore(
                        () -> {
                            created.incrementAndGet();
                            return s3;
                        },
                        "ours");
        assertThat(created).hasValue(0);
        assertThat(lazy.store(EVENT)).isInstanceOf(StoreResult.PayloadStored.class);
        assertThat(lazy.store(EVENT)).isInstanceOf(StoreResult.PayloadStored.class);
        assertThat(created).hasValue(1);
    }

    @Test
    void aStoreThatRejectsOrDoesNotRespondIsUnavailable() {
        store.respondWith(_ -> new StubResponse(403, "<Error><Code>AccessDenied</Code></Error>"));
        assertThat(details.store(EVENT))
                .isEqualTo(new StoreResult.StoreUnavailable("S3 answers 403"));
        store.respondWith(_ -> new StubResponse(0, ""));
        assertThat(details.store(EVENT)).isInstanceOf(StoreResult.StoreUnavailable.class);
    }
}
