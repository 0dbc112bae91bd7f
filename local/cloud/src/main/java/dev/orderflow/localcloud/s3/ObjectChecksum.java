package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.Digests;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The [checksums][1] of a body, in headers or trailers.
///
/// [1]: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
final class ObjectChecksum {

    static final String PREFIX = "x-amz-checksum-";
    static final String TYPE = "x-amz-checksum-type";

    /// The checksum that S3 adds to an object without one.
    static final String DEFAULT = PREFIX + "crc64nvme";

    private static final String WHOLE = "FULL_OBJECT";
    private static final String COMPOSITE = "COMPOSITE";

    private static final Map<String, Function<byte[], byte[]>> ALGORITHMS =
            Map.of(
                    PREFIX + "crc32",
                    bytes -> crc(new CRC32(), bytes),
                    PREFIX + "crc32c",
                    bytes -> crc(new CRC32C(), bytes),
                    DEFAULT,
                    Crc64Nvme::of,
                    PREFIX + "sha1",
                    bytes -> digest("SHA-1", bytes),
                    PREFIX + "sha256",
                    bytes -> digest("SHA-256", bytes));

    private ObjectChecksum() {}

    static boolean isKnown(String header) {
        return ALGORITHMS.containsKey(header);
    }

    /// The XML element of a checksum header.
    static String element(String header) {
        return header.equals(TYPE)
                ? "ChecksumType"
                : "Checksum" + header.substring(PREFIX.length()).toUpperCase(Locale.ROOT);
    }

    /// Rejects a body that does not match its checksum.
    static void verify(String header, String expected, byte[] bytes) {
        if (!ALGORITHMS.containsKey(header)) {
            throw S3Errors.notImplemented("the checksum " + header);
        }
        var actual = of(header, bytes);
        if (!isBase64(expected, Base64.getDecoder().decode(actual).length)) {
            throw S3Errors.invalidRequest("Value for " + header + " header is invalid.");
        }
        if (!actual.equals(expected)) {
            throw mismatch(header);
        }
    }

    /// The error for a body that does not match the checksum of this header.
    static AwsErrorException mismatch(String header) {
        return AwsErrorException.client(
                "BadDigest", "The " + header + " you specified did not match what we received");
    }

    /// Whether a text is so many bytes in base 64.
    static boolean isBase64(String text, int bytes) {
        try {
            return Base64.getDecoder().decode(text).length == bytes;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static String of(String header, byte[] bytes) {
        return Base64.getEncoder()
                .encodeToString(ALGORITHMS.getOrDefault(header, Crc64Nvme::of).apply(bytes));
    }

    /// The checksum headers of an object uploaded in one request.
    static Map<String, String> ofWhole(String header, byte[] bytes) {
        return Map.of(header, of(header, bytes), TYPE, WHOLE);
    }

    /// The checksum headers of a multipart object: over the whole object, or over the checksums of
    /// the parts.
    ///
    /// @param algorithm value of `x-amz-checksum-algorithm`, null for S3's default
    /// @param type null for the default of the algorithm
    static Map<String, String> ofParts(
            @Nullable String algorithm, @Nullable String type, List<byte[]> parts, byte[] whole) {
        var header = algorithm == null ? DEFAULT : PREFIX + algorithm.toLowerCase(Locale.ROOT);
        if (header.equals(DEFAULT) || WHOLE.equals(type)) {
            return ofWhole(header, whole);
        }
        var sums = new ByteArrayOutputStream();
        for (var part : parts) {
            sums.writeBytes(ALGORITHMS.getOrDefault(header, Crc64Nvme::of).apply(part));
        }
        return Map.of(header, of(header, sums.toByteArray()) + "-" + parts.size(), TYPE, COMPOSITE);
    }

    /// @throws AwsErrorException if the algorithm is unknown or does not have the type
    static void requireKnown(@Nullable String algorithm, @Nullable String type) {
        if (algorithm != null && !isKnown(PREFIX + algorithm.toLowerCase(Locale.ROOT))) {
            throw S3Errors.invalidRequest(
                    "Checksum algorithm provided is unsupported. Please try again with any of the"
                            + " valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
        }
        boolean digest = algorithm != null && algorithm.startsWith("SHA");
        if (digest && WHOLE.equals(type)
                || "CRC64NVME".equals(algorithm) && COMPOSITE.equals(type)) {
            throw S3Errors.invalidRequest(
                    "The %s checksum type cannot be used with the %s checksum algorithm."
                            .formatted(type, algorithm));
        }
    }

    private static byte[] crc(java.util.zip.Checksum crc, byte[] bytes) {
        crc.update(bytes);
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    }

    static byte[] digest(String algorithm, byte[] bytes) {
        return Digests.create(algorithm).digest(bytes);
    }

    /// The CRC of NVM Express (polynomial 0xAD93D23594C93659, reflected, inverted at both ends).
    private static final class Crc64Nvme {

        private static final long REFLECTED = 0x9A6C9329AC4BC9B5L;
        private static final long[] TABLE = table();

        private static long[] table() {
            var table = new long[256];
            for (int i = 0; i < table.length; i++) {
                long crc = i;
                for (int bit = 0; bit < 8; bit++) {
                    crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ REFLECTED;
                }
                table[i] = crc;
            }
            return table;
        }

        static byte[] of(byte[] bytes) {
            long crc = ~0L;
            for (byte b : bytes) {
                crc = TABLE[(int) (crc ^ b) & 0xFF] ^ crc >>> 8;
            }
            return ByteBuffer.allocate(Long.BYTES).putLong(~crc).array();
        }
    }
}
