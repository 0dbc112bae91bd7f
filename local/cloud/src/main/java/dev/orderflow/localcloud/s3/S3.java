package dev.orderflow.localcloud.s3;

import com.sun.net.httpserver.HttpExchange;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.HttpGateway;
import dev.orderflow.localcloud.wire.RequestContext;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The [S3 REST API](https://docs.aws.amazon.com/AmazonS3/latest/API/), with objects in memory.
///
/// An unsupported header, query parameter or element that would have an effect is rejected by name
/// instead of ignored.
public final class S3 implements HttpGateway.RawHttpHandler {

    private final CloudClock clock;
    private final S3Buckets buckets = new S3Buckets();

    public S3(CloudClock clock) {
        this.clock = clock;
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
            about.put("CopySource", S3Call.decodedSource(source));
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
        PresignedUrl.requireValid(
                S3Request.parameters(exchange.getRequestURI().getRawQuery()), clock.wallInstant());
        S3RequestValidator.validate(request);
        var content = UploadContent.of(exchange.getRequestHeaders(), body);
        dispatch(new S3Call(exchange, request, content, context, buckets, clock));
    }

    private static void dispatch(S3Call call) throws IOException {
        var bucketOperations = new S3BucketOperations(call);
        var objectOperations = new S3ObjectOperations(call);
        var uploadOperations = new S3UploadOperations(call);
        switch (call.request().operation()) {
            case "ListBuckets" -> call.respondXml(bucketOperations.listBuckets());
            case "CreateBucket" -> bucketOperations.createBucket();
            case "HeadBucket" -> {
                call.set("x-amz-bucket-region", call.bucket().region);
                call.respond(200);
            }
            case "DeleteBucket" -> bucketOperations.deleteBucket();
            case "ListObjectsV2" ->
                    call.respondXml(
                            new ObjectListing(call.request(), call.bucket()).version2Document());
            case "ListObjects" ->
                    call.respondXml(
                            new ObjectListing(call.request(), call.bucket()).version1Document());
            case "ListObjectVersions" ->
                    call.respondXml(
                            new ObjectListing(call.request(), call.bucket()).versionsDocument());
            case "GetBucketLocation" -> call.respondXml(bucketOperations.location());
            case "GetBucketAcl" -> {
                call.bucket();
                call.respondXml(bucketOperations.acl());
            }
            case "PutBucketAcl", "PutObjectAcl" -> bucketOperations.putAcl();
            case "GetBucketPolicyStatus" ->
                    call.respondXml(
                            BucketPolicy.status(call.bucket().setting(BucketSetting.POLICY)));
            case "GetBucketTagging" -> call.respondXml(S3Tags.write(call.bucket().tags()));
            case "PutBucketTagging" -> {
                call.bucket().tag(S3Tags.read(call.content().bytes(), S3Tags.MOST_OF_A_BUCKET));
                call.respond(204);
            }
            case "DeleteBucketTagging" -> {
                call.bucket().tag(new LinkedHashMap<>());
                call.respond(204);
            }
            case "GetBucketLifecycleConfiguration" -> {
                var lifecycle = call.bucket().lifecycle();
                call.set(LifecycleConfiguration.SMALLEST, lifecycle.smallestSize());
                call.respondXml(lifecycle.write());
            }
            case "PutBucketLifecycleConfiguration" -> {
                var lifecycle =
                        LifecycleConfiguration.read(
                                call.content().bytes(),
                                call.request().header(LifecycleConfiguration.SMALLEST));
                call.bucket().setLifecycle(lifecycle);
                call.set(LifecycleConfiguration.SMALLEST, lifecycle.smallestSize());
                call.respond(200);
            }
            case "DeleteBucketLifecycleConfiguration" -> {
                call.bucket().setLifecycle(null);
                call.respond(204);
            }
            case "PutObject" -> objectOperations.putObject();
            case "CopyObject" -> objectOperations.copyObject();
            case "GetObject", "HeadObject" -> objectOperations.getObject();
            case "DeleteObject" -> {
                call.bucket().remove(call.request().key(), S3Preconditions.ofWrite(call.request()));
                call.respond(204);
            }
            case "DeleteObjects" -> call.respondXml(objectOperations.deleteObjects());
            case "GetObjectAttributes" -> call.respondXml(objectOperations.getAttributes());
            case "GetObjectAcl" -> {
                call.bucket().requireObject(call.request().key());
                call.respondXml(bucketOperations.acl());
            }
            case "GetObjectTagging" ->
                    call.respondXml(
                            S3Tags.write(call.bucket().requireObject(call.request().key()).tags()));
            case "PutObjectTagging" -> {
                call.bucket()
                        .tag(
                                call.request().key(),
                                S3Tags.read(call.content().bytes(), S3Tags.MOST_OF_AN_OBJECT));
                call.respond(200);
            }
            case "DeleteObjectTagging" -> {
                call.bucket().tag(call.request().key(), Map.of());
                call.respond(204);
            }
            case "CreateMultipartUpload" -> call.respondXml(uploadOperations.createUpload());
            case "UploadPart" -> uploadOperations.uploadPart();
            case "UploadPartCopy" -> uploadOperations.uploadPartCopy();
            case "CompleteMultipartUpload" -> call.respondXml(uploadOperations.completeUpload());
            case "AbortMultipartUpload" -> {
                call.bucket().removeUpload(uploadOperations.upload());
                call.respond(204);
            }
            case "ListParts" -> call.respondXml(uploadOperations.listParts());
            case "ListMultipartUploads" -> call.respondXml(uploadOperations.listUploads());
            case String other -> bucketOperations.setting(other);
        }
    }
}
