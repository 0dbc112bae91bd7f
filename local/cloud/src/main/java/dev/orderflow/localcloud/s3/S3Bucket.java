package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A bucket: its objects and incomplete uploads that have not expired, and its settings.
final class S3Bucket {

    /// S3 lists keys in the order of their UTF-8 bytes, which differs from Java's string order.
    static final Comparator<String> KEY_ORDER =
            (one, other) ->
                    Arrays.compareUnsigned(
                            one.getBytes(StandardCharsets.UTF_8),
                            other.getBytes(StandardCharsets.UTF_8));

    final String name;
    final String region;
    final Instant createdAt;
    private final CloudClock clock;
    private final SortedMap<String, StoredObject> objects = new TreeMap<>(KEY_ORDER);
    private final Map<String, MultipartUpload> uploads = new LinkedHashMap<>();
    private final Map<BucketSetting, Optional<byte[]>> settings =
            new EnumMap<>(BucketSetting.class);
    private SequencedMap<String, String> tags = new LinkedHashMap<>();
    private @Nullable LifecycleConfiguration lifecycle;

    S3Bucket(String name, String region, CloudClock clock) {
        this.name = name;
        this.region = region;
        this.clock = clock;
        this.createdAt = clock.instant();
    }

    /// @param allowed precondition on the current object, or on null if absent
    synchronized void put(
            String key, StoredObject object, Predicate<@Nullable StoredObject> allowed) {
        removeExpired();
        if (!allowed.test(objects.get(key))) {
            throw S3Errors.preconditionFailed();
        }
        objects.put(key, object);
    }

    /// @throws AwsErrorException `NoSuchKey` if it does not exist
    synchronized StoredObject requireObject(String key) {
        removeExpired();
        var object = objects.get(key);
        if (object == null) {
            throw S3Errors.noSuchKey();
        }
        return object;
    }

    /// Removes an object; succeeds if it does not exist.
    synchronized void remove(String key, Predicate<@Nullable StoredObject> allowed) {
        removeExpired();
        if (!allowed.test(objects.get(key))) {
            throw S3Errors.preconditionFailed();
        }
        objects.remove(key);
    }

    synchronized void tag(String key, Map<String, String> others) {
        objects.put(key, requireObject(key).withTags(others));
    }

    synchronized SortedMap<String, StoredObject> objects() {
        removeExpired();
        return new TreeMap<>(objects);
    }

    synchronized boolean isEmpty() {
        removeExpired();
        return objects.isEmpty() && uploads.isEmpty();
    }

    synchronized long bytes() {
        removeExpired();
        return objects.values().stream().mapToLong(object -> object.bytes().length).sum()
                + uploads.values().stream().mapToLong(MultipartUpload::bytes).sum();
    }

    // Uploads

    synchronized void addUpload(MultipartUpload upload) {
        uploads.put(upload.id, upload);
    }

    /// @throws AwsErrorException `NoSuchUpload` if it does not exist
    synchronized MultipartUpload requireUpload(String id, String key) {
        removeExpired();
        var upload = uploads.get(id);
        if (upload == null || !upload.key.equals(key)) {
            throw S3Errors.noSuchUpload();
        }
        return upload;
    }

    synchronized void removeUpload(MultipartUpload upload) {
        uploads.remove(upload.id);
    }

    synchronized List<MultipartUpload> uploads() {
        removeExpired();
        return uploads.values().stream()
                .sorted(Comparator.comparing((MultipartUpload it) -> it.key, KEY_ORDER))
                .toList();
    }

    // Settings

    synchronized byte[] setting(BucketSetting setting) {
        var set = settings.get(setting);
        return set == null ? setting.absentDocument() : set.orElseGet(setting::deletedDocument);
    }

    synchronized void putSetting(BucketSetting setting, byte[] document) {
        settings.put(setting, Optional.of(document));
    }

    /// Whether `BlockPublicPolicy` is on: the default of a new bucket.
    synchronized boolean isPublicPolicyBlocked() {
        var set = settings.get(BucketSetting.PUBLIC_ACCESS);
        return set == null
                || set.isPresent()
                        && S3Xml.text(
                                        S3Xml.root(set.get(), "PublicAccessBlockConfiguration"),
                                        "BlockPublicPolicy")
                                .equalsIgnoreCase("true");
    }

    synchronized void removeSetting(BucketSetting setting) {
        settings.put(setting, Optional.empty());
    }

    synchronized SequencedMap<String, String> tags() {
        if (tags.isEmpty()) {
            throw S3Errors.notFound("NoSuchTagSet", "The TagSet does not exist");
        }
        return tags;
    }

    synchronized void tag(SequencedMap<String, String> others) {
        tags = others;
    }

    synchronized void setLifecycle(@Nullable LifecycleConfiguration other) {
        lifecycle = other;
    }

    synchronized LifecycleConfiguration lifecycle() {
        if (lifecycle == null) {
            throw S3Errors.notFound(
                    "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist");
        }
        return lifecycle;
    }

    private void removeExpired() {
        var rules = lifecycle;
        if (rules != null) {
            var now = clock.instant();
            objects.entrySet()
                    .removeIf(
                            entry ->
                                    rules.hasExpired(
                                            entry.getKey(), entry.getValue().storedAt(), now));
            uploads.values()
                    .removeIf(upload -> rules.hasUploadExpired(upload.key, upload.begunAt, now));
        }
    }
}
