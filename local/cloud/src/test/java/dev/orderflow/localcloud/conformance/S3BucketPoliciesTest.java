package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html and
/// access-control-block-public-access.html
class S3BucketPoliciesTest {

    private static final S3Client s3 = CloudUnderTest.s3();

    private static final String ACCOUNT = "'Principal':{'AWS':'arn:aws:iam::000000000000:root'}";
    private static final String OBJECTS = "'Action':'s3:GetObject','Resource':'ARN/*'";

    private final String bucket = CloudUnderTest.unique("policies");

    @BeforeEach
    void create() {
        s3.createBucket(it -> it.bucket(bucket));
    }

    @AfterAll
    static void close() {
        s3.close();
    }

    private void put(String statement) {
        putDocument("{'Version':'2012-10-17','Statement':[{" + statement + "}]}");
    }

    private void putDocument(String policy) {
        var document = policy.replace("ARN", "arn:aws:s3:::" + bucket).replace('\'', '"');
        s3.putBucketPolicy(it -> it.bucket(bucket).policy(document));
    }

    private static void assertRefused(Runnable call, int status, String code, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused -> {
                            assertThat(refused.statusCode()).isEqualTo(status);
                            assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
                            assertThat(refused.awsErrorDetails().errorMessage()).contains(message);
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OBJECTS,
                "'Action':['s3:ListBucket','s3:GetObject'],'Resource':['ARN','ARN/*']",
                "'Action':'s3:*','Resource':'ARN'",
                "'Action':'*','Resource':'ARN/a/b'",
                "'Action':'s3:Get*','Resource':'ARN*'",
                "'Action':'S3:getobject','Resource':'ARN/*'"
            })
    void aPolicyForTheBucketAndItsObjectsIsStored(String statement) {
        put("'Effect':'Allow'," + ACCOUNT + "," + statement);
        assertThat(s3.getBucketPolicy(it -> it.bucket(bucket)).policy()).contains(bucket);
        assertThat(s3.getBucketPolicyStatus(it -> it.bucket(bucket)).policyStatus().isPublic())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "'Action':'s3:GetObject','Resource':'arn:aws:s3:::another-bucket/*' | Policy has invalid resource",
                "'Action':'s3:GetObject','Resource':['ARN/*','arn:aws:s3:::another-bucket/*'] | Policy has invalid resource",
                "'Action':'s3:GetObject','Resource':'ARN2/*' | Policy has invalid resource",
                "'Action':'s3:GetObject','Resource':'*' | Policy has invalid resource",
                "'Action':'s3:GetObject','Resource':'arn:aws:sqs:us-east-1:000000000000:q' | Policy has invalid resource",
                "'Action':'s3:GetObject','Resource':'ARN' | Action does not apply to any resource(s) in statement",
                "'Action':'s3:ListBucket','Resource':'ARN/*' | Action does not apply to any resource(s) in statement",
                "'Action':'s3:Fetch','Resource':'ARN/*' | Policy has invalid action",
                "'Action':'sqs:SendMessage','Resource':'ARN/*' | Policy has invalid action",
                "'Resource':'ARN/*' | Missing required field Action",
                "'Action':'s3:GetObject' | Missing required field Resource",
                "'Action':'s3:GetObject','Resource':'ARN/*','Colour':'red' | Unknown field Colour"
            })
    void aPolicyForAnythingElseIsMalformed(String statement, String message) {
        assertRefused(
                () -> put("'Effect':'Allow'," + ACCOUNT + "," + statement),
                400,
                "MalformedPolicy",
                message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{ | Policies must be valid JSON and the first byte must be '{'",
                "[] | Policies must be valid JSON and the first byte must be '{'",
                "{} | Missing required field Statement",
                "{'Version':'2020-01-01','Statement':[]} | The policy must contain a valid version string",
                "{'Statement':[{'Effect':'Allow','Action':'s3:GetObject','Resource':'ARN/*'}]} | Missing required field Principal",
                "{'Statement':[{'Effect':'Perhaps'}]} | Invalid effect: Perhaps",
                "{'Statement':[{'Effect':'Allow','Principal':{'AWS':'me'},'Action':'s3:GetObject','Resource':'ARN/*'}]} | Invalid principal in policy",
                "{'Statement':[{'Effect':'Allow','Principal':'me','Action':'s3:GetObject','Resource':'ARN/*'}]} | Invalid principal in policy"
            })
    void anIncompleteDocumentIsMalformed(String document, String message) {
        assertRefused(() -> putDocument(document), 400, "MalformedPolicy", message);
    }

    /// Every new bucket blocks public policies.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "'Principal':'*' | true",
                "'Principal':{'AWS':'*'} | true",
                "'Principal':{'AWS':['arn:aws:iam::000000000000:root','*']} | true",
                "'Principal':'*','Condition':{'Bool':{'aws:SecureTransport':'true'}} | true",
                "'Principal':'*','Condition':{'StringLike':{'aws:SourceVpce':'vpce-*'}} | true",
                "'Principal':'*','Condition':{'StringNotEquals':{'aws:SourceVpc':'vpc-1'}} | true",
                "'Principal':'*','Condition':{'StringEqualsIfExists':{'aws:SourceVpc':'vpc-1'}} | true",
                "'Principal':'*','Condition':{'IpAddress':{'aws:SourceIp':'10.0.0.0/7'}} | true",
                "'Principal':'*','Condition':{'IpAddress':{'aws:SourceIp':'10.0.0.0/8'}} | false",
                "'Principal':'*','Condition':{'IpAddress':{'aws:SourceIp':['2001:db8::/32','10.1.1.1']}} | false",
                "'Principal':'*','Condition':{'StringEquals':{'aws:PrincipalOrgID':'o-1'}} | false",
                "'Principal':'*','Condition':{'ArnLike':{'aws:SourceArn':'arn:aws:sns:us-east-1:000000000000:t'}} | false",
                "'Principal':'*','Condition':{'StringLike':{'s3:DataAccessPointArn':'arn:aws:s3:us-east-1:000000000000:accesspoint/*'}} | false",
                "'Principal':{'Service':'logging.s3.amazonaws.com'} | false"
            })
    void aPublicPolicyIsRefusedUnlessPublicPoliciesAreAllowed(String principal, boolean isPublic) {
        var statement = "'Effect':'Allow'," + principal + "," + OBJECTS;
        if (isPublic) {
            assertRefused(
                    () -> put(statement), 403, "AccessDenied", "the BlockPublicPolicy setting");
            s3.putPublicAccessBlock(
                    it ->
                            it.bucket(bucket)
                                    .publicAccessBlockConfiguration(
                                            to -> to.blockPublicPolicy(false)));
        }
        put(statement);
        assertThat(s3.getBucketPolicyStatus(it -> it.bucket(bucket)).policyStatus().isPublic())
                .isEqualTo(isPublic);
    }

    @Test
    void aBucketWithoutAPolicyHasNoPolicyStatus() {
        assertRefused(
                () -> s3.getBucketPolicyStatus(it -> it.bucket(bucket)),
                404,
                "NoSuchBucketPolicy",
                "The bucket policy does not exist");
    }
}
