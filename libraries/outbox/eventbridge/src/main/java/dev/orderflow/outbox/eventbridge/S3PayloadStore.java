package dev.orderflow.outbox.eventbridge;

import dev.orderflow.outbox.EventPayload;
import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.PayloadStore;
import java.util.function.Supplier;
import org.springframework.util.function.SingletonSupplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/// Stores payloads in a bucket as `events/<event id>`, with `.json` if they are JSON. Let its
/// objects expire only after every consumer and archive has had the time to read them.
public final class S3PayloadStore implements PayloadStore {

    private final SingletonSupplier<S3Client> s3;
    private final String bucket;

    /// @param s3 called once, for the first event that is too large
    public S3PayloadStore(Supplier<S3Client> s3, String bucket) {
        this.s3 = SingletonSupplier.of(s3);
        this.bucket = bucket;
    }

    @Override
    public StoreResult store(OutboxEvent event) {
        var payload = event.payload();
        var stored =
                new StoredPayload(
                        bucket,
                        "events/"
                                + event.id()
                                + (payload.contentType().equals(EventPayload.JSON) ? ".json" : ""),
                        payload.size(),
                        Sha256Hex.of(payload.bytes()));
        try {
            s3.obtain()
                    .putObject(
                            put ->
                                    put.bucket(bucket)
                                            .key(stored.name())
                                            .contentType(payload.contentType()),
                            RequestBody.fromBytes(payload.bytes()));
            return new StoreResult.PayloadStored(stored);
        } catch (AwsServiceException rejection) {
            return new StoreResult.StoreUnavailable("S3 answers " + rejection.statusCode());
        } catch (SdkException failure) {
            return new StoreResult.StoreUnavailable("S3: " + AwsCalls.noResponse(failure));
        }
    }
}
