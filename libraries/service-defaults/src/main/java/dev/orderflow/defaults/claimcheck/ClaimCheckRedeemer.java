package dev.orderflow.defaults.claimcheck;

import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.text.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// Replaces the `claimCheck` in the `detail` of a message by the object in S3 that it references
/// with `bucket`, `key`, `bytes` and `sha256` (docs/events.md).
public final class ClaimCheckRedeemer {

    /// The largest detail that is read into memory: far more than an order can have, far less than
    /// the memory of a service.
    static final int MAX_DETAIL_BYTES = 8 * 1024 * 1024;

    private static final String FIELD = "claimCheck";

    /// Keys that every client and proxy treats as a plain name. S3 rejects some other keys with the
    /// same error as a denied access, which would be retried.
    private static final Pattern KEY =
            Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9/._-]{0,1023}");

    private final String bucket;
    private final Supplier<S3Client> s3;

    /// @param bucket the only bucket that is trusted; blank for none
    /// @param s3 called when the first claim check arrives
    public ClaimCheckRedeemer(String bucket, Supplier<S3Client> s3) {
        this.bucket = bucket;
        this.s3 = s3;
    }

    private record ClaimCheckReference(String bucket, String key, int bytes, String sha256) {}

    /// Redeems the claim check of a message; returns a message without one unchanged.
    ///
    /// @param body the message body: an event in its envelope, a command, or anything else
    public ClaimCheckResult redeem(String body) {
        if (!body.contains("\"" + FIELD + "\"")) {
            return new ClaimCheckResult.CompleteMessage(body);
        }
        JsonNode message;
        try {
            message = JsonMapper.shared().readTree(body);
        } catch (JacksonException _) {
            // The handler decides about a message that is not JSON.
            return new ClaimCheckResult.CompleteMessage(body);
        }
        return message instanceof ObjectNode envelope
                        && envelope.path("detail").path(FIELD) instanceof ObjectNode claimCheck
                ? redeem(envelope, claimCheck)
                : new ClaimCheckResult.CompleteMessage(body);
    }

    private ClaimCheckResult redeem(ObjectNode envelope, ObjectNode claimCheck) {
        var reference = referenceIn(claimCheck);
        if (reference == null) {
            return new ClaimCheckResult.Unredeemable(
                    "claim check has an invalid bucket, key, size or hash");
        }
        if (bucket.isBlank() || !reference.bucket().equals(bucket)) {
            return new ClaimCheckResult.Unredeemable("claim check names an untrusted bucket");
        }
        if (reference.bytes() > MAX_DETAIL_BYTES) {
            return new ClaimCheckResult.Unredeemable(
                    "claim check names an object of more than " + MAX_DETAIL_BYTES + " bytes");
        }
        try (var object =
                s3.get().getObject(get -> get.bucket(reference.bucket()).key(reference.key()))) {
            var length = object.response().contentLength();
            if (length == null || length != reference.bytes()) {
                object.abort();
                return new ClaimCheckResult.Unredeemable(
                        "size of the object differs from the claim check");
            }
            var detail = object.readNBytes(reference.bytes());
            return Sha256.hex(detail).equals(reference.sha256())
                    ? new ClaimCheckResult.CompleteMessage(withDetail(envelope, detail))
                    : new ClaimCheckResult.Unredeemable(
                            "hash of the object differs from the claim check");
        } catch (NoSuchKeyException _) {
            return new ClaimCheckResult.Unredeemable("object of the claim check does not exist");
        } catch (SdkException | IOException failed) {
            return new ClaimCheckResult.StorageUnavailable(
                    "call of S3 failed: " + FailureDescription.of(failed));
        }
    }

    private static @Nullable ClaimCheckReference referenceIn(ObjectNode claimCheck) {
        var bucket = claimCheck.path("bucket");
        var key = claimCheck.path("key");
        var bytes = claimCheck.path("bytes");
        var sha256 = claimCheck.path("sha256");
        boolean isValid =
                bucket.isString()
                        && key.isString()
                        && KEY.matcher(key.stringValue()).matches()
                        && bytes.isInt()
                        && bytes.intValue() >= 1
                        && sha256.isString();
        return isValid
                ? new ClaimCheckReference(
                        bucket.stringValue(),
                        key.stringValue(),
                        bytes.intValue(),
                        sha256.stringValue())
                : null;
    }

    /// Inserts the detail byte for byte: parsing and writing it could change the form of numbers.
    private static String withDetail(ObjectNode envelope, byte[] detail) {
        envelope.putRawValue("detail", new RawValue(new String(detail, StandardCharsets.UTF_8)));
        return envelope.toString();
    }
}
