package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsError;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/// The [checksums][1] that come with a body, as header or trailer.
///
/// [1]: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
final class Checksum {

    static final String PREFIX = "x-amz-checksum-";

    private static final Map<String, Function<byte[], byte[]>> ALGORITHMS =
            Map.of(
                    PREFIX + "crc32", bytes -> crc(new CRC32(), bytes),
                    PREFIX + "crc32c", bytes -> crc(new CRC32C(), bytes),
                    PREFIX + "sha1", bytes -> digest("SHA-1", bytes),
                    PREFIX + "sha256", bytes -> digest("SHA-256", bytes));

    private Checksum() {}

    static boolean isKnown(String header) {
        return ALGORITHMS.containsKey(header);
    }

    /// Refuses a body that is not what its checksum says.
    static void verify(String header, String expected, byte[] bytes) {
        var algorithm = ALGORITHMS.get(header);
        if (algorithm == null) {
            throw S3.notImplemented("the checksum " + header);
        }
        if (!Base64.getEncoder().encodeToString(algorithm.apply(bytes)).equals(expected)) {
            throw AwsError.client(
                    "BadDigest", "The " + header + " you specified did not match what we received");
        }
    }

    private static byte[] crc(java.util.zip.Checksum crc, byte[] bytes) {
        crc.update(bytes);
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    }

    static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
