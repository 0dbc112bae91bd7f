package dev.orderflow.localcloud.ses;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestMembers;
import dev.orderflow.localcloud.wire.TagRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// [Version 2](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html) of the
/// API.
final class SesVersion2 {

    private static final int MOST_TAGS = 50;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final SesIdentities identities;
    private final MailSubmission mail;

    SesVersion2(SesIdentities identities, MailSubmission mail) {
        this.identities = identities;
        this.mail = mail;
    }

    ObjectNode handle(AwsRequest request) {
        var operation = request.operation();
        if (operation.matches("[A-Z]+ /identities/[^/]*/.*")) {
            // Policies, DKIM and other attributes of an identity.
            throw SesErrors.notSupported(operation);
        }
        if (operation.startsWith("GET /identities/")) {
            read(request);
            return identities.describe(operation.substring("GET /identities/".length()));
        }
        if (operation.startsWith("DELETE /identities/")) {
            read(request);
            var name = operation.substring("DELETE /identities/".length());
            identities.describe(name);
            identities.remove(name);
            return JSON.createObjectNode();
        }
        return switch (operation) {
            case "POST /outbound-emails" -> sendEmail(request);
            case "POST /identities" -> createIdentity(request);
            // Newer clients send the parameters in the body, older ones in the query.
            case "GET /identities", "POST /list-identities" -> {
                var in = read(request, "NextToken", "PageSize");
                var answer = JSON.createObjectNode();
                var list = answer.putArray("EmailIdentities");
                for (var name : SesRequest.page(in, "PageSize", identities.names(), answer)) {
                    list.addObject()
                            .put("IdentityName", name)
                            .put("IdentityType", SesIdentities.type(name))
                            .put("SendingEnabled", true)
                            .put("VerificationStatus", "SUCCESS");
                }
                yield answer;
            }
            case "GET /tags" ->
                    identities.tagsAnswer(read(request, "ResourceArn").required("ResourceArn"));
            case "POST /tags" -> {
                var in = read(request, "ResourceArn", "Tags");
                var there = identities.tagsOf(in.required("ResourceArn"));
                var all = new LinkedHashMap<>(there);
                all.putAll(tags(in));
                requireTagLimit(all.size());
                there.putAll(all);
                yield JSON.createObjectNode();
            }
            case "DELETE /tags" -> {
                var in = read(request, "ResourceArn", "TagKeys");
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
            default -> throw SesErrors.notSupported(operation);
        };
    }

    private static RequestMembers read(AwsRequest request, String... known) {
        return RequestMembers.of(request, SesErrors::badRequest, Set.of(known));
    }

    private ObjectNode createIdentity(AwsRequest request) {
        var in = read(request, "EmailIdentity", "Tags");
        var identity = in.required("EmailIdentity");
        var problem =
                SesIdentities.isAddress(identity)
                        ? SesEmailAddress.problem(identity)
                        : SesEmailAddress.domainProblem(identity);
        if (problem != null) {
            throw SesErrors.badRequest("Invalid email identity " + identity + ": " + problem);
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
            var read =
                    RequestMembers.of("Tags", tag, SesErrors::badRequest, Set.of("Key", "Value"));
            if (tags.put(read.required("Key"), read.required("Value")) != null) {
                throw SesErrors.badRequest("Duplicate tag keys are not allowed.");
            }
        }
        TagRules.require(tags, SesErrors::badRequest);
        requireTagLimit(tags.size());
        return tags;
    }

    private static void requireTagLimit(int tags) {
        if (tags > MOST_TAGS) {
            throw SesErrors.badRequest("An identity has at most " + MOST_TAGS + " tags.");
        }
    }

    private ObjectNode sendEmail(AwsRequest request) {
        var in =
                read(
                        request,
                        "FromEmailAddress",
                        "FromEmailAddressIdentityArn",
                        "Destination",
                        "ReplyToAddresses",
                        "FeedbackForwardingEmailAddress",
                        "FeedbackForwardingEmailAddressIdentityArn",
                        "Content",
                        "EmailTags");
        SesRequest.readArns(
                in, "FromEmailAddressIdentityArn", "FeedbackForwardingEmailAddressIdentityArn");
        var content = in.child("Content", Set.of("Simple", "Raw"));
        var simple =
                content == null
                        ? null
                        : content.child(
                                "Simple", Set.of("Subject", "Body", "Headers", "Attachments"));
        var raw = content == null ? null : content.child("Raw", Set.of("Data"));
        if (simple != null && raw != null) {
            throw SesErrors.badRequest(
                    "Exactly one of Simple, Raw and Template must be given as Content.");
        }
        var extras =
                MailValidator.extras(
                        in, "ReplyToAddresses", "FeedbackForwardingEmailAddress", "EmailTags");
        if (simple != null) {
            extras.setAll(MailValidator.extras(simple, "Headers", "Attachments"));
        }
        return mail.send(
                request.context(),
                in.optional("FromEmailAddress"),
                in.child("Destination", SesRequest.RECIPIENTS),
                simple == null
                        ? MailContent.raw(raw)
                        : MailContent.of(simple, simple.child("Body", Set.of("Text", "Html"))),
                extras);
    }
}
