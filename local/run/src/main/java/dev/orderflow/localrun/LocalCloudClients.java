package dev.orderflow.localrun;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;

/// AWS clients of a local-cloud, which accepts any credentials.
public final class LocalCloudClients {

    private LocalCloudClients() {}

    /// Builds a client.
    ///
    /// @param endpoint the URL of local-cloud
    public static <B extends AwsClientBuilder<B, C>, C> C build(B builder, URI endpoint) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(ServiceSettings.REGION))
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("local", "local")))
                .build();
    }
}
