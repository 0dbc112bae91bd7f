package dev.orderflow.localcloud.wire;

import java.util.Set;

/// The names of response members that are timestamps. Their values are epoch seconds, which JSON
/// writes as numbers, CBOR with a tag and XML as ISO 8601.
final class TimestampMembers {

    private static final Set<String> OTHERS =
            Set.of("StartTime", "EndTime", "LastModified", "Timestamps", "StartDate", "EndDate");

    private TimestampMembers() {}

    static boolean isTimestamp(String member) {
        return member.endsWith("Timestamp") || OTHERS.contains(member);
    }
}
