package dev.orderflow.notification.channel;

import dev.orderflow.notification.NotificationProperties;
import dev.orderflow.notification.message.Letter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ses.SesClient;
import software.amazon.awssdk.services.ses.model.SesException;

/// The post, by SES.
@Component
class SesPost implements Post {

    private static final Logger log = LoggerFactory.getLogger(SesPost.class);

    private final SesClient ses;
    private final String from;

    SesPost(SesClient ses, NotificationProperties properties) {
        this.ses = ses;
        this.from = properties.from();
    }

    @Override
    public Handed hand(String address, Letter letter) {
        try {
            ses.sendEmail(
                    mail ->
                            mail.source(from)
                                    .destination(to -> to.toAddresses(address))
                                    .message(
                                            message ->
                                                    message.subject(
                                                                    text ->
                                                                            text.data(
                                                                                    letter
                                                                                            .subject()))
                                                            .body(
                                                                    body ->
                                                                            body.text(
                                                                                    text ->
                                                                                            text
                                                                                                    .data(
                                                                                                            letter
                                                                                                                    .text())))));
            return Handed.OVER;
        } catch (SesException refused) {
            log.warn("SES refused a mail: {}", refused.awsErrorDetails().errorCode());
            return refused.isThrottlingException()
                    ? Handed.NOT_NOW
                    : refused.statusCode() >= 500 ? Handed.UNKNOWN : Handed.NEVER;
        } catch (SdkException noAnswer) {
            log.warn("SES did not answer: {}", noAnswer.getMessage());
            return Handed.UNKNOWN;
        }
    }
}
