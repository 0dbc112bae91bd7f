package dev.orderflow.localcloud.conformance;

import dev.orderflow.localcloud.LocalCloud;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// The cloud that the conformance suite runs against: the one at `-Dcloud.endpoint=…`, with
/// `-Dcloud=localstack` LocalStack in Docker, else an embedded local cloud. Started once for all
/// suites.
///
/// The suites share it, so each creates resources with [#unique(String)] names.
final class CloudUnderTest {

    private static final URI ENDPOINT = endpoint();

    private CloudUnderTest() {}

    private static URI endpoint() {
        var given = System.getProperty("cloud.endpoint", "");
        if (!given.isEmpty()) {
            return URI.create(given);
        }
        if (System.getProperty("cloud", "").equals("localstack")) {
            return localStack();
        }
        var cloud = LocalCloud.builder().start();
        Runtime.getRuntime().addShutdownHook(new Thread(cloud::close));
        return cloud.endpoint();
    }

    /// The last image that needs no account. It has no HTTP tasks and no connections, so of the
    /// suites those of SQS, SNS, SES and STS are meant for it.
    private static URI localStack() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException(
                    "-Dcloud=localstack needs Docker, which does not answer");
        }
        var container =
                new LocalStackContainer(DockerImageName.parse("localstack/localstack:4.14.0"));
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        return container.getEndpoint();
    }

    /// An unmodified client of the AWS SDK, pointed at the cloud.
    static <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return builder.endpointOverride(ENDPOINT)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("test", "test")))
                .overrideConfiguration(
                        configuration ->
                                configuration
                                        .apiCallTimeout(Duration.ofSeconds(60))
                                        // `sync-127.0.0.1` of some operations is no host.
                                        .putAdvancedOption(
                                                SdkAdvancedClientOption
                                                        .DISABLE_HOST_PREFIX_INJECTION,
                                                true))
                .build();
    }

    /// A client of S3. The host names of buckets do not resolve here, so that they are in the path.
    static S3Client s3() {
        return client(S3Client.builder().forcePathStyle(true));
    }

    /// The endpoint of the cloud.
    static URI at() {
        return ENDPOINT;
    }

    /// A unique resource name.
    static String unique(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    }
}
