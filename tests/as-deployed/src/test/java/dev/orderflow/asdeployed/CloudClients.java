package dev.orderflow.asdeployed;

import dev.orderflow.localcloud.LocalCloud;
import dev.orderflow.localcloud.iam.AccessControl;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// An administrator's clients of local-cloud, with which resources are created.
///
/// @param account the account of the resources, for their ARNs
/// @param accessControl roles, policies and encryption keys, which local-cloud has no API for
record CloudClients(
        String account,
        AccessControl accessControl,
        SqsClient sqs,
        SnsClient sns,
        EventBridgeClient events,
        SfnClient states,
        CloudWatchClient cloudWatch,
        S3Client s3,
        SesV2Client ses,
        KmsClient kms)
        implements AutoCloseable {

    private static final String REGION = "us-east-1";

    static CloudClients of(LocalCloud cloud, String account) {
        return new CloudClients(
                account,
                cloud.accessControl(),
                client(cloud, SqsClient.builder()),
                client(cloud, SnsClient.builder()),
                client(cloud, EventBridgeClient.builder()),
                client(cloud, SfnClient.builder()),
                client(cloud, CloudWatchClient.builder()),
                client(cloud, S3Client.builder().forcePathStyle(true)),
                client(cloud, SesV2Client.builder()),
                client(cloud, KmsClient.builder()));
    }

    private static <B extends AwsClientBuilder<B, C>, C> C client(LocalCloud cloud, B builder) {
        return builder.endpointOverride(cloud.endpoint())
                .region(Region.of(REGION))
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("administrator", "local")))
                .build();
    }

    /// The ARN of a resource of the account.
    String arn(String service, String resource) {
        return "arn:aws:%s:%s:%s:%s".formatted(service, REGION, account, resource);
    }

    @Override
    public void close() {
        List.of(sqs, sns, events, states, cloudWatch, s3, ses, kms).forEach(it -> it.close());
    }
}
