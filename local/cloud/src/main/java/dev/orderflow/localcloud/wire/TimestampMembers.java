package dev.orderflow.localcloud.wire;

import java.util.Set;

/// Which members of answers are times, by their names. In answers they are seconds since the epoch,
/// which JSON writes as they are, CBOR behind a tag and XML as ISO 8601.
final class TimestampMembers {

    private static final Set<String> OTHERS =
            Set.of("StartTime", "EndTime", "LastModified", "Timestamps", "StartDate", "EndDate");

    private TimestampMembers() {}

    static boolean isTimestamp(String member) {
        return member.endsWith("Timestamp") || OTHERS.contains(member);
    }
}
