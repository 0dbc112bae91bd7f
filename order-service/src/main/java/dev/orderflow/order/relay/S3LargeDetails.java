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
final class S3LargeDetails implements LargeDetails {

    private final Supplier<S3Client> s3;
    private final String bucket;

    /// @param s3 asked for when a first event is too large
    S3LargeDetails(Supplier<S3Client> s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    @Override
    public Kept keep(OutgoingEvent event) {
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
            return new Kept.At(place);
        } catch (AwsServiceException refused) {
            return new Kept.NotNow("S3 answers " + refused.statusCode());
        } catch (SdkException failed) {
            return new Kept.NotNow("S3 cannot be asked: " + failed.getClass().getSimpleName());
        }
    }
}
