package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.HttpGateway;
import dev.orderflow.localcloud.wire.PageToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.regex.Pattern;

/// The operations on buckets, their settings and ACLs.
final class S3BucketOperations {

    private static final String BUCKETS = "s3:Buckets";
    private static final int MOST_BUCKETS = 10_000;
    /// [Naming
    /// rules](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
    private static final Pattern BUCKET =
            Pattern.compile(
                    "(?!xn--|sthree-|amzn-s3-demo-|[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+$)"
                            + "(?!.*\\.\\.)(?!.*(-s3alias|--ol-s3|\\.mrap|--x-s3|--table-s3)$)"
                            + "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    private final S3Call call;

    S3BucketOperations(S3Call call) {
        this.call = call;
    }

    void setting(String operation) throws IOException {
        var setting = call.request().setting();
        if (setting == null || !call.request().key().isEmpty()) {
            if (operation.startsWith("POST")) {
                throw S3Errors.methodNotAllowed();
            }
            throw S3Errors.notImplemented("the operation " + operation);
        }
        switch (call.request().method()) {
            case "GET" -> {
                var document = call.bucket().setting(setting);
                if (setting == BucketSetting.POLICY) {
                    call.set("Content-Type", "application/json");
                    call.respondBytes(200, document);
                } else {
                    call.respondXml(document);
                }
            }
            case "PUT" -> {
                if (setting == BucketSetting.POLICY) {
                    putPolicy();
                } else {
                    call.bucket().putSetting(setting, setting.read(call.content().bytes()));
                    call.respond(200);
                }
            }
            case "DELETE" -> {
                if (!setting.isDeletable()) {
                    throw S3Errors.methodNotAllowed();
                }
                call.bucket().removeSetting(setting);
                call.respond(204);
            }
            default -> throw S3Errors.notImplemented("the operation " + operation);
        }
    }

    private void putPolicy() throws IOException {
        var bucket = call.bucket();
        var policy = BucketPolicy.read(bucket.name, call.content().bytes());
        if (bucket.isPublicPolicyBlocked() && BucketPolicy.isPublic(policy)) {
            throw BucketPolicy.blocked(bucket.name);
        }
        bucket.putSetting(BucketSetting.POLICY, policy);
        call.respond(204);
    }

    byte[] listBuckets() {
        var prefix = call.request().query().getOrDefault("prefix", "");
        var token = call.request().query().get("continuation-token");
        var after = token == null ? "" : ObjectListing.decodeToken(BUCKETS, token);
        var region = call.request().query().getOrDefault("bucket-region", "");
        int most = call.request().number("max-buckets", 1, MOST_BUCKETS, MOST_BUCKETS);
        var found =
                call.buckets().all().stream()
                        .filter(it -> it.name.startsWith(prefix))
                        .filter(it -> it.name.compareTo(after) > 0)
                        .filter(it -> region.isEmpty() || it.region.equals(region))
                        .toList();
        var page = found.subList(0, Math.min(most, found.size()));
        return S3Xml.document(
                "ListAllMyBucketsResult",
                xml -> {
                    xml.put("Owner", S3Call::writeOwner);
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
                                                            .put("BucketRegion", bucket.region));
                                }
                            });
                    if (page.size() < found.size()) {
                        xml.put(
                                "ContinuationToken",
                                PageToken.encode(BUCKETS, page.getLast().name));
                    }
                    if (!prefix.isEmpty()) {
                        xml.put("Prefix", prefix);
                    }
                });
    }

    /// Creating a bucket that one already owns succeeds in us-east-1 only.
    void createBucket() throws IOException {
        var name = call.request().bucket();
        if (!BUCKET.matcher(name).matches()) {
            throw AwsErrorException.client(
                    "InvalidBucketName", "The specified bucket is not valid.");
        }
        var acl = call.request().header("x-amz-acl");
        if (acl != null && !acl.equals("private")) {
            throw AwsErrorException.client(
                    "InvalidBucketAclWithObjectOwnership",
                    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced"
                            + " setting");
        }
        var ownership = call.request().header("x-amz-object-ownership");
        if (ownership != null && !ownership.equals("BucketOwnerEnforced")) {
            throw S3Errors.notImplemented("the object ownership " + ownership);
        }
        var bucket = new S3Bucket(name, regionOfNew(), call.clock());
        if (call.content().bytes().length > 0) {
            var configuration = S3Xml.root(call.content().bytes(), "CreateBucketConfiguration");
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
                    case String other -> throw S3Errors.notImplemented(other + " of a new bucket");
                }
            }
        }
        var there = call.buckets().add(bucket);
        if (there != null && !there.region.equals("us-east-1")) {
            throw AwsErrorException.withStatus(
                    409,
                    "BucketAlreadyOwnedByYou",
                    "Your previous request to create the named bucket succeeded and you"
                            + " already own it.");
        }
        call.set("Location", "/" + name);
        call.respond(200);
    }

    private String regionOfNew() {
        if (call.content().bytes().length == 0) {
            return call.context().region();
        }
        var constraint =
                S3Xml.text(
                        S3Xml.root(call.content().bytes(), "CreateBucketConfiguration"),
                        "LocationConstraint");
        if (constraint.equals("us-east-1")
                || !constraint.matches("(|EU|[a-z]{2}(-[a-z]+){1,3}-[0-9])")) {
            throw AwsErrorException.client(
                    "InvalidLocationConstraint", "The specified location-constraint is not valid");
        }
        return constraint.isEmpty()
                ? call.context().region()
                : constraint.equals("EU") ? "eu-west-1" : constraint;
    }

    void deleteBucket() throws IOException {
        var bucket = call.bucket();
        if (!bucket.isEmpty()) {
            throw AwsErrorException.withStatus(
                    409, "BucketNotEmpty", "The bucket you tried to delete is not empty");
        }
        call.buckets().remove(bucket);
        call.respond(204);
    }

    byte[] location() {
        var region = call.bucket().region;
        var text = region.equals("us-east-1") ? "" : region;
        return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><LocationConstraint"
                        + " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                        + text
                        + "</LocationConstraint>")
                .getBytes(StandardCharsets.UTF_8);
    }

    byte[] acl() {
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
    void putAcl() throws IOException {
        var bucket = call.bucket();
        if (!call.request().key().isEmpty()) {
            bucket.requireObject(call.request().key());
        }
        var acl = call.request().header("x-amz-acl");
        if (acl == null) {
            throw S3Errors.aclsDisabled();
        }
        StoredObject.requirePrivate(acl);
        call.respond(200);
    }
}
