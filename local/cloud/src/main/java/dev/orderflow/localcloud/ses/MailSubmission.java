package dev.orderflow.localcloud.ses;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.RequestContext;
import dev.orderflow.localcloud.wire.RequestMembers;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Validates a mail of either version of the API and stores it.
final class MailSubmission {

    private static final int LARGEST_MAIL = 10 * 1024 * 1024;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final CloudClock clock;
    private final SesIdentities identities;
    private final MailStore mails;

    MailSubmission(CloudClock clock, SesIdentities identities, MailStore mails) {
        this.clock = clock;
        this.identities = identities;
        this.mails = mails;
    }

    /// @param destination empty or null to send to the recipients of a raw message
    /// @param extras the stored members beside the content
    /// @throws AwsErrorException if the mail is invalid or its sender is not verified
    ObjectNode send(
            RequestContext context,
            @Nullable String sender,
            @Nullable RequestMembers destination,
            MailContent body,
            ObjectNode extras) {
        var raw = body.raw() == null ? null : RawMessage.parse(body.raw(), SesErrors::invalid);
        var from = sender == null && raw != null ? raw.from() : sender;
        MailValidator.requireAddress(from == null ? "" : from);
        var recipients = MailValidator.recipients(destination, raw);
        if (body.size() > LARGEST_MAIL) {
            throw SesErrors.invalid("a message must not exceed " + LARGEST_MAIL + " bytes");
        }
        if (raw == null && (body.subject() == null || body.text() == null && body.html() == null)) {
            throw SesErrors.invalid("a message requires a subject and a body, or raw content");
        }
        requireVerified(
                context,
                Stream.of(
                                Stream.of(from),
                                raw == null ? Stream.<String>empty() : raw.senders().stream(),
                                Stream.of("ReturnPath", "FeedbackForwardingEmailAddress")
                                        .map(name -> extras.path(name).asString(null)))
                        .flatMap(addresses -> addresses)
                        .filter(Objects::nonNull));
        var id = UUID.randomUUID().toString();
        var mail = JSON.createObjectNode();
        mail.put("Id", id).put("Timestamp", clock.instant().toString());
        mail.put("Source", from);
        mail.set("Destination", recipients);
        if (body.raw() != null) {
            mail.put("RawData", body.raw());
        } else {
            mail.put("Subject", body.subject());
            mail.putObject("Body").put("text_part", body.text()).put("html_part", body.html());
        }
        mail.setAll(extras);
        mails.add(mail);
        return JSON.createObjectNode().put("MessageId", id);
    }

    /// @throws AwsErrorException with the text that the
    ///     [guide](https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html)
    ///     documents
    private void requireVerified(RequestContext context, Stream<String> senders) {
        var unverified =
                senders.peek(MailValidator::requireAddress)
                        .filter(sender -> !identities.allowSending(sender))
                        .distinct()
                        .collect(Collectors.joining(", "));
        if (!unverified.isEmpty()) {
            throw AwsErrorException.client(
                    "MessageRejected",
                    "Email address is not verified. The following identities failed the check in"
                            + " region %s: %s"
                                    .formatted(
                                            context.region().toUpperCase(Locale.ROOT), unverified));
        }
    }
}
