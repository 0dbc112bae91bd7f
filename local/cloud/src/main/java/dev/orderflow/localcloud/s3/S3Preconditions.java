package dev.orderflow.localcloud.s3;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// [Conditional requests][1].
///
/// [1]: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
final class S3Preconditions {

    private S3Preconditions() {}

    /// The result of a conditional read.
    enum PreconditionResult {
        ANSWER,
        NOT_MODIFIED,
        FAILED
    }

    static PreconditionResult ofRead(S3Request request, StoredObject object) {
        var match = request.header("If-Match");
        var noneMatch = request.header("If-None-Match");
        var storedAt = object.storedAt().truncatedTo(ChronoUnit.SECONDS);
        if (match != null) {
            if (!matchesEtag(match, object)) {
                return PreconditionResult.FAILED;
            }
        } else if (parseDate(request.header("If-Unmodified-Since")) instanceof Instant until
                && storedAt.isAfter(until)) {
            return PreconditionResult.FAILED;
        }
        if (noneMatch != null) {
            return matchesEtag(noneMatch, object)
                    ? PreconditionResult.NOT_MODIFIED
                    : PreconditionResult.ANSWER;
        }
        return parseDate(request.header("If-Modified-Since")) instanceof Instant since
                        && !storedAt.isAfter(since)
                ? PreconditionResult.NOT_MODIFIED
                : PreconditionResult.ANSWER;
    }

    /// The precondition for replacing or deleting an object.
    static Predicate<@Nullable StoredObject> ofWrite(S3Request request) {
        var match = request.header("If-Match");
        var noneMatch = request.header("If-None-Match");
        if (noneMatch != null && !noneMatch.equals("*")) {
            throw S3Errors.notImplemented("If-None-Match of a write with anything but *");
        }
        return there -> {
            if (match != null && there == null) {
                throw S3Errors.noSuchKey();
            }
            return (match == null || there != null && matchesEtag(match, there))
                    && (noneMatch == null || there == null);
        };
    }

    /// Checks the precondition on the source of a copy.
    static void requireSource(S3Request request, StoredObject source) {
        var match = request.header("x-amz-copy-source-if-match");
        var noneMatch = request.header("x-amz-copy-source-if-none-match");
        var since = parseDate(request.header("x-amz-copy-source-if-modified-since"));
        var until = parseDate(request.header("x-amz-copy-source-if-unmodified-since"));
        var storedAt = source.storedAt().truncatedTo(ChronoUnit.SECONDS);
        if (match != null && !matchesEtag(match, source)
                || noneMatch != null && matchesEtag(noneMatch, source)
                || match == null && until != null && storedAt.isAfter(until)
                || noneMatch == null && since != null && !storedAt.isAfter(since)) {
            throw S3Errors.preconditionFailed();
        }
    }

    private static boolean matchesEtag(String header, StoredObject object) {
        var etag = object.etag().replace("\"", "");
        return Arrays.stream(header.split(","))
                .map(it -> it.strip().replace("\"", ""))
                .anyMatch(it -> it.equals("*") || it.equals(etag));
    }

    /// Parses an HTTP date; null for an invalid date, which HTTP ignores.
    private static @Nullable Instant parseDate(@Nullable String header) {
        if (header == null) {
            return null;
        }
        try {
            return ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        } catch (DateTimeParseException _) {
            return null;
        }
    }
}
