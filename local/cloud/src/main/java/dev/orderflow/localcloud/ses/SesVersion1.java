package dev.orderflow.localcloud.ses;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestMembers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// [Version 1](https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html) of the API.
final class SesVersion1 {

    private static final List<String> IDENTITY_TYPES = List.of("EmailAddress", "Domain");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final SesIdentities identities;
    private final MailSubmission mail;
    private final MailStore mails;

    SesVersion1(SesIdentities identities, MailSubmission mail, MailStore mails) {
        this.identities = identities;
        this.mail = mail;
        this.mails = mails;
    }

    ObjectNode handle(AwsRequest request) {
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
                SesRequest.readArns(in, "SourceArn", "ReturnPathArn");
                var message = in.child("Message", Set.of("Subject", "Body"));
                yield mail.send(
                        request.context(),
                        in.optional("Source"),
                        in.child("Destination", SesRequest.RECIPIENTS),
                        message == null
                                ? new MailContent(null, null, null, null)
                                : MailContent.of(
                                        message, message.child("Body", Set.of("Text", "Html"))),
                        MailValidator.extras(in, "ReplyToAddresses", "ReturnPath", "Tags"));
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
                SesRequest.readArns(in, "FromArn", "SourceArn", "ReturnPathArn");
                var destination = JSON.createObjectNode();
                if (in.has("Destinations")) {
                    destination.set("ToAddresses", in.node().path("Destinations"));
                }
                yield mail.send(
                        request.context(),
                        in.optional("Source"),
                        RequestMembers.of(
                                "Destination",
                                destination,
                                SesErrors::invalid,
                                SesRequest.RECIPIENTS),
                        MailContent.raw(in.child("RawMessage", Set.of("Data"))),
                        MailValidator.extras(in, "Tags"));
            }
            case "VerifyEmailIdentity" -> {
                var address = read(request, "EmailAddress").required("EmailAddress");
                MailValidator.requireAddress(address);
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
                        .put("SentLast24Hours", (double) mails.sent());
            }
            default ->
                    throw AwsErrorException.client(
                            "InvalidAction",
                            "local-cloud does not support the operation " + request.operation());
        };
    }

    private static RequestMembers read(AwsRequest request, String... known) {
        return RequestMembers.of(request, SesErrors::invalid, Set.of(known));
    }

    private ObjectNode listIdentities(AwsRequest request) {
        var in = read(request, "IdentityType", "NextToken", "MaxItems");
        var type = in.optional("IdentityType");
        if (type != null && !IDENTITY_TYPES.contains(type)) {
            throw SesErrors.invalid(
                    "1 validation error detected: Value '%s' at 'identityType' failed to satisfy constraint: Member must satisfy enum value set: %s"
                            .formatted(type, IDENTITY_TYPES));
        }
        var answer = JSON.createObjectNode();
        var names = answer.putArray("Identities");
        SesRequest.page(
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

    private static String domain(String domain) {
        var problem = SesEmailAddress.domainProblem(domain);
        if (problem != null || !domain.contains(".")) {
            throw SesErrors.invalid("Invalid domain name " + domain + ".");
        }
        return domain;
    }
}
