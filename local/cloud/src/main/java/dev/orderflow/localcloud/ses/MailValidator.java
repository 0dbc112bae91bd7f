package dev.orderflow.localcloud.ses;

import dev.orderflow.localcloud.wire.RequestMembers;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Checks the members of a mail that both versions of the API share.
final class MailValidator {

    /// Of the names and values of message tags.
    private static final Pattern MAIL_TAG = Pattern.compile("[A-Za-z0-9_.@-]{1,256}");

    private static final Pattern HEADER_NAME = Pattern.compile("[\\x21-\\x39\\x3B-\\x7E]{1,126}");

    private static final int LONGEST_HEADER_VALUE = 870;
    private static final int MOST_HEADERS = 15;
    private static final int MOST_RECIPIENTS = 50;

    /// [Headers](https://docs.aws.amazon.com/ses/latest/dg/header-fields.html) that SES writes
    /// itself.
    private static final Set<String> RESERVED_HEADERS =
            Set.of(
                    "to",
                    "cc",
                    "bcc",
                    "from",
                    "sender",
                    "reply-to",
                    "return-path",
                    "subject",
                    "date",
                    "message-id",
                    "mime-version",
                    "content-type",
                    "content-transfer-encoding",
                    "content-disposition",
                    "content-id",
                    "dkim-signature",
                    "received");

    private MailValidator() {}

    /// The stored members of a mail beside its content, as given.
    static ObjectNode extras(RequestMembers in, String... names) {
        var extras = JsonMapper.shared().createObjectNode();
        for (var name : names) {
            if (in.has(name)) {
                switch (name) {
                    case "ReplyToAddresses" ->
                            in.strings(name).forEach(address -> requireAddress(address));
                    case "ReturnPath", "FeedbackForwardingEmailAddress" ->
                            requireAddress(in.required(name));
                    case "Tags", "EmailTags" -> requireMailTags(in.objects(name));
                    case "Headers" -> requireHeaders(in.objects(name));
                    case String lists -> in.objects(lists);
                }
                extras.set(name, in.node().path(name));
            }
        }
        return extras;
    }

    private static void requireMailTags(List<ObjectNode> tags) {
        for (var given : tags) {
            var tag = RequestMembers.of("Tags", given, SesErrors::invalid, Set.of("Name", "Value"));
            for (var member : List.of("Name", "Value")) {
                if (!MAIL_TAG.matcher(tag.required(member)).matches()) {
                    throw SesErrors.invalid(
                            "The tag %s is not valid: it has 1 to 256 ASCII letters, digits, underscores, dashes, dots and @"
                                    .formatted(member.toLowerCase(Locale.ROOT)));
                }
            }
        }
    }

    private static void requireHeaders(List<ObjectNode> headers) {
        if (headers.size() > MOST_HEADERS) {
            throw SesErrors.invalid(
                    "a mail may have at most " + MOST_HEADERS + " headers of its own");
        }
        for (var given : headers) {
            var header =
                    RequestMembers.of(
                            "Headers", given, SesErrors::invalid, Set.of("Name", "Value"));
            var name = header.required("Name");
            var value = header.required("Value");
            if (!HEADER_NAME.matcher(name).matches()
                    || RESERVED_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                throw SesErrors.invalid("The header name " + name + " is not allowed.");
            }
            if (value.length() > LONGEST_HEADER_VALUE
                    || value.chars().anyMatch(it -> it < ' ' || it > '~')) {
                throw SesErrors.invalid(
                        "The value of header %s must be at most %d printable ASCII characters."
                                .formatted(name, LONGEST_HEADER_VALUE));
            }
        }
    }

    static void requireAddress(String text) {
        var problem = SesEmailAddress.problem(text);
        if (problem != null) {
            throw SesErrors.invalid(problem);
        }
    }

    /// Those of the request, or of the raw message if the request has none.
    static ObjectNode recipients(@Nullable RequestMembers destination, @Nullable RawMessage raw) {
        var recipients =
                recipients(
                        header ->
                                destination == null
                                        ? List.of()
                                        : destination.strings(header + "Addresses"));
        if (count(recipients) == 0 && raw != null) {
            recipients = recipients(raw::addresses);
        }
        int count = count(recipients);
        if (count == 0 || count > MOST_RECIPIENTS) {
            throw SesErrors.invalid(
                    "a message must have 1 to " + MOST_RECIPIENTS + " recipients but has " + count);
        }
        return recipients;
    }

    /// @param addresses the addresses of a header: To, Cc or Bcc
    private static ObjectNode recipients(Function<String, List<String>> addresses) {
        var recipients = JsonMapper.shared().createObjectNode();
        for (var header : List.of("To", "Cc", "Bcc")) {
            var array = recipients.putArray(header + "Addresses");
            for (var address : addresses.apply(header)) {
                requireAddress(address);
                array.add(address);
            }
        }
        return recipients;
    }

    private static int count(ObjectNode recipients) {
        return recipients.valueStream().mapToInt(JsonNode::size).sum();
    }
}
