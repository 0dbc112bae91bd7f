package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One range of bytes of an object, both ends included.
record ByteRange(int first, int last) {

    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    /// Parses a range. Null if absent, malformed, or several ranges, all of which S3 ignores.
    ///
    /// @throws AwsErrorException `InvalidRange` if the range starts beyond the end of the object
    static @Nullable ByteRange of(@Nullable String header, int length) {
        var range = RANGE.matcher(header == null ? "" : header.replace(" ", ""));
        if (!range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
            return null;
        }
        if (range.group(1).isEmpty()) {
            long suffix = Math.min(Long.parseLong(range.group(2)), length);
            if (suffix == 0) {
                throw invalid();
            }
            return new ByteRange((int) (length - suffix), length - 1);
        }
        long first = Long.parseLong(range.group(1));
        long last = range.group(2).isEmpty() ? length - 1 : Long.parseLong(range.group(2));
        if (last < first && !range.group(2).isEmpty()) {
            return null;
        }
        if (first >= length) {
            throw invalid();
        }
        return new ByteRange((int) first, (int) Math.min(last, length - 1));
    }

    private static AwsErrorException invalid() {
        return AwsErrorException.withStatus(
                416, "InvalidRange", "The requested range is not satisfiable");
    }

    int length() {
        return last - first + 1;
    }
}
