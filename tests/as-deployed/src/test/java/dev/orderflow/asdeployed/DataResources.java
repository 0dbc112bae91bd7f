package dev.orderflow.asdeployed;

import dev.orderflow.asdeployed.Deployment.Created;
import dev.orderflow.asdeployed.Templates.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;

/// Creates buckets, keys, secrets and e-mail identities.
final class DataResources {

    private final CloudClients clients;
    private final Map<String, String> secrets = new HashMap<>();

    DataResources(CloudClients clients) {
        this.clients = clients;
    }

    Created bucket(Resource resource, Properties in) {
        var name =
                in.optional("BucketName").orElse(resource.id().toLowerCase(java.util.Locale.ROOT));
        clients.s3().createBucket(create -> create.bucket(name));
        var rules = new ArrayList<LifecycleRule>();
        for (var rule : in.part("LifecycleConfiguration").parts("Rules")) {
            var expiring =
                    LifecycleRule.builder()
                            .id(rule.optional("Id").orElse("rule"))
                            .status(ExpirationStatus.fromValue(rule.text("Status")))
                            .filter(all -> all.prefix(""))
                            .expiration(
                                    after -> after.days(rule.get("ExpirationInDays").intValue()));
            var unfinished = rule.part("AbortIncompleteMultipartUpload");
            unfinished
                    .optional("DaysAfterInitiation")
                    .map(Integer::valueOf)
                    .ifPresent(
                            days ->
                                    expiring.abortIncompleteMultipartUpload(
                                            after -> after.daysAfterInitiation(days)));
            unfinished.requireAllRead();
            rule.requireAllRead();
            rules.add(expiring.build());
        }
        clients.s3()
                .putBucketLifecycleConfiguration(
                        put -> put.bucket(name).lifecycleConfiguration(all -> all.rules(rules)));
        var arn = "arn:aws:s3:::" + name;
        in.get("BucketEncryption")
                .path("ServerSideEncryptionConfiguration")
                .forEach(
                        rule -> {
                            var key =
                                    rule.path("ServerSideEncryptionByDefault")
                                            .path("KMSMasterKeyID");
                            if (!key.isMissingNode()) {
                                clients.accessControl().setEncryptionKey(arn, key.asString());
                            }
                        });
        for (var rule : in.part("OwnershipControls").parts("Rules")) {
            var ownership = rule.text("ObjectOwnership");
            rule.requireAllRead();
            clients.s3()
                    .putBucketOwnershipControls(
                            put ->
                                    put.bucket(name)
                                            .ownershipControls(
                                                    it ->
                                                            it.rules(
                                                                    one ->
                                                                            one.objectOwnership(
                                                                                    ownership))));
        }
        blockPublicAccess(name, in.part("PublicAccessBlockConfiguration"));
        return Created.withArn(name, arn);
    }

    private void blockPublicAccess(String bucket, Properties in) {
        clients.s3()
                .putPublicAccessBlock(
                        put ->
                                put.bucket(bucket)
                                        .publicAccessBlockConfiguration(
                                                block ->
                                                        block.blockPublicAcls(
                                                                        in.flag("BlockPublicAcls"))
                                                                .blockPublicPolicy(
                                                                        in.flag(
                                                                                "BlockPublicPolicy"))
                                                                .ignorePublicAcls(
                                                                        in.flag("IgnorePublicAcls"))
                                                                .restrictPublicBuckets(
                                                                        in.flag(
                                                                                "RestrictPublicBuckets"))));
        in.requireAllRead();
    }

    Created key(Properties in) {
        var policy = PolicyResources.document(in.get("KeyPolicy"));
        var text = in.get("KeyPolicy").toString();
        var description = in.optional("Description").orElse("");
        // local-cloud has one Region, and keys are not deleted.
        in.accept("MultiRegion", "PendingWindowInDays");
        var metadata =
                clients.kms()
                        .createKey(create -> create.description(description).policy(text))
                        .keyMetadata();
        if (in.flag("EnableKeyRotation")) {
            clients.kms().enableKeyRotation(enable -> enable.keyId(metadata.keyId()));
        }
        clients.accessControl().putResourcePolicy(metadata.arn(), policy);
        return new Created(
                metadata.keyId(), Map.of("Arn", metadata.arn(), "KeyId", metadata.keyId()));
    }

    Created keyAlias(Properties in) {
        var name = in.text("AliasName");
        var key = in.text("TargetKeyId");
        clients.kms().createAlias(create -> create.aliasName(name).targetKeyId(key));
        return Created.named(name);
    }

    /// local-cloud verifies an identity when it is created, without DNS.
    Created emailIdentity(Properties in) {
        var identity = in.text("EmailIdentity");
        clients.ses().createEmailIdentity(create -> create.emailIdentity(identity));
        in.accept("ConfigurationSetAttributes", "FeedbackAttributes", "MailFromAttributes");
        return new Created(identity, attribute -> identity + "." + attribute);
    }

    Created secret(Properties in) {
        var arn = clients.arn("secretsmanager", "secret:" + in.text("Name") + "-abcdef");
        var length = in.get("GenerateSecretString").path("PasswordLength").asInt(32);
        in.optional("KmsKeyId")
                .ifPresent(key -> clients.accessControl().setEncryptionKey(arn, key));
        in.accept("Description");
        secrets.put(
                arn, UUID.randomUUID().toString().replace("-", "").repeat(2).substring(0, length));
        return new Created(arn, Map.of("Id", arn));
    }

    /// Changes the value of a secret.
    void putSecret(String arn, String value) {
        secret(arn);
        secrets.put(arn, value);
    }

    /// The value of a secret.
    String secret(String arn) {
        var value = secrets.get(arn);
        if (value == null) {
            throw new DeploymentException("there is no secret " + arn);
        }
        return value;
    }
}
