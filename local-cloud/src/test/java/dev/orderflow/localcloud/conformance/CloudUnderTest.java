package dev.orderflow.localcloud.conformance;

import dev.orderflow.localcloud.LocalCloud;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;

/// The cloud that the conformance suite runs against: the one at `-Dcloud.endpoint=…`, else an
/// embedded local cloud, started once for all suites.
///
/// Suites share it, so each makes resources with [#unique(String)] names.
final class CloudUnderTest {

    private static final URI ENDPOINT = endpoint();

    private CloudUnderTest() {}

    private static URI endpoint() {
        var given = System.getProperty("cloud.endpoint", "");
        if (!given.isEmpty()) {
            return URI.create(given);
        }
        var cloud = LocalCloud.builder().start();
        Runtime.getRuntime().addShutdownHook(new Thread(cloud::close));
        return cloud.endpoint();
    }

    /// An unmodified client of the AWS SDK, pointed at the cloud.
    static <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return builder.endpointOverride(ENDPOINT)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("test", "test")))
                .overrideConfiguration(
                        configuration -> configuration.apiCallTimeout(Duration.ofSeconds(60)))
                .build();
    }

    /// Where the cloud listens.
    static URI at() {
        return ENDPOINT;
    }

    /// A name nobody else uses.
    static String unique(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    }
}
