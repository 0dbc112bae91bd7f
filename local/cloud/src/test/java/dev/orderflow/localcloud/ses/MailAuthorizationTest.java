package dev.orderflow.localcloud.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.localcloud.LocalCloud;
import dev.orderflow.localcloud.iam.PolicyDocument;
import dev.orderflow.localcloud.ports.Authorizer.Principal;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ses.SesClient;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import tools.jackson.databind.json.JsonMapper;

/// Mail is authorised by the identity that it is sent from, also if only the header of a raw
/// message names it (https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html).
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MailAuthorizationTest {

    private static final String ROLE = "arn:aws:iam::000000000000:role/mailer";

    private final LocalCloud cloud = LocalCloud.builder().start();
    private SesClient administrator;
    private SesClient mailer;
    private SesV2Client mailerVersion2;

    @BeforeAll
    void create() {
        administrator = client(SesClient.builder(), "test");
        for (var domain : List.of("allowed.example", "other.example", "sub.allowed.example")) {
            administrator.verifyDomainIdentity(it -> it.domain(domain));
        }
        administrator.verifyEmailIdentity(it -> it.emailAddress("own@allowed.example"));
        var access = cloud.accessControl();
        access.putRole(
                ROLE,
                policy(
                        "{'Effect':'Allow','Action':'sts:AssumeRole','Principal':{'Service':'ecs-tasks.amazonaws.com'}}"),
                List.of(
                        policy(
                                "{'Effect':'Allow','Action':'ses:SendRawEmail',"
                                        + "'Resource':'arn:aws:ses:us-east-1:000000000000:identity/allowed.example'}")));
        var key =
                access.assumeRole(
                        ROLE,
                        new Principal.ServicePrincipal(
                                "ecs-tasks.amazonaws.com",
                                "arn:aws:ecs:us-east-1:000000000000:task/1"));
        mailer = client(SesClient.builder(), key);
        mailerVersion2 = client(SesV2Client.builder(), key);
    }

    @AfterAll
    void close() {
        administrator.close();
        mailer.close();
        mailerVersion2.close();
        cloud.close();
    }

    private <B extends AwsClientBuilder<B, C>, C> C client(B builder, String accessKey) {
        return builder.endpointOverride(cloud.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(accessKey, "local")))
                .build();
    }

    private static PolicyDocument policy(String statement) {
        return PolicyDocument.of(
                JsonMapper.shared()
                        .readTree(
                                "{'Version':'2012-10-17','Statement':[%s]}"
                                        .formatted(statement)
                                        .replace('\'', '"')));
    }

    private static SdkBytes message(String from) {
        return SdkBytes.fromUtf8String(
                "From: %s\r\nTo: ada@example.org\r\nSubject: s\r\n\r\nt".formatted(from));
    }

    @Test
    void aRawMessageIsAuthorizedByTheSenderInItsHeader() {
        for (var sender : List.of("a@allowed.example", "Orders <A@Allowed.Example>")) {
            assertThat(
                            mailer.sendRawEmail(
                                            it -> it.rawMessage(raw -> raw.data(message(sender))))
                                    .messageId())
                    .isNotEmpty();
            assertThat(
                            mailerVersion2
                                    .sendEmail(
                                            it ->
                                                    it.content(
                                                            to ->
                                                                    to.raw(
                                                                            raw ->
                                                                                    raw.data(
                                                                                            message(
                                                                                                    sender)))))
                                    .messageId())
                    .isNotEmpty();
        }
    }

    /// The closest identity counts: an address before its domain, a domain before its parent.
    @Test
    void aRawMessageOfAnotherIdentityIsDeniedByThatIdentity() {
        for (var sender :
                List.of("a@other.example", "a@sub.allowed.example", "own@allowed.example")) {
            var identity =
                    sender.startsWith("own") ? sender : sender.substring(sender.indexOf('@') + 1);
            assertThatThrownBy(
                            () ->
                                    mailer.sendRawEmail(
                                            it -> it.rawMessage(raw -> raw.data(message(sender)))))
                    .hasMessageContaining("ses:SendRawEmail")
                    .hasMessageContaining("identity/" + identity + " ");
        }
    }

    @Test
    void theSenderOfTheRequestCountsBeforeThatOfTheHeader() {
        assertThatThrownBy(
                        () ->
                                mailer.sendRawEmail(
                                        it ->
                                                it.source("a@other.example")
                                                        .rawMessage(
                                                                raw ->
                                                                        raw.data(
                                                                                message(
                                                                                        "a@allowed.example")))))
                .hasMessageContaining("identity/other.example");
    }

    @Test
    void aRawMessageWithoutASenderIsRefusedAsSuch() {
        assertThatThrownBy(
                        () ->
                                mailer.sendRawEmail(
                                        it ->
                                                it.rawMessage(
                                                        raw ->
                                                                raw.data(
                                                                        SdkBytes.fromUtf8String(
                                                                                "To: a@b.c\r\n\r\nt")))))
                .hasMessageContaining("Missing required header 'From'.");
    }
}
