package dev.orderflow.localcloud.s3;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An S3 request: operation, bucket and key.
///
/// The bucket is in the path or in the host name: `bucket.localhost`, `bucket.s3.amazonaws.com` and
/// `bucket.s3.eu-west-1.amazonaws.com` are
/// [virtual-hosted](https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html). A
/// presigned URL carries headers as query parameters ([signature in the query][1]); they are
/// treated as headers.
///
/// [1]: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
///
/// @param query decoded query parameters, without those of the signature
record S3Request(
        String method, String bucket, String key, Map<String, String> query, Headers headers) {

    /// Query parameters that select an operation together with the method.
    private static final Set<String> CHOOSING =
            Set.of("delete", "uploads", "uploadId", "versions", "tagging", "acl", "attributes");

    /// Query parameters of the signature or the client, in lower case.
    private static final Set<String> SIGNING =
            Set.of(
                    "x-id",
                    "x-amz-algorithm",
                    "x-amz-credential",
                    "x-amz-date",
                    "x-amz-expires",
                    "x-amz-signedheaders",
                    "x-amz-signature",
                    "x-amz-security-token",
                    // Parameters of signature version 2, which older clients still use for
                    // presigned URLs.
                    "awsaccesskeyid",
                    "signature",
                    "expires");

    /// The forms of AWS, old and new, of one region and of dual stack; and of this machine.
    private static final Pattern HOSTED =
            Pattern.compile(
                    "(?!s3[.-])(?<bucket>[a-z0-9][a-z0-9.-]*?)"
                            + "(\\.s3([.-](dualstack\\.)?[a-z]{2,}(-[a-z0-9]+)+)?\\.amazonaws\\.com"
                            + "|\\.s3([.-][a-z]{2,}(-[a-z0-9]+)+)?\\.localhost"
                            + "|\\.localhost)");

    static S3Request of(HttpExchange exchange) {
        var headers = new Headers();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values));
        var query = new TreeMap<String, String>();
        parameters(exchange.getRequestURI().getRawQuery())
                .forEach(
                        (name, value) -> {
                            var lower = name.toLowerCase(Locale.ROOT);
                            if (!lower.startsWith("x-amz-") && !SIGNING.contains(lower)) {
                                query.put(name, value);
                            } else if (!SIGNING.contains(lower)) {
                                headers.add(lower, value);
                            }
                        });
        var path = exchange.getRequestURI().getPath();
        var hosted = bucketOfHost(headers.getFirst("Host"));
        int slash = path.indexOf('/', 1);
        var first = path.isEmpty() ? "" : slash < 0 ? path.substring(1) : path.substring(1, slash);
        var rest = slash < 0 ? "" : path.substring(slash + 1);
        return hosted == null
                ? new S3Request(exchange.getRequestMethod(), first, rest, query, headers)
                : new S3Request(
                        exchange.getRequestMethod(),
                        hosted,
                        path.isEmpty() ? "" : path.substring(1),
                        query,
                        headers);
    }

    private static @Nullable String bucketOfHost(@Nullable String host) {
        if (host == null) {
            return null;
        }
        var name = host.replaceAll(":[0-9]+$", "").toLowerCase(Locale.ROOT);
        var hosted = HOSTED.matcher(name);
        return hosted.matches() ? hosted.group("bucket") : null;
    }

    static Map<String, String> parameters(@Nullable String rawQuery) {
        var parameters = new TreeMap<String, String>();
        if (rawQuery != null) {
            for (var pair : rawQuery.split("&")) {
                int equals = pair.indexOf('=');
                var name = decode(equals < 0 ? pair : pair.substring(0, equals));
                if (!name.isEmpty()) {
                    parameters.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
                }
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw S3Errors.invalidArgument("The query string is not URL-encoded");
        }
    }

    /// The name of the operation in the API, or a description of an unsupported one.
    String operation() {
        if (bucket.isEmpty()) {
            return method.equals("GET") ? "ListBuckets" : method + " without a bucket";
        }
        return key.isEmpty() ? ofBucket() : ofObject();
    }

    private String ofBucket() {
        var setting = setting();
        if (setting != null) {
            return switch (method) {
                case "GET" -> "Get" + setting.operation;
                case "PUT" -> "Put" + setting.operation;
                case "DELETE" -> "Delete" + setting.operation;
                default -> method + " bucket?" + setting.parameter;
            };
        }
        return switch (method + choice()) {
            case "GET" -> query.containsKey("list-type") ? "ListObjectsV2" : "ListObjects";
            case "GET?versions" -> "ListObjectVersions";
            case "GET?uploads" -> "ListMultipartUploads";
            case "HEAD" -> "HeadBucket";
            case "PUT" -> "CreateBucket";
            case "DELETE" -> "DeleteBucket";
            case "POST?delete" -> "DeleteObjects";
            case String other -> other.replaceFirst(method, method + " bucket");
        };
    }

    private String ofObject() {
        boolean copies = headers.containsKey("x-amz-copy-source");
        return switch (method + choice()) {
            case "GET" -> "GetObject";
            case "GET?uploadId" -> "ListParts";
            case "GET?tagging" -> "GetObjectTagging";
            case "GET?acl" -> "GetObjectAcl";
            case "GET?attributes" -> "GetObjectAttributes";
            case "HEAD" -> "HeadObject";
            case "PUT" -> copies ? "CopyObject" : "PutObject";
            case "PUT?uploadId" -> copies ? "UploadPartCopy" : "UploadPart";
            case "PUT?tagging" -> "PutObjectTagging";
            case "PUT?acl" -> "PutObjectAcl";
            case "DELETE" -> "DeleteObject";
            case "DELETE?uploadId" -> "AbortMultipartUpload";
            case "DELETE?tagging" -> "DeleteObjectTagging";
            case "POST?uploads" -> "CreateMultipartUpload";
            case "POST?uploadId" -> "CompleteMultipartUpload";
            case String other -> other.replaceFirst(method, method + " object");
        };
    }

    /// The bucket setting of the request, null if none.
    @Nullable BucketSetting setting() {
        return query.keySet().stream()
                .map(BucketSetting::of)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(null);
    }

    private String choice() {
        var chosen =
                query.keySet().stream().filter(CHOOSING::contains).collect(Collectors.joining("&"));
        return chosen.isEmpty() ? "" : "?" + chosen;
    }

    @Nullable String header(String name) {
        return headers.getFirst(name);
    }

    /// An integer parameter within bounds, or a default when absent.
    int number(String parameter, int least, int most, int otherwise) {
        var text = query.get(parameter);
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,10}")
                || Long.parseLong(text) < least
                || Long.parseLong(text) > Integer.MAX_VALUE) {
            throw S3Errors.invalidArgument(
                    "Argument %s must be an integer between %d and %d"
                            .formatted(parameter, least, Integer.MAX_VALUE));
        }
        return (int) Math.min(Long.parseLong(text), most);
    }
}
