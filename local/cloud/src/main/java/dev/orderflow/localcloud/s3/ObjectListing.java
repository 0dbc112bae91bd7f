package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.PageToken;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/// A page of a bucket's keys. Keys with a common prefix up to the delimiter are grouped
/// ([ListObjectsV2](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html)).
final class ObjectListing {

    /// The list that continuation tokens are of.
    private static final String OBJECTS = "s3:Contents";

    private static final int MOST = 1_000;

    private final S3Request request;
    private final S3Bucket bucket;
    private final String prefix;
    private final String delimiter;
    private final int most;
    private final UnaryOperator<String> encode;

    /// An entry of a page: an object, or a common prefix when `object` is null.
    private record ListingItem(String name, @Nullable StoredObject object) {}

    private record ListingPage(List<ListingItem> items, boolean truncated) {
        String last() {
            return items.isEmpty() ? "" : items.getLast().name();
        }
    }

    ObjectListing(S3Request request, S3Bucket bucket) {
        this.request = request;
        this.bucket = bucket;
        this.prefix = request.query().getOrDefault("prefix", "");
        this.delimiter = request.query().getOrDefault("delimiter", "");
        this.most = request.number("max-keys", 0, MOST, MOST);
        var encoding = request.query().getOrDefault("encoding-type", "");
        if (!encoding.isEmpty() && !encoding.equals("url")) {
            throw S3Errors.invalidArgument("Invalid Encoding Method specified in Request");
        }
        this.encode = encoding.isEmpty() ? UnaryOperator.identity() : ObjectListing::url;
    }

    static String url(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%2F", "/");
    }

    byte[] version2Document() {
        var token = request.query().get("continuation-token");
        var page =
                page(
                        token == null
                                ? request.query().getOrDefault("start-after", "")
                                : decodeToken(OBJECTS, token));
        boolean owner = "true".equals(request.query().get("fetch-owner"));
        return S3Xml.document(
                "ListBucketResult",
                xml -> {
                    writeCommonMembers(xml, page);
                    xml.put("KeyCount", Integer.toString(page.items().size()));
                    if (token != null) {
                        xml.put("ContinuationToken", token);
                    } else if (request.query().containsKey("start-after")) {
                        xml.put(
                                "StartAfter",
                                encode.apply(request.query().getOrDefault("start-after", "")));
                    }
                    if (page.truncated()) {
                        xml.put("NextContinuationToken", PageToken.encode(OBJECTS, page.last()));
                    }
                    writeContents(xml, page, owner);
                });
    }

    /// The position in a continuation token of this list.
    static String decodeToken(String list, String token) {
        try {
            return PageToken.decode(list, token);
        } catch (IllegalArgumentException _) {
            throw S3Errors.invalidArgument("The continuation token provided is incorrect");
        }
    }

    /// `NextMarker` is returned only with a delimiter; otherwise the last key is the marker.
    byte[] version1Document() {
        var marker = request.query().getOrDefault("marker", "");
        var page = page(marker);
        return S3Xml.document(
                "ListBucketResult",
                xml -> {
                    writeCommonMembers(xml, page);
                    xml.put("Marker", encode.apply(marker));
                    if (page.truncated() && !delimiter.isEmpty()) {
                        xml.put("NextMarker", encode.apply(page.last()));
                    }
                    writeContents(xml, page, true);
                });
    }

    /// Without versioning every object has one version, `null`.
    byte[] versionsDocument() {
        var page = page(request.query().getOrDefault("key-marker", ""));
        return S3Xml.document(
                "ListVersionsResult",
                xml -> {
                    writeCommonMembers(xml, page);
                    xml.put(
                                    "KeyMarker",
                                    encode.apply(request.query().getOrDefault("key-marker", "")))
                            .put("VersionIdMarker", "");
                    if (page.truncated()) {
                        xml.put("NextKeyMarker", encode.apply(page.last()))
                                .put("NextVersionIdMarker", "null");
                    }
                    for (var item : page.items()) {
                        if (item.object() instanceof StoredObject object) {
                            xml.put(
                                    "Version",
                                    version -> {
                                        version.put("Key", encode.apply(item.name()))
                                                .put("VersionId", "null")
                                                .put("IsLatest", "true");
                                        writeObject(version, object, true);
                                    });
                        }
                    }
                    writePrefixes(xml, page);
                });
    }

    private void writeCommonMembers(S3Xml xml, ListingPage page) throws XMLStreamException {
        xml.put("Name", bucket.name).put("Prefix", encode.apply(prefix));
        if (!delimiter.isEmpty()) {
            xml.put("Delimiter", encode.apply(delimiter));
        }
        if (request.query().containsKey("encoding-type")) {
            xml.put("EncodingType", "url");
        }
        xml.put("MaxKeys", Integer.toString(most))
                .put("IsTruncated", Boolean.toString(page.truncated()));
    }

    private void writeContents(S3Xml xml, ListingPage page, boolean owner)
            throws XMLStreamException {
        for (var item : page.items()) {
            if (item.object() instanceof StoredObject object) {
                xml.put(
                        "Contents",
                        it -> {
                            it.put("Key", encode.apply(item.name()));
                            writeObject(it, object, owner);
                        });
            }
        }
        writePrefixes(xml, page);
    }

    private static void writeObject(S3Xml xml, StoredObject object, boolean owner)
            throws XMLStreamException {
        xml.put("LastModified", moment(object.storedAt()))
                .put("ETag", object.etag())
                .put("Size", Integer.toString(object.bytes().length))
                .put("StorageClass", object.storageClass());
        if (owner) {
            xml.put("Owner", S3Call::writeOwner);
        }
    }

    private void writePrefixes(S3Xml xml, ListingPage page) throws XMLStreamException {
        for (var item : page.items()) {
            if (item.object() == null) {
                xml.put("CommonPrefixes", it -> it.put("Prefix", encode.apply(item.name())));
            }
        }
    }

    static String moment(Instant instant) {
        return DateTimeFormatter.ISO_INSTANT.format(instant.truncatedTo(ChronoUnit.MILLIS));
    }

    private ListingPage page(String after) {
        var items = new ArrayList<ListingItem>();
        SortedMap<String, StoredObject> objects = bucket.objects();
        for (Map.Entry<String, StoredObject> entry : objects.entrySet()) {
            var key = entry.getKey();
            if (!key.startsWith(prefix)) {
                continue;
            }
            int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            var item =
                    end < 0
                            ? new ListingItem(key, entry.getValue())
                            : new ListingItem(key.substring(0, end + delimiter.length()), null);
            boolean rolled =
                    item.object() == null
                            && !items.isEmpty()
                            && items.getLast().name().equals(item.name());
            // A page may end with a prefix, which stands for all of its keys.
            boolean before =
                    S3Bucket.KEY_ORDER.compare(key, after) <= 0
                            || item.object() == null && item.name().equals(after);
            if (rolled || before) {
                continue;
            }
            if (items.size() == most) {
                return new ListingPage(items, most > 0);
            }
            items.add(item);
        }
        return new ListingPage(items, false);
    }
}
