package dev.orderflow.notification.channel;

import dev.orderflow.notification.NotificationProperties;
import dev.orderflow.notification.message.Letter;
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
class SesPost implements Post {

    private static final Logger log = LoggerFactory.getLogger(SesPost.class);
    private static final int SERVICE_UNAVAILABLE = 503;

    /// About this mail; every other complaint is about us or the moment.
    private static final Set<String> REFUSALS = Set.of("MessageRejected", "InvalidParameterValue");

    private final SesClient ses;
    private final String from;

    SesPost(SesClient ses, NotificationProperties properties) {
        this.ses = ses;
        this.from = properties.from();
    }

    @Override
    public Handed hand(String address, Letter letter) {
        var message =
                Message.builder()
                        .subject(content(letter.subject()))
                        .body(body -> body.text(content(letter.text())))
                        .build();
        var transmission = new Transmission();
        try {
            transmission.during(
                    () ->
                            ses.sendEmail(
                                    mail ->
                                            mail.source(from)
                                                    .destination(to -> to.toAddresses(address))
                                                    .message(message)));
            return Handed.OVER;
        } catch (AwsServiceException answered) {
            return handed(answered);
        } catch (RuntimeException noAnswer) {
            // Without its message, which may quote the mail.
            var why = noAnswer.getClass().getSimpleName();
            if (transmission.hasBegun()) {
                log.warn("SES did not answer: {}", why);
                return Handed.UNKNOWN;
            }
            log.warn("no request was sent to SES: {}", why);
            return Handed.NOT_NOW;
        }
    }

    private static Handed handed(AwsServiceException answered) {
        var details = answered.awsErrorDetails();
        var code = details == null ? "" : String.valueOf(details.errorCode());
        int status = answered.statusCode();
        log.warn("SES answered {} {}", status, code);
        if (REFUSALS.contains(code)) {
            return Handed.NEVER;
        }
        // Here SES says that it did not take it. Any other 5xx may come after it did.
        return status < 500 || status == SERVICE_UNAVAILABLE ? Handed.NOT_NOW : Handed.UNKNOWN;
    }

    private static Content content(String text) {
        return Content.builder().charset(StandardCharsets.UTF_8.name()).data(text).build();
    }
}
