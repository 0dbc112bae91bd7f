package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sts.StsClient;

class StsConformanceTest {

    /// The ARN belongs to the account that is named beside it:
    /// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    @Test
    void getCallerIdentityReturnsTheAccount() {
        try (var sts = CloudUnderTest.client(StsClient.builder())) {
            var caller = sts.getCallerIdentity();
            assertThat(caller.account()).matches("\\d{12}");
            assertThat(caller.arn()).startsWith("arn:aws:iam::" + caller.account());
            assertThat(caller.userId()).isNotEmpty();
        }
    }
}
