package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The buckets of the account, by name.
final class S3Buckets {

    /// The maximum size of all objects together, in bytes.
    private static final long MOST_BYTES = 256L * 1024 * 1024;

    private final Map<String, S3Bucket> byName = new ConcurrentSkipListMap<>();

    /// All buckets, sorted by name.
    Collection<S3Bucket> all() {
        return byName.values();
    }

    /// @throws AwsErrorException `NoSuchBucket` if it does not exist
    S3Bucket require(String name) {
        var bucket = byName.get(name);
        if (bucket == null) {
            throw S3Errors.noSuchBucket();
        }
        return bucket;
    }

    /// Adds a bucket unless its name is taken.
    ///
    /// @return the existing bucket of that name, null if the bucket was added
    @Nullable S3Bucket add(S3Bucket bucket) {
        return byName.putIfAbsent(bucket.name, bucket);
    }

    void remove(S3Bucket bucket) {
        byName.remove(bucket.name, bucket);
    }

    /// @throws AwsErrorException `InsufficientStorage` if all objects together would be too large
    void requireRoom(int bytes) {
        long others = byName.values().stream().mapToLong(S3Bucket::bytes).sum();
        if (others + bytes > MOST_BYTES) {
            throw AwsErrorException.withStatus(
                    507,
                    "InsufficientStorage",
                    "local-cloud stores at most " + MOST_BYTES + " bytes of objects in total");
        }
    }
}
