package dev.orderflow.localcloud.s3;

import com.sun.net.httpserver.Headers;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// An object as it was put.
///
/// @param headers what every answer about it has
/// @param checksum what it was put with, as headers; empty if with none
record StoredObject(
        byte[] bytes, Map<String, String> headers, Map<String, String> checksum, Instant storedAt) {

    static final String METADATA = "x-amz-meta-";

    static StoredObject of(Headers request, Content content, Instant now) {
        var headers = new TreeMap<String, String>();
        var type = request.getFirst("Content-Type");
        headers.put("Content-Type", type == null ? "binary/octet-stream" : type);
        headers.put("ETag", '"' + HexFormat.of().formatHex(content.md5()) + '"');
        headers.put(
                "Last-Modified",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC)));
        request.forEach(
                (name, values) -> {
                    var lower = name.toLowerCase(Locale.ROOT);
                    if (lower.startsWith(METADATA)) {
                        headers.put(lower, String.join(",", values));
                    }
                });
        return new StoredObject(content.bytes(), Map.copyOf(headers), content.checksum(), now);
    }

    String etag() {
        return headers.getOrDefault("ETag", "");
    }
}
