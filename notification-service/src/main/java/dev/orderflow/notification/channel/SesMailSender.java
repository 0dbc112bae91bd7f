package dev.orderflow.notification.channel;

import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.notification.NotificationProperties;
import dev.orderflow.notification.template.EmailTemplate;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
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

    /// Errors caused by this e-mail, except for [#CONFIGURATION_ERROR]. All other errors are caused
    /// by our configuration or are transient.
    private static final Set<String> REFUSALS = Set.of("MessageRejected", "InvalidParameterValue");

    /// Messages of `MessageRejected` about the account and its identities
    /// ([SES](https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html)). In the
    /// sandbox the identity that is not verified is the recipient. All of them end when an operator
    /// corrects the account, so no e-mail may be lost by them.
    private static final Pattern CONFIGURATION_ERROR =
            Pattern.compile(
                    "email address(es)? (is|are) not verified"
                            + "|(account|sending)\\b.* (is |been )?(paused|suspended|disabled)"
                            + "|quota exceeded|rate exceeded",
                    Pattern.CASE_INSENSITIVE);

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
            return toSendResult(error, address);
        } catch (RuntimeException failed) {
            // Without the message of the exception, which may contain the e-mail.
            var cause = FailureDescription.of(failed);
            if (recorder.hasStarted()) {
                log.warn("SES did not respond ({}); the e-mail may have been sent", cause);
                return SendResult.UNKNOWN;
            }
            log.warn("no request was sent to SES ({}); the e-mail will be retried", cause);
            return SendResult.NOT_SENT;
        }
    }

    private static SendResult toSendResult(AwsServiceException error, String address) {
        var details = error.awsErrorDetails();
        var code = details == null ? "" : String.valueOf(details.errorCode());
        var message = details == null ? "" : String.valueOf(details.errorMessage());
        int status = error.statusCode();
        if (REFUSALS.contains(code)) {
            if (!CONFIGURATION_ERROR.matcher(message).find()) {
                log.warn("SES rejected the e-mail: status {}, error {}", status, code);
                return SendResult.REJECTED;
            }
            log.error("SES rejects e-mails because of {}", describeCause(message, address));
            return SendResult.NOT_SENT;
        }
        log.warn("SES returned status {}, error {}", status, code);
        // These statuses mean that SES did not accept it. It may return any other 5xx afterwards.
        return status < 500 || status == SERVICE_UNAVAILABLE
                ? SendResult.NOT_SENT
                : SendResult.UNKNOWN;
    }

    /// Without the identities that failed: they may contain the customer's address.
    private static String describeCause(String message, String address) {
        if (!message.toLowerCase(Locale.ROOT).contains("not verified")) {
            return "the state of the account";
        }
        var failed = message.substring(message.lastIndexOf(':') + 1);
        return failed.strip().equalsIgnoreCase(address)
                ? "an unverified recipient: the account is in the SES sandbox"
                : "an unverified sender";
    }

    private static Content content(String text) {
        return Content.builder().charset(StandardCharsets.UTF_8.name()).data(text).build();
    }
}
