package dev.orderflow.defaults.claimcheck;

import dev.orderflow.defaults.text.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// Gives the whole message for one whose `detail` has a
/// `claimCheck` (docs/events.md): `bucket`,
/// `key`, `bytes` and `sha256` of what lies in S3.
public final class ClaimCheckRedeemer {

    /// The largest detail that is fetched into memory. Far above what an order can be, far below
    /// what a service has.
    static final int MAX_DETAIL_BYTES = 8 * 1024 * 1024;

    private static final String FIELD = "claimCheck";

    /// What no client, proxy or store reads as anything but a name. S3 would refuse some others,
    /// and a refusal looks like a store that is closed to us, which is waited for.
    private static final Pattern KEY =
            Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9/._-]{0,1023}");

    private final String bucket;
    private final Supplier<S3Client> s3;

    /// @param bucket the one that is trusted; blank for none
    /// @param s3 asked for when a first claim check arrives, so that nobody pays for a client who
    ///     never needs one
    public ClaimCheckRedeemer(String bucket, Supplier<S3Client> s3) {
        this.bucket = bucket;
        this.s3 = s3;
    }

    private record ClaimCheckReference(String bucket, String key, int bytes, String sha256) {}

    /// Redeems a message that travels by claim check; gives any other back as it is.
    ///
    /// @param body what the queue holds: an event in its envelope, a command, or anything
    public ClaimCheckResult redeem(String body) {
        if (!body.contains("\"" + FIELD + "\"")) {
            return new ClaimCheckResult.CompleteMessage(body);
        }
        JsonNode message;
        try {
            message = JsonMapper.shared().readTree(body);
        } catch (JacksonException unreadable) {
            // Its handler says what becomes of it.
            return new ClaimCheckResult.CompleteMessage(body);
        }
        return message instanceof ObjectNode envelope
                        && envelope.path("detail").path(FIELD) instanceof ObjectNode claimCheck
                ? redeem(envelope, claimCheck)
                : new ClaimCheckResult.CompleteMessage(body);
    }

    private ClaimCheckResult redeem(ObjectNode envelope, ObjectNode claimCheck) {
        var place = referenceIn(claimCheck);
        if (place == null) {
            return new ClaimCheckResult.Unredeemable(
                    "claim check without a sound bucket, key, size and hash");
        }
        if (bucket.isBlank() || !place.bucket().equals(bucket)) {
            return new ClaimCheckResult.Unredeemable("claim check for a foreign bucket");
        }
        if (place.bytes() > MAX_DETAIL_BYTES) {
            return new ClaimCheckResult.Unredeemable(
                    "claim check for more than " + MAX_DETAIL_BYTES + " bytes");
        }
        try (var object = s3.get().getObject(get -> get.bucket(place.bucket()).key(place.key()))) {
            var length = object.response().contentLength();
            if (length == null || length != place.bytes()) {
                object.abort();
                return new ClaimCheckResult.Unredeemable(
                        "claim check for an object of another size");
            }
            var detail = object.readNBytes(place.bytes());
            return Sha256.hex(detail).equals(place.sha256())
                    ? new ClaimCheckResult.CompleteMessage(whole(envelope, detail))
                    : new ClaimCheckResult.Unredeemable(
                            "claim check for an object of other content");
        } catch (NoSuchKeyException gone) {
            return new ClaimCheckResult.Unredeemable("claim check for an object that is not there");
        } catch (AwsServiceException refused) {
            return new ClaimCheckResult.StorageUnavailable("S3 answers " + refused.statusCode());
        } catch (SdkException | IOException failed) {
            return new ClaimCheckResult.StorageUnavailable(
                    "S3 cannot be asked: " + failed.getClass().getSimpleName());
        }
    }

    private static @Nullable ClaimCheckReference referenceIn(ObjectNode claimCheck) {
        var bucket = claimCheck.path("bucket");
        var key = claimCheck.path("key");
        var bytes = claimCheck.path("bytes");
        var sha256 = claimCheck.path("sha256");
        boolean isSound =
                bucket.isString()
                        && key.isString()
                        && KEY.matcher(key.stringValue()).matches()
                        && bytes.isInt()
                        && bytes.intValue() >= 1
                        && sha256.isString();
        return isSound
                ? new ClaimCheckReference(
                        bucket.stringValue(),
                        key.stringValue(),
                        bytes.intValue(),
                        sha256.stringValue())
                : null;
    }

    /// As it was published, byte for byte: read and written again, numbers might change their form.
    private static String whole(ObjectNode envelope, byte[] detail) {
        envelope.putRawValue("detail", new RawValue(new String(detail, StandardCharsets.UTF_8)));
        return envelope.toString();
    }
}
