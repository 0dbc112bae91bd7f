package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ses.SesClient;
import software.amazon.awssdk.services.ses.model.SesException;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sesv2.model.SesV2Exception;

class SesConformanceTest {

    private final SesClient ses = CloudUnderTest.client(SesClient.builder());
    private final SesV2Client sesV2 = CloudUnderTest.client(SesV2Client.builder());

    /// https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html
    @Test
    void aSimpleMailOfVersionOneHasAUniqueId() {
        ses.verifyEmailIdentity(verify -> verify.emailAddress("shop@example.org"));
        assertThat(sendSimple("ada@example.org")).isNotEqualTo(sendSimple("ada@example.org"));
    }

    private String sendSimple(String to) {
        return ses.sendEmail(
                        mail ->
                                mail.source("shop@example.org")
                                        .destination(there -> there.toAddresses(to))
                                        .message(
                                                message ->
                                                        message.subject(s -> s.data("Grüße"))
                                                                .body(
                                                                        body ->
                                                                                body.text(
                                                                                        t ->
                                                                                                t
                                                                                                        .data(
                                                                                                                "Hi")))))
                .messageId();
    }

    /// https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html
    @Test
    void aRawMailIsAccepted() {
        ses.verifyEmailIdentity(verify -> verify.emailAddress("shop@example.org"));
        var raw = "From: shop@example.org\r\nTo: ada@example.org\r\nSubject: x\r\n\r\nHi\r\n";
        var sent =
                ses.sendRawEmail(
                        mail ->
                                mail.source("shop@example.org")
                                        .destinations("ada@example.org")
                                        .rawMessage(m -> m.data(SdkBytes.fromUtf8String(raw))));
        assertThat(sent.messageId()).isNotEmpty();
    }

    /// https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html: an address that is
    /// none is `InvalidParameterValue`.
    @Test
    void anInvalidRecipientIsRejected() {
        assertThatThrownBy(() -> sendSimple("nobody"))
                .isInstanceOfSatisfying(
                        SesException.class,
                        refused -> assertThat(refused.statusCode()).isEqualTo(400));
    }

    /// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
    @Test
    void aSimpleMailOfVersionTwoIsAccepted() {
        ses.verifyEmailIdentity(verify -> verify.emailAddress("shop@example.org"));
        var sent =
                sesV2.sendEmail(
                        mail ->
                                mail.fromEmailAddress("shop@example.org")
                                        .destination(to -> to.toAddresses("ada@example.org"))
                                        .content(
                                                content ->
                                                        content.simple(
                                                                simple ->
                                                                        simple.subject(
                                                                                        s ->
                                                                                                s
                                                                                                        .data(
                                                                                                                "x"))
                                                                                .body(
                                                                                        b ->
                                                                                                b
                                                                                                        .text(
                                                                                                                t ->
                                                                                                                        t
                                                                                                                                .data(
                                                                                                                                        "y"))))));
        assertThat(sent.messageId()).isNotEmpty();
    }

    /// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html: without content
    /// there is nothing to send, HTTP 400.
    @Test
    void aMailOfVersionTwoWithoutContentIsRefused() {
        assertThatThrownBy(
                        () ->
                                sesV2.sendEmail(
                                        mail ->
                                                mail.fromEmailAddress("shop@example.org")
                                                        .destination(
                                                                to ->
                                                                        to.toAddresses(
                                                                                "a@example.org"))
                                                        .content(content -> {})))
                .isInstanceOfSatisfying(
                        SesV2Exception.class,
                        refused -> assertThat(refused.statusCode()).isEqualTo(400));
    }
}
