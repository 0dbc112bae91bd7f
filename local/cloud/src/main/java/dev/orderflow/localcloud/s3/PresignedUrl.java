package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How long a [presigned
/// URL](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html) may be used.
/// Its signature is not checked.
final class PresignedUrl {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'");
    private static final int LONGEST_SECONDS = 604_800;
    private static final List<String> REQUIRED =
            List.of(
                    "X-Amz-Algorithm",
                    "X-Amz-Credential",
                    "X-Amz-Date",
                    "X-Amz-Expires",
                    "X-Amz-Signature",
                    "X-Amz-SignedHeaders");

    private PresignedUrl() {}

    /// @param query decoded
    /// @param now of the caller's clock
    /// @throws AwsErrorException `AccessDenied` when the URL has expired,
    ///     `AuthorizationQueryParametersError` when it does not say when it does
    static void requireValid(Map<String, String> query, Instant now) {
        var until = query.containsKey("X-Amz-Signature") ? ofVersion4(query) : ofVersion2(query);
        if (until != null && !now.isBefore(until)) {
            throw AwsErrorException.withStatus(403, "AccessDenied", "Request has expired");
        }
    }

    private static Instant ofVersion4(Map<String, String> query) {
        if (!query.keySet().containsAll(REQUIRED)) {
            throw malformed(
                    "Query-string authentication version 4 requires the X-Amz-Algorithm,"
                            + " X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders,"
                            + " and X-Amz-Expires parameters.");
        }
        var seconds = query.getOrDefault("X-Amz-Expires", "");
        if (!seconds.matches("-?[0-9]{1,18}")) {
            throw malformed("X-Amz-Expires should be a number");
        }
        long valid = Long.parseLong(seconds);
        if (valid < 0) {
            throw malformed("X-Amz-Expires must be non-negative");
        }
        if (valid > LONGEST_SECONDS) {
            throw malformed(
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given"
                            + " X-Amz-Expires must be less than 604800 seconds");
        }
        try {
            return LocalDateTime.parse(query.getOrDefault("X-Amz-Date", ""), DATE)
                    .toInstant(ZoneOffset.UTC)
                    .plusSeconds(valid);
        } catch (DateTimeException _) {
            throw malformed(
                    "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        }
    }

    private static @Nullable Instant ofVersion2(Map<String, String> query) {
        var expires = query.get("Expires");
        if (expires == null || !query.containsKey("Signature")) {
            return null;
        }
        if (!expires.matches("[0-9]{1,11}")) {
            throw AwsErrorException.withStatus(
                    403,
                    "AccessDenied",
                    "Invalid date (should be seconds since epoch): " + expires);
        }
        return Instant.ofEpochSecond(Long.parseLong(expires));
    }

    private static AwsErrorException malformed(String message) {
        return AwsErrorException.client("AuthorizationQueryParametersError", message);
    }
}
