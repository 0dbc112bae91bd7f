package dev.orderflow.localcloud.ses;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsError;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.AwsService;
import dev.orderflow.localcloud.wire.Front;
import dev.orderflow.localcloud.wire.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps mail instead of sending it: the newest 10,000, readable at `/_aws/ses`.
///
/// Both APIs: [version 1](https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html)
/// and [version 2](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html), with
/// simple and raw content. Templates, bulk mail and configuration sets are refused by name. Every
/// identity counts as verified.
public final class Ses implements AwsService, Front.Page {

    private static final int KEPT = 10_000;
    private static final int LARGEST_MAIL = 10 * 1024 * 1024;
    private static final int MOST_RECIPIENTS = 50;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final CloudClock clock;
    private final ConcurrentLinkedDeque<ObjectNode> mails = new ConcurrentLinkedDeque<>();
    private final AtomicInteger kept = new AtomicInteger();

    public Ses(CloudClock clock) {
        this.clock = clock;
    }

    @Override
    public String signingName() {
        return "ses";
    }

    @Override
    public ObjectNode handle(AwsRequest request) {
        var input = request.input();
        return switch (request.operation()) {
            case "SendEmail" -> {
                refuse(input, "ConfigurationSetName", "Tags", "ReturnPathArn");
                yield send(
                        input.path("Source"),
                        input.path("Destination"),
                        input.at("/Message/Subject/Data"),
                        input.at("/Message/Body/Text/Data"),
                        input.at("/Message/Body/Html/Data"),
                        JSON.missingNode());
            }
            case "SendRawEmail" -> {
                refuse(input, "ConfigurationSetName", "Tags");
                var destination = JSON.createObjectNode();
                destination.set("ToAddresses", input.path("Destinations"));
                yield send(
                        input.path("Source"),
                        destination,
                        JSON.missingNode(),
                        JSON.missingNode(),
                        JSON.missingNode(),
                        input.at("/RawMessage/Data"));
            }
            case "VerifyEmailIdentity", "VerifyDomainIdentity" -> JSON.createObjectNode();
            case "GetSendQuota" ->
                    JSON.createObjectNode()
                            .put("Max24HourSend", 50_000.0)
                            .put("MaxSendRate", 14.0)
                            .put("SentLast24Hours", (double) kept.get());
            case "POST /outbound-emails" -> {
                refuse(input, "ConfigurationSetName", "ListManagementOptions");
                var content = input.path("Content");
                if (content.has("Template")) {
                    throw unsupported("Content.Template");
                }
                yield send(
                        input.path("FromEmailAddress"),
                        input.path("Destination"),
                        content.at("/Simple/Subject/Data"),
                        content.at("/Simple/Body/Text/Data"),
                        content.at("/Simple/Body/Html/Data"),
                        content.at("/Raw/Data"));
            }
            default ->
                    throw request.protocol() == Protocol.QUERY
                            ? AwsError.client(
                                    "InvalidAction",
                                    "local-cloud does not support the operation "
                                            + request.operation())
                            : AwsError.withStatus(
                                    404,
                                    "NotFoundException",
                                    "local-cloud does not support " + request.operation());
        };
    }

    private ObjectNode send(
            JsonNode from,
            JsonNode destination,
            JsonNode subject,
            JsonNode text,
            JsonNode html,
            JsonNode raw) {
        requireAddress(from);
        var recipients = recipients(destination);
        var size =
                text.asString("").length() + html.asString("").length() + raw.asString("").length();
        if (size > LARGEST_MAIL) {
            throw invalid("a mail may have at most " + LARGEST_MAIL + " bytes");
        }
        if (!raw.isString() && (!subject.isString() || !text.isString() && !html.isString())) {
            throw invalid("a mail needs a subject and a body, or raw content");
        }
        var id = UUID.randomUUID().toString();
        var mail = JSON.createObjectNode();
        mail.put("Id", id).put("Timestamp", clock.instant().toString());
        mail.put("Source", from.stringValue());
        mail.set("Destination", recipients);
        if (raw.isString()) {
            mail.put("RawData", raw.stringValue());
        } else {
            mail.put("Subject", subject.stringValue());
            var body = mail.putObject("Body");
            body.put("text_part", text.asString(null)).put("html_part", html.asString(null));
        }
        mails.addLast(mail);
        if (kept.incrementAndGet() > KEPT) {
            mails.pollFirst();
        }
        return JSON.createObjectNode().put("MessageId", id);
    }

    private static void requireAddress(JsonNode text) {
        var problem = EmailAddress.problem(text.asString(""));
        if (problem != null) {
            throw invalid(problem);
        }
    }

    private static ObjectNode recipients(JsonNode destination) {
        var recipients = JSON.createObjectNode();
        int count = 0;
        for (var kind : List.of("ToAddresses", "CcAddresses", "BccAddresses")) {
            var addresses = recipients.putArray(kind);
            for (var address : destination.path(kind)) {
                requireAddress(address);
                addresses.add(address.stringValue());
                count++;
            }
        }
        if (count == 0 || count > MOST_RECIPIENTS) {
            throw invalid(
                    "a mail has 1 to " + MOST_RECIPIENTS + " recipients but this one " + count);
        }
        return recipients;
    }

    /// `GET /_aws/ses` lists the mails, the oldest first; `?id=` or `?email=` picks some;
    /// `DELETE` forgets them.
    @Override
    public JsonNode answer(String method, String query) {
        switch (method) {
            case "DELETE" -> mails.clear();
            case "GET" -> {}
            default -> throw AwsError.withStatus(405, "MethodNotAllowed", "GET or DELETE");
        }
        var wanted = new LinkedHashMap<String, String>();
        for (var pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                wanted.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        ArrayNode found = JSON.createArrayNode();
        for (var mail : new ArrayList<>(mails)) {
            var id = wanted.get("id");
            var email = wanted.get("email");
            if ((id == null || mail.path("Id").asString().equals(id))
                    && (email == null || mail.path("Destination").toString().contains(email))) {
                found.add(mail);
            }
        }
        var page = JSON.createObjectNode();
        page.set("messages", found);
        return page;
    }

    private static void refuse(ObjectNode input, String... unsupported) {
        for (var member : unsupported) {
            if (input.has(member)) {
                throw unsupported(member);
            }
        }
    }

    private static AwsError unsupported(String member) {
        return invalid("local-cloud does not support " + member);
    }

    private static AwsError invalid(String why) {
        return AwsError.client("InvalidParameterValue", why);
    }
}
