package dev.orderflow.notification.channel;

import dev.orderflow.notification.NotificationProperties;
import dev.orderflow.notification.template.EmailTemplate;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ses.SesClient;
import software.amazon.awssdk.services.ses.model.Content;
import software.amazon.awssdk.services.ses.model.Message;

/// Sends e-mails through SES.
///
/// The result is unknown only if the request was sent and the response does not say whether SES
/// accepted it. Without a connection, a valid certificate or credentials nothing was sent, so the
/// e-mail is retried.
@Component
class SesMailSender implements MailSender {

    private static final Logger log = LoggerFactory.getLogger(SesMailSender.class);
    private static final int SERVICE_UNAVAILABLE = 503;

    /// Errors caused by this e-mail. All other errors are caused by our configuration or are
    /// transient.
    private static final Set<String> REFUSALS = Set.of("MessageRejected", "InvalidParameterValue");

    private final SesClient ses;
    private final String from;

    SesMailSender(SesClient ses, NotificationProperties properties) {
        this.ses = ses;
        this.from = properties.from();
    }

    @Override
    public SendResult send(String address, EmailTemplate email) {
        var message =
                Message.builder()
                        .subject(content(email.subject()))
                        .body(body -> body.text(content(email.text())))
                        .build();
        var recorder = new TransmissionRecorder();
        try {
            recorder.record(
                    () ->
                            ses.sendEmail(
                                    mail ->
                                            mail.source(from)
                                                    .destination(to -> to.toAddresses(address))
                                                    .message(message)));
            return SendResult.SENT;
        } catch (AwsServiceException error) {
            return toSendResult(error);
        } catch (RuntimeException failed) {
            // Without the message of the exception, which may contain the e-mail.
            var cause = failed.getClass().getSimpleName();
            if (recorder.hasStarted()) {
                log.warn("SES did not respond ({}); the e-mail may have been sent", cause);
                return SendResult.UNKNOWN;
            }
            log.warn("no request was sent to SES ({}); the e-mail will be retried", cause);
            return SendResult.NOT_SENT;
        }
    }

    private static SendResult toSendResult(AwsServiceException error) {
        var details = error.awsErrorDetails();
        var code = details == null ? "" : String.valueOf(details.errorCode());
        int status = error.statusCode();
        log.warn("SES returned status {}, error {}", status, code);
        if (REFUSALS.contains(code)) {
            return SendResult.REJECTED;
        }
        // These statuses mean that SES did not accept it. It may return any other 5xx afterwards.
        return status < 500 || status == SERVICE_UNAVAILABLE
                ? SendResult.NOT_SENT
                : SendResult.UNKNOWN;
    }

    private static Content content(String text) {
        return Content.builder().charset(StandardCharsets.UTF_8.name()).data(text).build();
    }
}
