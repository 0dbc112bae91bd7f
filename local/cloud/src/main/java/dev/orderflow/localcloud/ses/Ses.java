package dev.orderflow.localcloud.ses;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.AwsService;
import dev.orderflow.localcloud.wire.HttpGateway;
import dev.orderflow.localcloud.wire.RequestContext;
import dev.orderflow.localcloud.wire.RequestMembers;
import dev.orderflow.localcloud.wire.ResultPage;
import dev.orderflow.localcloud.wire.TagRules;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The SES API. Stores mail instead of sending it: the newest 10,000, available at `/_aws/ses`.
///
/// Supports [version 1](https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html) and
/// [version 2](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html), with
/// simple and raw content, and identities with tags. Templates, bulk mail and configuration sets
/// are rejected by name. An identity is verified when it is created, and mail from any other is
/// rejected; recipients need no verification, as outside of the sandbox.
public final class Ses implements AwsService, HttpGateway.DiagnosticPage {

    private static final int KEPT = 10_000;
    private static final int LARGEST_MAIL = 10 * 1024 * 1024;
    private static final int MOST_RECIPIENTS = 50;
    private static final int MOST_LISTED = 1_000;
    private static final int MOST_TAGS = 50;
    private static final List<String> IDENTITY_TYPES = List.of("EmailAddress", "Domain");

    /// What version 1 refuses a value with; version 2 calls it a bad request.
    private static final String INVALID = "InvalidParameterValue";

    /// Of the names and values of message tags.
    private static final Pattern MAIL_TAG = Pattern.compile("[A-Za-z0-9_.@-]{1,256}");

    private static final Pattern HEADER_NAME = Pattern.compile("[\\x21-\\x39\\x3B-\\x7E]{1,126}");
    private static final int LONGEST_HEADER_VALUE = 870;
    private static final int MOST_HEADERS = 15;

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

    private static final Set<String> RECIPIENTS =
            Set.of("ToAddresses", "CcAddresses", "BccAddresses");

    private static final JsonMapper JSON = JsonMapper.shared();

    private final SesIdentities identities = new SesIdentities();
    private final CloudClock clock;
    private final ConcurrentLinkedDeque<ObjectNode> mails = new ConcurrentLinkedDeque<>();
    private final AtomicInteger kept = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();

    public Ses(CloudClock clock) {
        this.clock = clock;
    }

    @Override
    public String signingName() {
        return "ses";
    }

    @Override
    public ObjectNode handle(AwsRequest request) {
        if (request.protocol() == AwsProtocol.QUERY) {
            return ofVersion1(request);
        }
        try {
            return ofVersion2(request);
        } catch (AwsErrorException failure) {
            throw failure.code().equals(INVALID)
                    ? badRequest(String.valueOf(failure.getMessage()))
                    : failure;
        }
    }

    /// The address, without a name, that a call of either version sends mail from: that of the
    /// request, or else of the header of its raw message. Empty if there is none, or if it is not
    /// valid.
    public static Optional<String> senderOf(JsonNode input) {
        var named = input.path("FromEmailAddress").asString(input.path("Source").asString(""));
        var raw =
                input.path("RawMessage")
                        .path("Data")
                        .asString(input.at("/Content/Raw/Data").asString(""));
        String sender = named;
        if (named.isEmpty() && !raw.isEmpty()) {
            try {
                sender = RawMessage.parse(raw, Ses::invalid).from();
            } catch (AwsErrorException _) {
                return Optional.empty();
            }
        }
        return SesEmailAddress.problem(sender) == null
                ? Optional.of(SesEmailAddress.normalize(sender))
                : Optional.empty();
    }

    /// The verified identity by which an address may send mail; its domain if there is none.
    public String identityOf(String address) {
        return identities
                .identityOf(address)
                .orElseGet(() -> address.substring(address.lastIndexOf('@') + 1));
    }

    // Version 1

    private ObjectNode ofVersion1(AwsRequest request) {
        return switch (request.operation()) {
            case "SendEmail" -> {
                var in =
                        read(
                                request,
                                "Source",
                                "Destination",
                                "Message",
                                "ReplyToAddresses",
                                "ReturnPath",
                                "SourceArn",
                                "ReturnPathArn",
                                "Tags");
                readArns(in, "SourceArn", "ReturnPathArn");
                var message = in.child("Message", Set.of("Subject", "Body"));
                yield send(
                        request.context(),
                        in.optional("Source"),
                        in.child("Destination", RECIPIENTS),
                        message == null
                                ? new MailContent(null, null, null, null)
                                : MailContent.of(
                                        message, message.child("Body", Set.of("Text", "Html"))),
                        extras(in, "ReplyToAddresses", "ReturnPath", "Tags"));
            }
            case "SendRawEmail" -> {
                var in =
                        read(
                                request,
                                "Source",
                                "Destinations",
                                "RawMessage",
                                "FromArn",
                                "SourceArn",
                                "ReturnPathArn",
                                "Tags");
                readArns(in, "FromArn", "SourceArn", "ReturnPathArn");
                var destination = JSON.createObjectNode();
                if (in.has("Destinations")) {
                    destination.set("ToAddresses", in.node().path("Destinations"));
                }
                yield send(
                        request.context(),
                        in.optional("Source"),
                        RequestMembers.of("Destination", destination, Ses::invalid, RECIPIENTS),
                        MailContent.raw(in.child("RawMessage", Set.of("Data"))),
                        extras(in, "Tags"));
            }
            case "VerifyEmailIdentity" -> {
                var address = read(request, "EmailAddress").required("EmailAddress");
                requireAddress(address);
                identities.add(address, new LinkedHashMap<>());
                yield JSON.createObjectNode();
            }
            case "VerifyDomainIdentity" -> {
                identities.add(
                        domain(read(request, "Domain").required("Domain")), new LinkedHashMap<>());
                yield JSON.createObjectNode().put("VerificationToken", SesIdentities.token());
            }
            case "GetIdentityVerificationAttributes" -> {
                var answer = JSON.createObjectNode();
                var all = answer.putObject("VerificationAttributes");
                for (var identity : read(request, "Identities").strings("Identities")) {
                    if (identities.has(identity)) {
                        all.set(identity, identities.verification(identity));
                    }
                }
                yield answer;
            }
            case "ListIdentities" -> listIdentities(request);
            case "DeleteIdentity" -> {
                identities.remove(read(request, "Identity").required("Identity"));
                yield JSON.createObjectNode();
            }
            case "GetSendQuota" -> {
                read(request);
                yield JSON.createObjectNode()
                        .put("Max24HourSend", 50_000.0)
                        .put("MaxSendRate", 14.0)
                        .put("SentLast24Hours", (double) sent.get());
            }
            default ->
                    throw AwsErrorException.client(
                            "InvalidAction",
                            "local-cloud does not support the operation " + request.operation());
        };
    }

    private static RequestMembers read(AwsRequest request, String... known) {
        return RequestMembers.of(request, Ses::invalid, Set.of(known));
    }

    private ObjectNode listIdentities(AwsRequest request) {
        var in = read(request, "IdentityType", "NextToken", "MaxItems");
        var type = in.optional("IdentityType");
        if (type != null && !IDENTITY_TYPES.contains(type)) {
            throw invalid(
                    "1 validation error detected: Value '%s' at 'identityType' failed to satisfy constraint: Member must satisfy enum value set: %s"
                            .formatted(type, IDENTITY_TYPES));
        }
        var answer = JSON.createObjectNode();
        var names = answer.putArray("Identities");
        page(
                        in,
                        "MaxItems",
                        identities.names().stream()
                                .filter(
                                        name ->
                                                type == null
                                                        || type.equals("EmailAddress")
                                                                == SesIdentities.isAddress(name))
                                .toList(),
                        answer)
                .forEach(names::add);
        return answer;
    }

    private static List<String> page(
            RequestMembers in, String size, List<String> all, ObjectNode answer) {
        try {
            var page =
                    ResultPage.of(
                            "ses:" + size,
                            all,
                            name -> name,
                            in.optional("NextToken"),
                            in.integer(size, 1, MOST_LISTED, MOST_LISTED));
            if (page.nextToken() != null) {
                answer.put("NextToken", page.nextToken());
            }
            return page.items();
        } catch (IllegalArgumentException _) {
            throw invalid("NextToken is not valid");
        }
    }

    private static String domain(String domain) {
        var problem = SesEmailAddress.domainProblem(domain);
        if (problem != null || !domain.contains(".")) {
            throw invalid("Invalid domain name " + domain + ".");
        }
        return domain;
    }

    // Version 2

    private ObjectNode ofVersion2(AwsRequest request) {
        var operation = request.operation();
        if (operation.matches("[A-Z]+ /identities/[^/]*/.*")) {
            // Policies, DKIM and other attributes of an identity.
            throw notSupported(operation);
        }
        if (operation.startsWith("GET /identities/")) {
            readVersion2(request);
            return identities.describe(operation.substring("GET /identities/".length()));
        }
        if (operation.startsWith("DELETE /identities/")) {
            readVersion2(request);
            var name = operation.substring("DELETE /identities/".length());
            identities.describe(name);
            identities.remove(name);
            return JSON.createObjectNode();
        }
        return switch (operation) {
            case "POST /outbound-emails" -> sendEmailVersion2(request);
            case "POST /identities" -> createIdentity(request);
            // Newer clients send the parameters in the body, older ones in the query.
            case "GET /identities", "POST /list-identities" -> {
                var in = readVersion2(request, "NextToken", "PageSize");
                var answer = JSON.createObjectNode();
                var list = answer.putArray("EmailIdentities");
                for (var name : page(in, "PageSize", identities.names(), answer)) {
                    list.addObject()
                            .put("IdentityName", name)
                            .put("IdentityType", SesIdentities.type(name))
                            .put("SendingEnabled", true)
                            .put("VerificationStatus", "SUCCESS");
                }
                yield answer;
            }
            case "GET /tags" ->
                    identities.tagsAnswer(
                            readVersion2(request, "ResourceArn").required("ResourceArn"));
            case "POST /tags" -> {
                var in = readVersion2(request, "ResourceArn", "Tags");
                var there = identities.tagsOf(in.required("ResourceArn"));
                var all = new LinkedHashMap<>(there);
                all.putAll(tags(in));
                requireTagLimit(all.size());
                there.putAll(all);
                yield JSON.createObjectNode();
            }
            case "DELETE /tags" -> {
                var in = readVersion2(request, "ResourceArn", "TagKeys");
                var keys = in.node().path("TagKeys");
                identities
                        .tagsOf(in.required("ResourceArn"))
                        .keySet()
                        .removeAll(
                                keys.isArray()
                                        ? in.strings("TagKeys")
                                        : List.of(keys.asString("")));
                yield JSON.createObjectNode();
            }
            default -> throw notSupported(operation);
        };
    }

    private static AwsErrorException notSupported(String operation) {
        return AwsErrorException.withStatus(
                404, "NotFoundException", "local-cloud does not support " + operation);
    }

    private static RequestMembers readVersion2(AwsRequest request, String... known) {
        return RequestMembers.of(request, Ses::badRequest, Set.of(known));
    }

    private ObjectNode createIdentity(AwsRequest request) {
        var in = readVersion2(request, "EmailIdentity", "Tags");
        var identity = in.required("EmailIdentity");
        var problem =
                SesIdentities.isAddress(identity)
                        ? SesEmailAddress.problem(identity)
                        : SesEmailAddress.domainProblem(identity);
        if (problem != null) {
            throw badRequest("Invalid email identity " + identity + ": " + problem);
        }
        if (!identities.add(identity, tags(in))) {
            throw AwsErrorException.client(
                    "AlreadyExistsException", "Email identity " + identity + " already exist.");
        }
        return identities.creationResult(identity);
    }

    private static LinkedHashMap<String, String> tags(RequestMembers in) {
        var tags = new LinkedHashMap<String, String>();
        for (var tag : in.objects("Tags")) {
            var read = RequestMembers.of("Tags", tag, Ses::badRequest, Set.of("Key", "Value"));
            if (tags.put(read.required("Key"), read.required("Value")) != null) {
                throw badRequest("Duplicate tag keys are not allowed.");
            }
        }
        TagRules.require(tags, Ses::badRequest);
        requireTagLimit(tags.size());
        return tags;
    }

    private static void requireTagLimit(int tags) {
        if (tags > MOST_TAGS) {
            throw badRequest("An identity has at most " + MOST_TAGS + " tags.");
        }
    }

    private ObjectNode sendEmailVersion2(AwsRequest request) {
        var in =
                readVersion2(
                        request,
                        "FromEmailAddress",
                        "FromEmailAddressIdentityArn",
                        "Destination",
                        "ReplyToAddresses",
                        "FeedbackForwardingEmailAddress",
                        "FeedbackForwardingEmailAddressIdentityArn",
                        "Content",
                        "EmailTags");
        readArns(in, "FromEmailAddressIdentityArn", "FeedbackForwardingEmailAddressIdentityArn");
        var content = in.child("Content", Set.of("Simple", "Raw"));
        var simple =
                content == null
                        ? null
                        : content.child(
                                "Simple", Set.of("Subject", "Body", "Headers", "Attachments"));
        var raw = content == null ? null : content.child("Raw", Set.of("Data"));
        if (simple != null && raw != null) {
            throw badRequest("Exactly one of Simple, Raw and Template must be given as Content.");
        }
        var extras = extras(in, "ReplyToAddresses", "FeedbackForwardingEmailAddress", "EmailTags");
        if (simple != null) {
            extras.setAll(extras(simple, "Headers", "Attachments"));
        }
        return send(
                request.context(),
                in.optional("FromEmailAddress"),
                in.child("Destination", RECIPIENTS),
                simple == null
                        ? MailContent.raw(raw)
                        : MailContent.of(simple, simple.child("Body", Set.of("Text", "Html"))),
                extras);
    }

    // Mail

    /// @param raw raw message in Base64
    private record MailContent(
            @Nullable String subject,
            @Nullable String text,
            @Nullable String html,
            @Nullable String raw) {

        static MailContent of(RequestMembers message, @Nullable RequestMembers body) {
            return new MailContent(
                    data(message, "Subject"), data(body, "Text"), data(body, "Html"), null);
        }

        static MailContent raw(@Nullable RequestMembers raw) {
            return new MailContent(null, null, null, raw == null ? null : raw.optional("Data"));
        }

        /// The charset has no effect, because the mail is not transmitted.
        private static @Nullable String data(@Nullable RequestMembers holder, String name) {
            var part = holder == null ? null : holder.child(name, Set.of("Data", "Charset"));
            if (part == null) {
                return null;
            }
            requireCharset(part.optional("Charset"));
            var data = part.optional("Data");
            if (name.equals("Subject") && data != null) {
                requireOneLine(data);
            }
            return data;
        }

        private static void requireOneLine(String subject) {
            if (subject.chars().anyMatch(it -> it == '\r' || it == '\n')) {
                throw invalid("Illegal header 'Subject': it contains a line break.");
            }
        }

        private static void requireCharset(@Nullable String charset) {
            try {
                if (charset != null && !charset.isEmpty() && !Charset.isSupported(charset)) {
                    throw invalid("Unknown charset " + charset + ".");
                }
            } catch (IllegalCharsetNameException _) {
                throw invalid("Unknown charset " + charset + ".");
            }
        }

        int size() {
            return Stream.of(text, html, raw)
                    .filter(Objects::nonNull)
                    .mapToInt(it -> it.getBytes(StandardCharsets.UTF_8).length)
                    .sum();
        }
    }

    /// Accepted without effect: sending authorisation is not checked.
    private static void readArns(RequestMembers in, String... names) {
        for (var name : names) {
            in.optional(name);
        }
    }

    /// The stored members of a mail beside its content, as given.
    private static ObjectNode extras(RequestMembers in, String... names) {
        var extras = JSON.createObjectNode();
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
            var tag = RequestMembers.of("Tags", given, Ses::invalid, Set.of("Name", "Value"));
            for (var member : List.of("Name", "Value")) {
                if (!MAIL_TAG.matcher(tag.required(member)).matches()) {
                    throw invalid(
                            "The tag %s is not valid: it has 1 to 256 ASCII letters, digits, underscores, dashes, dots and @"
                                    .formatted(member.toLowerCase(Locale.ROOT)));
                }
            }
        }
    }

    private static void requireHeaders(List<ObjectNode> headers) {
        if (headers.size() > MOST_HEADERS) {
            throw invalid("a mail may have at most " + MOST_HEADERS + " headers of its own");
        }
        for (var given : headers) {
            var header = RequestMembers.of("Headers", given, Ses::invalid, Set.of("Name", "Value"));
            var name = header.required("Name");
            var value = header.required("Value");
            if (!HEADER_NAME.matcher(name).matches()
                    || RESERVED_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                throw invalid("The header name " + name + " is not allowed.");
            }
            if (value.length() > LONGEST_HEADER_VALUE
                    || value.chars().anyMatch(it -> it < ' ' || it > '~')) {
                throw invalid(
                        "The value of header %s must be at most %d printable ASCII characters."
                                .formatted(name, LONGEST_HEADER_VALUE));
            }
        }
    }

    private ObjectNode send(
            RequestContext context,
            @Nullable String sender,
            @Nullable RequestMembers destination,
            MailContent body,
            ObjectNode extras) {
        var raw = body.raw() == null ? null : RawMessage.parse(body.raw(), Ses::invalid);
        var from = sender == null && raw != null ? raw.from() : sender;
        requireAddress(from == null ? "" : from);
        var recipients = recipients(destination, raw);
        if (body.size() > LARGEST_MAIL) {
            throw invalid("a message must not exceed " + LARGEST_MAIL + " bytes");
        }
        if (raw == null && (body.subject() == null || body.text() == null && body.html() == null)) {
            throw invalid("a message requires a subject and a body, or raw content");
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
        mails.addLast(mail);
        sent.incrementAndGet();
        if (kept.incrementAndGet() > KEPT) {
            removeOldest();
        }
        return JSON.createObjectNode().put("MessageId", id);
    }

    /// @return whether there was a mail
    private boolean removeOldest() {
        boolean removed = mails.pollFirst() != null;
        if (removed) {
            kept.decrementAndGet();
        }
        return removed;
    }

    private static void requireAddress(String text) {
        var problem = SesEmailAddress.problem(text);
        if (problem != null) {
            throw invalid(problem);
        }
    }

    /// @throws AwsErrorException with the text that the
    ///     [guide](https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html)
    ///     documents
    private void requireVerified(RequestContext context, Stream<String> senders) {
        var unverified =
                senders.peek(Ses::requireAddress)
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

    /// Those of the request, or of the raw message if the request has none.
    private static ObjectNode recipients(
            @Nullable RequestMembers destination, @Nullable RawMessage raw) {
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
            throw invalid(
                    "a message must have 1 to " + MOST_RECIPIENTS + " recipients but has " + count);
        }
        return recipients;
    }

    /// @param addresses the addresses of a header: To, Cc or Bcc
    private static ObjectNode recipients(Function<String, List<String>> addresses) {
        var recipients = JSON.createObjectNode();
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

    /// `GET /_aws/ses` lists all mail, oldest first; `?id=` or `?email=` filters; `DELETE` removes
    /// all mail.
    @Override
    public JsonNode render(String method, String query) {
        switch (method) {
            case "DELETE" -> {
                while (removeOldest()) {
                    // One at a time, so that the count stays right while mail arrives.
                }
            }
            case "GET" -> {}
            default -> throw AwsErrorException.withStatus(405, "MethodNotAllowed", "GET or DELETE");
        }
        var filters = new LinkedHashMap<String, String>();
        for (var pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                filters.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        ArrayNode found = JSON.createArrayNode();
        for (var mail : new ArrayList<>(mails)) {
            var id = filters.get("id");
            var email = filters.get("email");
            if ((id == null || mail.path("Id").asString().equals(id))
                    && (email == null || mail.path("Destination").toString().contains(email))) {
                found.add(mail);
            }
        }
        var page = JSON.createObjectNode();
        page.set("messages", found);
        return page;
    }

    private static AwsErrorException invalid(String message) {
        return AwsErrorException.client(INVALID, message);
    }

    private static AwsErrorException badRequest(String message) {
        return AwsErrorException.client("BadRequestException", message);
    }
}
