package dev.orderflow.order.relay;

import dev.orderflow.contracts.ClaimCheck;
import dev.orderflow.defaults.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/// A bucket, which lets objects expire after the archive has forgotten their events.
final class S3PayloadStore implements PayloadStore {

    private final Supplier<S3Client> s3;
    private final String bucket;

    /// @param s3 asked for when a first event is too large
    S3PayloadStore(Supplier<S3Client> s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    @Override
    public StoreResult store(OutgoingEvent event) {
        var detail = event.detail().getBytes(StandardCharsets.UTF_8);
        var place =
                new ClaimCheck.PayloadLocation(
                        bucket,
                        "events/" + event.eventId() + ".json",
                        detail.length,
                        Sha256.hex(detail));
        try {
            s3.get()
                    .putObject(
                            put ->
                                    put.bucket(bucket)
                                            .key(place.key())
                                            .contentType("application/json"),
                            RequestBody.fromBytes(detail));
            return new StoreResult.StoredAt(place);
        } catch (AwsServiceException refused) {
            return new StoreResult.StoreUnavailable("S3 answers " + refused.statusCode());
        } catch (SdkException failed) {
            return new StoreResult.StoreUnavailable(
                    "S3 cannot be asked: " + failed.getClass().getSimpleName());
        }
    }
}
