package dev.orderflow.localcloud.s3;

import com.sun.net.httpserver.Headers;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The decoded content of an upload, verified against its headers and trailers.
///
/// @param checksum checksum headers of the upload, empty if none
record UploadContent(byte[] bytes, Map<String, String> checksum) {

    private static final int MD5_BYTES = 16;

    /// @throws AwsErrorException if the body does not match its headers or trailers
    static UploadContent of(Headers headers, byte[] body) {
        var hash = headers.getFirst("x-amz-content-sha256");
        var said = new TreeMap<String, String>();
        byte[] bytes = body;
        if (hash != null && hash.startsWith("STREAMING-")) {
            bytes = decodeChunks(body, said);
            requireLength(headers, bytes.length);
        } else if (hash != null && hash.matches("[0-9a-f]{64}")) {
            var actual = HexFormat.of().formatHex(ObjectChecksum.digest("SHA-256", body));
            if (!actual.equals(hash)) {
                throw AwsErrorException.client(
                        "XAmzContentSHA256Mismatch",
                        "The provided 'x-amz-content-sha256' header does not match what was"
                                + " computed.");
            }
        }
        headers.forEach(
                (name, values) -> {
                    if (ObjectChecksum.isKnown(name.toLowerCase(Locale.ROOT))) {
                        said.put(name.toLowerCase(Locale.ROOT), values.getFirst());
                    }
                });
        for (var checksum : said.entrySet()) {
            ObjectChecksum.verify(checksum.getKey(), checksum.getValue(), bytes);
        }
        if (!said.isEmpty()) {
            said.put(ObjectChecksum.TYPE, "FULL_OBJECT");
        }
        var md5 = headers.getFirst("Content-MD5");
        var content = new UploadContent(bytes, Map.copyOf(said));
        if (md5 != null && !ObjectChecksum.isBase64(md5, MD5_BYTES)) {
            throw AwsErrorException.client(
                    "InvalidDigest", "The Content-MD5 you specified was invalid.");
        }
        if (md5 != null && !Base64.getEncoder().encodeToString(content.md5()).equals(md5)) {
            throw AwsErrorException.client(
                    "BadDigest", "The Content-MD5 you specified did not match what we received.");
        }
        return content;
    }

    /// The ETag of the content as an object or a part, in quotes.
    String etag() {
        return '"' + HexFormat.of().formatHex(md5()) + '"';
    }

    byte[] md5() {
        return ObjectChecksum.digest("MD5", bytes);
    }

    /// Decodes an [aws-chunked][1] body. Chunk signatures are not verified.
    ///
    /// [1]: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
    private static byte[] decodeChunks(byte[] body, Map<String, String> trailers) {
        var bytes = new ByteArrayOutputStream(body.length);
        var rest = new ChunkLines(body);
        for (int size = size(rest.next()); size > 0; size = size(rest.next())) {
            bytes.writeBytes(rest.take(size));
            if (!rest.next().isEmpty()) {
                throw incomplete();
            }
        }
        for (var line = rest.next(); !line.isEmpty(); line = rest.next()) {
            var trailer = line.split(":", 2);
            var name = trailer[0].toLowerCase(Locale.ROOT);
            if (trailer.length < 2) {
                throw incomplete();
            }
            if (name.startsWith(ObjectChecksum.PREFIX)) {
                trailers.put(name, trailer[1].strip());
            } else if (!name.equals("x-amz-trailer-signature")) {
                throw S3Errors.notImplemented("the trailer " + name);
            }
        }
        return bytes.toByteArray();
    }

    private static int size(String chunkHeader) {
        var size = chunkHeader.split(";", 2)[0];
        if (!size.matches("[0-9a-fA-F]{1,7}")) {
            throw incomplete();
        }
        return Integer.parseInt(size, 16);
    }

    private static void requireLength(Headers headers, int length) {
        if (!Integer.toString(length).equals(headers.getFirst("x-amz-decoded-content-length"))) {
            throw incomplete();
        }
    }

    private static AwsErrorException incomplete() {
        return AwsErrorException.client(
                "IncompleteBody",
                "The request body terminated unexpectedly or is not what its headers say");
    }

    /// Reads a body by line or by length.
    private static final class ChunkLines {

        private final byte[] body;
        private int at;

        ChunkLines(byte[] body) {
            this.body = body;
        }

        /// Returns the next line without its end; empty at the end of the body.
        String next() {
            int end = at;
            while (end < body.length && body[end] != '\n') {
                end++;
            }
            var line = new String(body, at, end - at, StandardCharsets.ISO_8859_1);
            at = Math.min(end + 1, body.length);
            return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        }

        byte[] take(int size) {
            if (size > body.length - at) {
                throw incomplete();
            }
            at += size;
            return Arrays.copyOfRange(body, at - size, at);
        }
    }
}
