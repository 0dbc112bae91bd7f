package dev.orderflow.localcloud.ses;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.AwsService;
import dev.orderflow.localcloud.wire.HttpGateway;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The SES API. Stores mail instead of sending it: the newest 10,000, available at `/_aws/ses`.
///
/// Supports [version 1](https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html) and
/// [version 2](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html), with
/// simple and raw content, and identities with tags. Templates, bulk mail and configuration sets
/// are rejected by name. An identity is verified when it is created, and mail from any other is
/// rejected; recipients need no verification, as outside of the sandbox.
public final class Ses implements AwsService, HttpGateway.DiagnosticPage {

    private final SesIdentities identities = new SesIdentities();
    private final MailStore mails = new MailStore();
    private final SesVersion1 version1;
    private final SesVersion2 version2;

    public Ses(CloudClock clock) {
        var submission = new MailSubmission(clock, identities, mails);
        this.version1 = new SesVersion1(identities, submission, mails);
        this.version2 = new SesVersion2(identities, submission);
    }

    @Override
    public String signingName() {
        return "ses";
    }

    @Override
    public ObjectNode handle(AwsRequest request) {
        if (request.protocol() == AwsProtocol.QUERY) {
            return version1.handle(request);
        }
        try {
            return version2.handle(request);
        } catch (AwsErrorException failure) {
            throw SesErrors.ofVersion2(failure);
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
                sender = RawMessage.parse(raw, SesErrors::invalid).from();
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

    /// `GET /_aws/ses` lists all mail, oldest first; `?id=` or `?email=` filters, and of these
    /// `?limit=` keeps the newest; `DELETE` removes all mail.
    @Override
    public JsonNode render(String method, String query) {
        switch (method) {
            case "DELETE" -> mails.clear();
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
        var page = JsonMapper.shared().createObjectNode();
        var found = mails.find(filters.get("id"), filters.get("email"));
        int limit = limit(filters.get("limit"), found.size());
        page.putArray("messages").addAll(found.subList(found.size() - limit, found.size()));
        return page;
    }

    /// @param requested null for all
    private static int limit(@Nullable String requested, int all) {
        if (requested == null) {
            return all;
        }
        if (!requested.matches("[0-9]{1,5}")) {
            throw AwsErrorException.withStatus(400, "InvalidParameter", "limit must be 0 to 99999");
        }
        return Math.min(all, Integer.parseInt(requested));
    }
}
