package dev.orderflow.localcloud.s3;

import com.sun.net.httpserver.HttpExchange;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.HttpGateway;
import dev.orderflow.localcloud.wire.RequestContext;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The [S3 REST API](https://docs.aws.amazon.com/AmazonS3/latest/API/), with objects in memory.
///
/// An unsupported header, query parameter or element that would have an effect is rejected by name
/// instead of ignored.
public final class S3 implements HttpGateway.RawHttpHandler {

    /// The maximum size of all objects together, in bytes.
    private static final long MOST_BYTES = 256L * 1024 * 1024;

    private static final int LONGEST_KEY = 1024;
    private static final int MOST_LISTED = 1_000;
    private static final int MOST_BUCKETS = 10_000;

    /// [Naming
    /// rules](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
    private static final Pattern BUCKET =
            Pattern.compile(
                    "(?!xn--|sthree-|amzn-s3-demo-|[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+$)"
                            + "(?!.*\\.\\.)(?!.*(-s3alias|--ol-s3|\\.mrap|--x-s3|--table-s3)$)"
                            + "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    /// Headers that are accepted for every operation: their effect is implemented or is the
    /// default.
    private static final Set<String> KNOWN_HEADERS =
            Set.of(
                    "x-amz-date",
                    "x-amz-content-sha256",
                    "x-amz-security-token",
                    // Sent by the SDK in browsers in place of User-Agent.
                    "x-amz-user-agent",
                    // Announces support for trailing checksums, which S3 may omit.
                    "x-amz-te",
                    "x-amz-decoded-content-length",
                    "x-amz-trailer",
                    "x-amz-sdk-checksum-algorithm",
                    "x-amz-checksum-mode",
                    "x-amz-checksum-algorithm",
                    "x-amz-checksum-type",
                    "x-amz-mp-object-size",
                    "x-amz-expected-bucket-owner",
                    "x-amz-source-expected-bucket-owner",
                    "x-amz-request-payer",
                    "x-amz-acl",
                    "x-amz-tagging",
                    "x-amz-tagging-directive",
                    "x-amz-metadata-directive",
                    "x-amz-storage-class",
                    "x-amz-server-side-encryption",
                    "x-amz-website-redirect-location",
                    "x-amz-object-ownership",
                    "x-amz-bucket-object-lock-enabled",
                    LifecycleConfiguration.SMALLEST,
                    "x-amz-copy-source",
                    "x-amz-copy-source-range",
                    "x-amz-copy-source-if-match",
                    "x-amz-copy-source-if-none-match",
                    "x-amz-copy-source-if-modified-since",
                    "x-amz-copy-source-if-unmodified-since");

    private static final Set<String> OVERRIDES =
            Set.of(
                    "response-cache-control",
                    "response-content-disposition",
                    "response-content-encoding",
                    "response-content-language",
                    "response-content-type",
                    "response-expires");

    private static final Map<String, Set<String>> PARAMETERS = parameters();

    private final CloudClock clock;
    private final Map<String, S3Bucket> buckets = new ConcurrentSkipListMap<>();

    public S3(CloudClock clock) {
        this.clock = clock;
    }

    private static Map<String, Set<String>> parameters() {
        var object = new HashSet<>(OVERRIDES);
        object.add("versionId");
        var all = new HashMap<String, Set<String>>();
        all.put(
                "ListBuckets",
                Set.of("prefix", "max-buckets", "continuation-token", "bucket-region"));
        all.put(
                "ListObjectsV2",
                Set.of(
                        "list-type",
                        "prefix",
                        "delimiter",
                        "max-keys",
                        "start-after",
                        "continuation-token",
                        "encoding-type",
                        "fetch-owner"));
        all.put(
                "ListObjects",
                Set.of("prefix", "delimiter", "max-keys", "marker", "encoding-type"));
        all.put(
                "ListObjectVersions",
                Set.of(
                        "versions",
                        "prefix",
                        "delimiter",
                        "max-keys",
                        "key-marker",
                        "version-id-marker",
                        "encoding-type"));
        all.put(
                "ListMultipartUploads",
                Set.of("uploads", "prefix", "max-uploads", "key-marker", "encoding-type"));
        all.put("GetObject", object);
        all.put("HeadObject", object);
        all.put("DeleteObject", Set.of("versionId"));
        all.put("GetObjectTagging", Set.of("tagging", "versionId"));
        all.put("PutObjectTagging", Set.of("tagging", "versionId"));
        all.put("DeleteObjectTagging", Set.of("tagging", "versionId"));
        all.put("GetObjectAcl", Set.of("acl", "versionId"));
        all.put("PutObjectAcl", Set.of("acl", "versionId"));
        all.put("DeleteObjects", Set.of("delete"));
        all.put("CreateMultipartUpload", Set.of("uploads"));
        all.put("UploadPart", Set.of("partNumber", "uploadId"));
        all.put("UploadPartCopy", Set.of("partNumber", "uploadId"));
        all.put("CompleteMultipartUpload", Set.of("uploadId"));
        all.put("AbortMultipartUpload", Set.of("uploadId"));
        all.put("ListParts", Set.of("uploadId", "max-parts", "part-number-marker"));
        return Map.copyOf(all);
    }

    @Override
    public AwsRequest describe(HttpExchange exchange, RequestContext context) {
        var request = S3Request.of(exchange);
        var about =
                JsonMapper.shared()
                        .createObjectNode()
                        .put("Bucket", request.bucket())
                        .put("Key", request.key());
        var source = request.header("x-amz-copy-source");
        if (source != null) {
            about.put("CopySource", decodedSource(source));
        }
        return new AwsRequest(AwsProtocol.REST_XML, request.operation(), about, context);
    }

    @Override
    public void handle(HttpExchange exchange, byte[] body, RequestContext context)
            throws IOException {
        var request = S3Request.of(exchange);
        var id = context.requestId().toString();
        exchange.getResponseHeaders().set("x-amz-request-id", id);
        exchange.getResponseHeaders().set("x-amz-id-2", id);
        refuseUnknown(request);
        var content = UploadContent.of(exchange.getRequestHeaders(), body);
        new S3Call(exchange, request, content, context).handle();
    }

    private static void refuseUnknown(S3Request request) {
        var owner = request.header("x-amz-expected-bucket-owner");
        if (owner != null && !owner.equals(HttpGateway.ACCOUNT)) {
            throw AwsErrorException.withStatus(
                    403, "AccessDenied", "the bucket does not belong to that account");
        }
        for (var header : request.headers().keySet()) {
            var name = header.toLowerCase(Locale.ROOT);
            if (name.startsWith("x-amz-")
                    && !name.startsWith(StoredObject.METADATA)
                    && !KNOWN_HEADERS.contains(name)
                    && !ObjectChecksum.isKnown(name)) {
                throw S3Errors.notImplemented("the header " + name);
            }
        }
        if ("true".equalsIgnoreCase(request.header("x-amz-bucket-object-lock-enabled"))) {
            throw S3Errors.notImplemented("the header x-amz-bucket-object-lock-enabled");
        }
        var setting = request.setting();
        var known =
                PARAMETERS.getOrDefault(
                        request.operation(),
                        setting == null || !request.key().isEmpty()
                                ? Set.of()
                                : Set.of(setting.parameter));
        for (var name : request.query().keySet()) {
            if (!known.contains(name)) {
                throw S3Errors.notImplemented("the query parameter " + name);
            }
        }
        var version = request.query().get("versionId");
        if (version != null && !version.equals("null")) {
            throw S3Errors.notFound("NoSuchVersion", "The specified version does not exist.");
        }
    }

    private S3Bucket requireBucket(String name) {
        var bucket = buckets.get(name);
        if (bucket == null) {
            throw S3Errors.noSuchBucket();
        }
        return bucket;
    }

    private static String decodedSource(String source) {
        try {
            var path = URLDecoder.decode(source.replace("+", "%2B"), StandardCharsets.UTF_8);
            return path.startsWith("/") ? path.substring(1) : path;
        } catch (IllegalArgumentException badEscape) {
            throw S3Errors.invalidArgument("Invalid copy source encoding");
        }
    }

    /// Writes the only account, as listings have it.
    static void owner(S3Xml xml) throws XMLStreamException {
        xml.put("ID", HttpGateway.ACCOUNT);
    }

    /// One running request.
    private final class S3Call {

        private final HttpExchange exchange;
        private final S3Request request;
        private final UploadContent content;
        private final RequestContext context;

        S3Call(
                HttpExchange exchange,
                S3Request request,
                UploadContent content,
                RequestContext context) {
            this.exchange = exchange;
            this.request = request;
            this.content = content;
            this.context = context;
        }

        void handle() throws IOException {
            switch (request.operation()) {
                case "ListBuckets" -> answerXml(listBuckets());
                case "CreateBucket" -> createBucket();
                case "HeadBucket" -> {
                    set("x-amz-bucket-region", bucket().region);
                    answer(200);
                }
                case "DeleteBucket" -> deleteBucket();
                case "ListObjectsV2" ->
                        answerXml(new ObjectListing(request, bucket()).version2Document());
                case "ListObjects" ->
                        answerXml(new ObjectListing(request, bucket()).version1Document());
                case "ListObjectVersions" ->
                        answerXml(new ObjectListing(request, bucket()).versionsDocument());
                case "GetBucketLocation" -> answerXml(location());
                case "GetBucketAcl" -> {
                    bucket();
                    answerXml(acl());
                }
                case "PutBucketAcl", "PutObjectAcl" -> putAcl();
                case "GetBucketTagging" -> answerXml(S3Tags.write(bucket().tags()));
                case "PutBucketTagging" -> {
                    bucket().tag(S3Tags.read(content.bytes(), S3Tags.MOST_OF_A_BUCKET));
                    answer(204);
                }
                case "DeleteBucketTagging" -> {
                    bucket().tag(new LinkedHashMap<>());
                    answer(204);
                }
                case "GetBucketLifecycleConfiguration" -> {
                    var lifecycle = bucket().lifecycle();
                    set(LifecycleConfiguration.SMALLEST, lifecycle.smallestSize());
                    answerXml(lifecycle.write());
                }
                case "PutBucketLifecycleConfiguration" -> {
                    var lifecycle =
                            LifecycleConfiguration.read(
                                    content.bytes(),
                                    request.header(LifecycleConfiguration.SMALLEST));
                    bucket().setLifecycle(lifecycle);
                    set(LifecycleConfiguration.SMALLEST, lifecycle.smallestSize());
                    answer(200);
                }
                case "DeleteBucketLifecycleConfiguration" -> {
                    bucket().setLifecycle(null);
                    answer(204);
                }
                case "PutObject" -> putObject();
                case "CopyObject" -> copyObject();
                case "GetObject", "HeadObject" -> getObject();
                case "DeleteObject" -> {
                    bucket().remove(request.key(), S3Preconditions.ofWrite(request));
                    answer(204);
                }
                case "DeleteObjects" -> answerXml(deleteObjects());
                case "GetObjectAcl" -> {
                    bucket().requireObject(request.key());
                    answerXml(acl());
                }
                case "GetObjectTagging" ->
                        answerXml(S3Tags.write(bucket().requireObject(request.key()).tags()));
                case "PutObjectTagging" -> {
                    bucket().tag(
                                    request.key(),
                                    S3Tags.read(content.bytes(), S3Tags.MOST_OF_AN_OBJECT));
                    answer(200);
                }
                case "DeleteObjectTagging" -> {
                    bucket().tag(request.key(), Map.of());
                    answer(204);
                }
                case "CreateMultipartUpload" -> answerXml(createUpload());
                case "UploadPart" -> uploadPart();
                case "UploadPartCopy" -> uploadPartCopy();
                case "CompleteMultipartUpload" -> answerXml(completeUpload());
                case "AbortMultipartUpload" -> {
                    bucket().removeUpload(upload());
                    answer(204);
                }
                case "ListParts" -> answerXml(listParts());
                case "ListMultipartUploads" -> answerXml(listUploads());
                case String other -> setting(other);
            }
        }

        private S3Bucket bucket() {
            return requireBucket(request.bucket());
        }

        private void setting(String operation) throws IOException {
            var setting = request.setting();
            if (setting == null || !request.key().isEmpty()) {
                if (operation.startsWith("POST")) {
                    throw AwsErrorException.withStatus(
                            405,
                            "MethodNotAllowed",
                            "The specified method is not allowed against this resource.");
                }
                throw S3Errors.notImplemented("the operation " + operation);
            }
            switch (request.method()) {
                case "GET" -> {
                    var document = bucket().setting(setting);
                    if (setting == BucketSetting.POLICY) {
                        set("Content-Type", "application/json");
                        answerBytes(200, document);
                    } else {
                        answerXml(document);
                    }
                }
                case "PUT" -> {
                    bucket().putSetting(setting, setting.read(content.bytes()));
                    answer(setting == BucketSetting.POLICY ? 204 : 200);
                }
                case "DELETE" -> {
                    bucket().removeSetting(setting);
                    answer(204);
                }
                default -> throw S3Errors.notImplemented("the operation " + operation);
            }
        }

        // Buckets

        private byte[] listBuckets() {
            var prefix = request.query().getOrDefault("prefix", "");
            var after = request.query().getOrDefault("continuation-token", "");
            var region = request.query().getOrDefault("bucket-region", "");
            int most = request.number("max-buckets", 1, MOST_BUCKETS, MOST_BUCKETS);
            var found =
                    buckets.values().stream()
                            .filter(it -> it.name.startsWith(prefix))
                            .filter(it -> it.name.compareTo(after) > 0)
                            .filter(it -> region.isEmpty() || it.region.equals(region))
                            .toList();
            var page = found.subList(0, Math.min(most, found.size()));
            return S3Xml.document(
                    "ListAllMyBucketsResult",
                    xml -> {
                        xml.put("Owner", S3::owner);
                        xml.put(
                                "Buckets",
                                all -> {
                                    for (var bucket : page) {
                                        all.put(
                                                "Bucket",
                                                it ->
                                                        it.put("Name", bucket.name)
                                                                .put(
                                                                        "CreationDate",
                                                                        ObjectListing.moment(
                                                                                bucket.createdAt))
                                                                .put(
                                                                        "BucketRegion",
                                                                        bucket.region));
                                    }
                                });
                        if (page.size() < found.size()) {
                            xml.put("ContinuationToken", page.getLast().name);
                        }
                        if (!prefix.isEmpty()) {
                            xml.put("Prefix", prefix);
                        }
                    });
        }

        /// Creating a bucket that one already owns succeeds in us-east-1 only.
        private void createBucket() throws IOException {
            var name = request.bucket();
            if (!BUCKET.matcher(name).matches()) {
                throw AwsErrorException.client(
                        "InvalidBucketName", "The specified bucket is not valid.");
            }
            var acl = request.header("x-amz-acl");
            if (acl != null && !acl.equals("private")) {
                throw AwsErrorException.client(
                        "InvalidBucketAclWithObjectOwnership",
                        "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced"
                                + " setting");
            }
            var ownership = request.header("x-amz-object-ownership");
            if (ownership != null && !ownership.equals("BucketOwnerEnforced")) {
                throw S3Errors.notImplemented("the object ownership " + ownership);
            }
            var bucket = new S3Bucket(name, regionOfNew(), clock);
            if (content.bytes().length > 0) {
                var configuration = S3Xml.root(content.bytes(), "CreateBucketConfiguration");
                for (var element : S3Xml.children(configuration)) {
                    switch (element.getLocalName()) {
                        case "LocationConstraint" -> {}
                        case "Tags" -> {
                            var tags = new LinkedHashMap<String, String>();
                            for (var tag : S3Xml.children(element, "Tag")) {
                                tags.put(S3Xml.text(tag, "Key"), S3Xml.text(tag, "Value"));
                            }
                            bucket.tag(tags);
                        }
                        case String other ->
                                throw S3Errors.notImplemented(other + " of a new bucket");
                    }
                }
            }
            var there = buckets.putIfAbsent(name, bucket);
            if (there != null && !there.region.equals("us-east-1")) {
                throw AwsErrorException.withStatus(
                        409,
                        "BucketAlreadyOwnedByYou",
                        "Your previous request to create the named bucket succeeded and you"
                                + " already own it.");
            }
            set("Location", "/" + name);
            answer(200);
        }

        private String regionOfNew() {
            if (content.bytes().length == 0) {
                return context.region();
            }
            var constraint =
                    S3Xml.text(
                            S3Xml.root(content.bytes(), "CreateBucketConfiguration"),
                            "LocationConstraint");
            if (constraint.equals("us-east-1")) {
                throw AwsErrorException.client(
                        "InvalidLocationConstraint",
                        "The specified location-constraint is not valid");
            }
            return constraint.isEmpty()
                    ? context.region()
                    : constraint.equals("EU") ? "eu-west-1" : constraint;
        }

        private void deleteBucket() throws IOException {
            var bucket = bucket();
            if (!bucket.isEmpty()) {
                throw AwsErrorException.withStatus(
                        409, "BucketNotEmpty", "The bucket you tried to delete is not empty");
            }
            buckets.remove(bucket.name, bucket);
            answer(204);
        }

        private byte[] location() {
            var region = bucket().region;
            var text = region.equals("us-east-1") ? "" : region;
            return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><LocationConstraint"
                            + " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                            + text
                            + "</LocationConstraint>")
                    .getBytes(StandardCharsets.UTF_8);
        }

        private byte[] acl() {
            return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><AccessControlPolicy"
                            + " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Owner><ID>"
                            + HttpGateway.ACCOUNT
                            + "</ID></Owner><AccessControlList><Grant><Grantee"
                            + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                            + " xsi:type=\"CanonicalUser\"><ID>"
                            + HttpGateway.ACCOUNT
                            + "</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant>"
                            + "</AccessControlList></AccessControlPolicy>")
                    .getBytes(StandardCharsets.UTF_8);
        }

        /// ACLs are disabled, as in every new bucket of AWS; only the default can be set.
        private void putAcl() throws IOException {
            var bucket = bucket();
            if (!request.key().isEmpty()) {
                bucket.requireObject(request.key());
            }
            var acl = request.header("x-amz-acl");
            if (acl == null) {
                throw S3Errors.aclsDisabled();
            }
            StoredObject.requirePrivate(acl);
            answer(200);
        }

        // Objects

        private void putObject() throws IOException {
            requireKey();
            var bucket = bucket();
            requireRoom(content.bytes().length);
            var object =
                    StoredObject.of(
                            content,
                            StoredObject.readDescription(request.headers()),
                            tagsOfHeader(),
                            clock.instant());
            bucket.put(request.key(), object, S3Preconditions.ofWrite(request));
            set("ETag", object.etag());
            set(StoredObject.ENCRYPTION, "AES256");
            object.checksum().forEach(this::set);
            answer(200);
        }

        private Map<String, String> tagsOfHeader() {
            var header = request.header(StoredObject.TAGGING);
            return header == null ? Map.of() : S3Tags.ofHeader(header);
        }

        private void requireKey() {
            if (request.key().getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
                throw AwsErrorException.client("KeyTooLongError", "Your key is too long");
            }
        }

        private void requireRoom(int bytes) {
            long others = buckets.values().stream().mapToLong(S3Bucket::bytes).sum();
            if (others + bytes > MOST_BYTES) {
                throw AwsErrorException.withStatus(
                        507,
                        "InsufficientStorage",
                        "local-cloud stores at most " + MOST_BYTES + " bytes of objects in total");
            }
        }

        private StoredObject source() {
            var path =
                    decodedSource(
                            Optional.ofNullable(request.header("x-amz-copy-source")).orElse(""));
            int version = path.lastIndexOf("?versionId=");
            if (version >= 0) {
                if (!path.endsWith("?versionId=null")) {
                    throw S3Errors.notFound(
                            "NoSuchVersion", "The specified version does not exist.");
                }
                path = path.substring(0, version);
            }
            int slash = path.indexOf('/');
            if (slash < 1 || path.startsWith("arn:")) {
                throw S3Errors.invalidArgument(
                        "Copy Source must mention the source bucket and key:"
                                + " sourcebucket/sourcekey");
            }
            var source =
                    requireBucket(path.substring(0, slash))
                            .requireObject(path.substring(slash + 1));
            S3Preconditions.requireSource(request, source);
            return source;
        }

        private void copyObject() throws IOException {
            requireKey();
            var source = source();
            var target = bucket();
            boolean replaces = replaces("x-amz-metadata-directive");
            var path = decodedSource(String.valueOf(request.header("x-amz-copy-source")));
            if (path.equals(request.bucket() + "/" + request.key())
                    && !replaces
                    && request.header(StoredObject.STORAGE_CLASS) == null
                    && request.header(StoredObject.ENCRYPTION) == null) {
                throw S3Errors.invalidRequest(
                        "This copy request is illegal because it is trying to copy an object to"
                                + " itself without changing the object's metadata, storage class,"
                                + " website redirect location or encryption attributes.");
            }
            requireRoom(source.bytes().length);
            var described = StoredObject.readDescription(request.headers());
            var headers = described;
            if (!replaces) {
                var kept = new TreeMap<>(source.headers());
                kept.remove(StoredObject.STORAGE_CLASS);
                if (described.get(StoredObject.STORAGE_CLASS) instanceof String storage) {
                    kept.put(StoredObject.STORAGE_CLASS, storage);
                }
                headers = Map.copyOf(kept);
            }
            var algorithm = request.header("x-amz-checksum-algorithm");
            ObjectChecksum.requireKnown(algorithm, null);
            var copied =
                    StoredObject.of(
                            new UploadContent(
                                    source.bytes(),
                                    algorithm == null
                                            ? Map.of()
                                            : ObjectChecksum.ofWhole(
                                                    ObjectChecksum.PREFIX
                                                            + algorithm.toLowerCase(Locale.ROOT),
                                                    source.bytes())),
                            headers,
                            replaces("x-amz-tagging-directive") ? tagsOfHeader() : source.tags(),
                            clock.instant());
            target.put(request.key(), copied, S3Preconditions.ofWrite(request));
            set(StoredObject.ENCRYPTION, "AES256");
            answerXml(copyResult("CopyObjectResult", copied.etag(), copied.storedAt()));
        }

        private boolean replaces(String directive) {
            return switch (Optional.ofNullable(request.header(directive)).orElse("COPY")) {
                case "COPY" -> false;
                case "REPLACE" -> true;
                default -> throw S3Errors.invalidArgument("Unknown directive: " + directive);
            };
        }

        private static byte[] copyResult(String root, String etag, Instant at) {
            return S3Xml.document(
                    root,
                    xml -> xml.put("LastModified", ObjectListing.moment(at)).put("ETag", etag));
        }

        private void getObject() throws IOException {
            var object = bucket().requireObject(request.key());
            object.headers().forEach(this::set);
            set("ETag", object.etag());
            set("Accept-Ranges", "bytes");
            set(
                    "Last-Modified",
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            object.storedAt().atOffset(ZoneOffset.UTC)));
            if (!object.tags().isEmpty()) {
                set("x-amz-tagging-count", Integer.toString(object.tags().size()));
            }
            for (var override : OVERRIDES) {
                if (request.query().get(override) instanceof String value) {
                    set(override.substring("response-".length()), value);
                }
            }
            switch (S3Preconditions.ofRead(request, object)) {
                case NOT_MODIFIED -> {
                    answer(304);
                    return;
                }
                case FAILED -> throw S3Errors.preconditionFailed();
                case ANSWER -> {}
            }
            var range = ByteRange.of(request.header("Range"), object.bytes().length);
            if (range != null) {
                set(
                        "Content-Range",
                        "bytes %d-%d/%d"
                                .formatted(range.first(), range.last(), object.bytes().length));
                answerBytes(
                        206, Arrays.copyOfRange(object.bytes(), range.first(), range.last() + 1));
                return;
            }
            if ("ENABLED".equalsIgnoreCase(request.header("x-amz-checksum-mode"))) {
                object.checksum().forEach(this::set);
            }
            answerBytes(200, object.bytes());
        }

        private byte[] deleteObjects() {
            var bucket = bucket();
            var root = S3Xml.root(content.bytes(), "Delete");
            boolean quiet = S3Xml.text(root, "Quiet").equals("true");
            var objects = S3Xml.children(root, "Object");
            if (objects.isEmpty() || objects.size() > MOST_LISTED) {
                throw S3Errors.malformedXml();
            }
            for (var element : S3Xml.children(root)) {
                if (!Set.of("Object", "Quiet").contains(element.getLocalName())) {
                    throw S3Errors.malformedXml();
                }
            }
            return S3Xml.document(
                    "DeleteResult",
                    xml -> {
                        for (var object : objects) {
                            // Not trimmed, because spaces are part of a key.
                            var key =
                                    S3Xml.child(object, "Key")
                                            .map(it -> it.getTextContent())
                                            .orElse("");
                            var version = S3Xml.text(object, "VersionId");
                            if (key.isEmpty() || !version.isEmpty() && !version.equals("null")) {
                                xml.put(
                                        "Error",
                                        it ->
                                                it.put("Key", key)
                                                        .put(
                                                                "Code",
                                                                key.isEmpty()
                                                                        ? "UserKeyMustBeSpecified"
                                                                        : "NoSuchVersion")
                                                        .put(
                                                                "Message",
                                                                "The specified key or version is"
                                                                        + " not valid."));
                                continue;
                            }
                            var etag = S3Xml.text(object, "ETag").replace("\"", "");
                            bucket.remove(
                                    key,
                                    there ->
                                            etag.isEmpty()
                                                    || there != null
                                                            && there.etag()
                                                                    .replace("\"", "")
                                                                    .equals(etag));
                            if (!quiet) {
                                xml.put("Deleted", it -> it.put("Key", key));
                            }
                        }
                    });
        }

        // Uploads in parts

        private MultipartUpload upload() {
            return bucket().requireUpload(
                            request.query().getOrDefault("uploadId", ""), request.key());
        }

        private byte[] createUpload() {
            requireKey();
            var upload =
                    new MultipartUpload(
                            request.key(),
                            StoredObject.readDescription(request.headers()),
                            tagsOfHeader(),
                            request.header("x-amz-checksum-algorithm"),
                            request.header("x-amz-checksum-type"),
                            clock.instant());
            bucket().addUpload(upload);
            set(StoredObject.ENCRYPTION, "AES256");
            if (upload.algorithm() instanceof String algorithm) {
                set("x-amz-checksum-algorithm", algorithm);
            }
            if (upload.checksumType() instanceof String type) {
                set(ObjectChecksum.TYPE, type);
            }
            return S3Xml.document(
                    "InitiateMultipartUploadResult",
                    xml ->
                            xml.put("Bucket", request.bucket())
                                    .put("Key", request.key())
                                    .put("UploadId", upload.id));
        }

        private int partNumber() {
            var text = request.query().getOrDefault("partNumber", "");
            if (!text.matches("[0-9]{1,5}")
                    || Integer.parseInt(text) < 1
                    || Integer.parseInt(text) > MultipartUpload.MOST_PARTS) {
                throw S3Errors.invalidArgument(
                        "Part number must be an integer between 1 and 10000, inclusive");
            }
            return Integer.parseInt(text);
        }

        private void uploadPart() throws IOException {
            var upload = upload();
            requireRoom(content.bytes().length);
            var part = upload.put(partNumber(), content, clock.instant());
            set("ETag", part.etag());
            part.checksum().forEach(this::set);
            answer(200);
        }

        private void uploadPartCopy() throws IOException {
            var upload = upload();
            var source = source().bytes();
            var header = request.header("x-amz-copy-source-range");
            var range = ByteRange.of(header, source.length);
            if (header != null && range == null) {
                throw S3Errors.invalidArgument(
                        "The x-amz-copy-source-range value must be of the form"
                                + " bytes=first-last where first and last are the zero-based"
                                + " offsets of the first and last bytes to copy");
            }
            var bytes =
                    range == null
                            ? source
                            : Arrays.copyOfRange(source, range.first(), range.last() + 1);
            requireRoom(bytes.length);
            var part =
                    upload.put(partNumber(), new UploadContent(bytes, Map.of()), clock.instant());
            answerXml(copyResult("CopyPartResult", part.etag(), part.storedAt()));
        }

        private byte[] completeUpload() {
            var upload = upload();
            var root = S3Xml.root(content.bytes(), "CompleteMultipartUpload");
            var object = upload.complete(root, clock.instant());
            for (var said : request.headers().entrySet()) {
                var name = said.getKey().toLowerCase(Locale.ROOT);
                var sum = object.checksum().get(name);
                if (ObjectChecksum.isKnown(name)
                        && sum != null
                        && !sum.equals(said.getValue().getFirst())) {
                    throw AwsErrorException.client(
                            "BadDigest",
                            "The " + name + " you specified did not match what we received");
                }
            }
            bucket().put(request.key(), object, S3Preconditions.ofWrite(request));
            bucket().removeUpload(upload);
            set(StoredObject.ENCRYPTION, "AES256");
            return S3Xml.document(
                    "CompleteMultipartUploadResult",
                    xml -> {
                        xml.put(
                                        "Location",
                                        "%s/%s/%s"
                                                .formatted(
                                                        context.endpoint(),
                                                        request.bucket(),
                                                        ObjectListing.url(request.key())))
                                .put("Bucket", request.bucket())
                                .put("Key", request.key())
                                .put("ETag", object.etag());
                        for (var sum : object.checksum().entrySet()) {
                            xml.put(elementOf(sum.getKey()), sum.getValue());
                        }
                    });
        }

        private static String elementOf(String checksumHeader) {
            return switch (checksumHeader) {
                case ObjectChecksum.TYPE -> "ChecksumType";
                case String header ->
                        "Checksum"
                                + header.substring(ObjectChecksum.PREFIX.length())
                                        .toUpperCase(Locale.ROOT);
            };
        }

        private byte[] listParts() {
            var upload = upload();
            int marker = request.number("part-number-marker", 0, MultipartUpload.MOST_PARTS, 0);
            int most = request.number("max-parts", 0, MOST_LISTED, MOST_LISTED);
            var left = upload.parts().tailMap(marker + 1);
            return S3Xml.document(
                    "ListPartsResult",
                    xml -> {
                        xml.put("Bucket", request.bucket())
                                .put("Key", request.key())
                                .put("UploadId", upload.id)
                                .put("Owner", S3::owner)
                                .put("Initiator", S3::owner)
                                .put("StorageClass", "STANDARD")
                                .put("PartNumberMarker", Integer.toString(marker))
                                .put("MaxParts", Integer.toString(most))
                                .put("IsTruncated", Boolean.toString(left.size() > most));
                        int shown = 0;
                        for (var part : left.entrySet()) {
                            if (++shown > most) {
                                break;
                            }
                            xml.put(
                                    "Part",
                                    it -> {
                                        it.put("PartNumber", part.getKey().toString())
                                                .put(
                                                        "LastModified",
                                                        ObjectListing.moment(
                                                                part.getValue().storedAt()))
                                                .put("ETag", part.getValue().etag())
                                                .put(
                                                        "Size",
                                                        Integer.toString(
                                                                part.getValue().bytes().length));
                                    });
                            if (shown == most && left.size() > most) {
                                xml.put("NextPartNumberMarker", part.getKey().toString());
                            }
                        }
                    });
        }

        private byte[] listUploads() {
            var prefix = request.query().getOrDefault("prefix", "");
            var marker = request.query().getOrDefault("key-marker", "");
            int most = request.number("max-uploads", 1, MOST_LISTED, MOST_LISTED);
            var found =
                    bucket().uploads().stream()
                            .filter(it -> it.key.startsWith(prefix))
                            .filter(it -> S3Bucket.KEY_ORDER.compare(it.key, marker) > 0)
                            .toList();
            var page = found.subList(0, Math.min(most, found.size()));
            return S3Xml.document(
                    "ListMultipartUploadsResult",
                    xml -> {
                        xml.put("Bucket", request.bucket())
                                .put("KeyMarker", marker)
                                .put("Prefix", prefix)
                                .put("MaxUploads", Integer.toString(most))
                                .put("IsTruncated", Boolean.toString(page.size() < found.size()));
                        if (page.size() < found.size()) {
                            xml.put("NextKeyMarker", page.getLast().key)
                                    .put("NextUploadIdMarker", page.getLast().id);
                        }
                        for (var upload : page) {
                            xml.put(
                                    "Upload",
                                    it ->
                                            it.put("Key", upload.key)
                                                    .put("UploadId", upload.id)
                                                    .put("Initiator", S3::owner)
                                                    .put("Owner", S3::owner)
                                                    .put("StorageClass", "STANDARD")
                                                    .put(
                                                            "Initiated",
                                                            ObjectListing.moment(upload.begunAt)));
                        }
                    });
        }

        // Responses

        private void set(String header, @Nullable String value) {
            exchange.getResponseHeaders().set(header, value);
        }

        private void answer(int status) throws IOException {
            exchange.sendResponseHeaders(status, -1);
        }

        private void answerXml(byte[] document) throws IOException {
            set("Content-Type", "application/xml");
            answerBytes(200, document);
        }

        private void answerBytes(int status, byte[] body) throws IOException {
            boolean head = request.method().equals("HEAD");
            if (head) {
                set("Content-Length", Integer.toString(body.length));
            }
            boolean silent = body.length == 0 || head;
            exchange.sendResponseHeaders(status, silent ? -1 : body.length);
            if (!silent) {
                exchange.getResponseBody().write(body);
            }
        }
    }
}
