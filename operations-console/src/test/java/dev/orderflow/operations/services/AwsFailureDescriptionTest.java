package dev.orderflow.operations.services;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.model.SqsException;

class AwsFailureDescriptionTest {

    @Test
    void anErrorOfAwsIsDescribedByItsCodeAndNotByItsMessage() {
        var details =
                AwsErrorDetails.builder()
                        .errorCode("AccessDenied")
                        .errorMessage("Ada Lovelace is not authorised")
                        .build();
        assertThat(
                        AwsFailureDescription.describe(
                                "SQS", SqsException.builder().awsErrorDetails(details).build()))
                .isEqualTo("SQS responded with AccessDenied");
    }

    @Test
    void anErrorWithoutCodeIsDescribedByItsHttpStatus() {
        assertThat(
                        AwsFailureDescription.describe(
                                "SQS", SqsException.builder().statusCode(502).build()))
                .isEqualTo("SQS responded with HTTP 502");
    }

    @Test
    void aBrokenConnectionIsDescribedAsNoResponse() {
        assertThat(
                        AwsFailureDescription.describe(
                                "SQS", SdkClientException.create("connection reset")))
                .isEqualTo("SQS did not respond");
    }
}
