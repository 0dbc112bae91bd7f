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

/// The post, by SES.
///
/// A mail is unknown only when its request was sent and its answer does not tell. Without a
/// connection, a certificate or credentials nothing was sent, so it is tried again.
@Component
class SesMailSender implements MailSender {

    private static final Logger log = LoggerFactory.getLogger(SesMailSender.class);
    private static final int SERVICE_UNAVAILABLE = 503;

    /// About this mail; every other complaint is about us or the moment.
    private static final Set<String> REFUSALS = Set.of("MessageRejected", "InvalidParameterValue");

    private final SesClient ses;
    private final String from;

    SesMailSender(SesClient ses, NotificationProperties properties) {
        this.ses = ses;
        this.from = properties.from();
    }

    @Override
    public SendResult send(String address, EmailTemplate letter) {
        var message =
                Message.builder()
                        .subject(content(letter.subject()))
                        .body(body -> body.text(content(letter.text())))
                        .build();
        var transmission = new TransmissionRecorder();
        try {
            transmission.record(
                    () ->
                            ses.sendEmail(
                                    mail ->
                                            mail.source(from)
                                                    .destination(to -> to.toAddresses(address))
                                                    .message(message)));
            return SendResult.SENT;
        } catch (AwsServiceException answered) {
            return toSendResult(answered);
        } catch (RuntimeException noAnswer) {
            // Without its message, which may quote the mail.
            var why = noAnswer.getClass().getSimpleName();
            if (transmission.hasStarted()) {
                log.warn("SES did not answer: {}", why);
                return SendResult.UNKNOWN;
            }
            log.warn("no request was sent to SES: {}", why);
            return SendResult.NOT_SENT;
        }
    }

    private static SendResult toSendResult(AwsServiceException answered) {
        var details = answered.awsErrorDetails();
        var code = details == null ? "" : String.valueOf(details.errorCode());
        int status = answered.statusCode();
        log.warn("SES answered {} {}", status, code);
        if (REFUSALS.contains(code)) {
            return SendResult.REJECTED;
        }
        // Here SES says that it did not take it. Any other 5xx may come after it did.
        return status < 500 || status == SERVICE_UNAVAILABLE
                ? SendResult.NOT_SENT
                : SendResult.UNKNOWN;
    }

    private static Content content(String text) {
        return Content.builder().charset(StandardCharsets.UTF_8.name()).data(text).build();
    }
}
