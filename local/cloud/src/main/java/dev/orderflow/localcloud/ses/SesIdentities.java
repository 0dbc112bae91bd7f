package dev.orderflow.localcloud.ses;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The registered identities, e-mail addresses and domains, with their tags. A registered identity
/// is verified at once.
final class SesIdentities {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern ARN =
            Pattern.compile("arn:aws:ses:[a-z0-9-]+:\\d{12}:identity/(.+)");

    /// A placeholder for DNS and DKIM tokens. DNS is not queried.
    private static final String TOKEN = "localcloud00000000000000000000000000000000000";

    private final Map<String, SequencedMap<String, String>> tags = new ConcurrentSkipListMap<>();

    /// @return whether the identity is new
    boolean add(String identity, SequencedMap<String, String> itsTags) {
        return tags.putIfAbsent(identity, itsTags) == null;
    }

    /// @return whether the identity existed
    boolean remove(String identity) {
        return tags.remove(identity) != null;
    }

    List<String> names() {
        return List.copyOf(tags.keySet());
    }

    boolean has(String identity) {
        return tags.containsKey(identity);
    }

    /// Whether mail may be sent from an address: it, its domain or a parent of its domain is
    /// verified ([Verified
    /// identities](https://docs.aws.amazon.com/ses/latest/dg/verify-addresses-and-domains.html)).
    boolean allowSending(String sender) {
        return identityOf(sender).isPresent();
    }

    /// The verified identity by which an address may send mail: the address itself, or else its
    /// closest domain.
    Optional<String> identityOf(String sender) {
        var address = SesEmailAddress.normalize(sender);
        var domain = address.substring(address.lastIndexOf('@') + 1);
        return tags.keySet().stream()
                .filter(
                        identity ->
                                isAddress(identity)
                                        ? SesEmailAddress.normalize(identity).equals(address)
                                        : ("." + domain)
                                                .endsWith("." + identity.toLowerCase(Locale.ROOT)))
                .max(Comparator.comparing(SesIdentities::isAddress).thenComparing(String::length));
    }

    static boolean isAddress(String identity) {
        return identity.contains("@");
    }

    static String token() {
        return TOKEN;
    }

    /// The attributes that `GetIdentityVerificationAttributes` returns; domains also have a token.
    ObjectNode verification(String identity) {
        var answer = JSON.createObjectNode().put("VerificationStatus", "Success");
        return isAddress(identity) ? answer : answer.put("VerificationToken", TOKEN);
    }

    /// The response of `GetEmailIdentity` in version 2.
    ///
    /// @throws AwsErrorException `NotFoundException` if it does not exist
    ObjectNode describe(String identity) {
        requireKnown(identity);
        var answer =
                JSON.createObjectNode()
                        .put("IdentityType", type(identity))
                        .put("FeedbackForwardingStatus", true)
                        .put("VerifiedForSendingStatus", true)
                        .put("VerificationStatus", "SUCCESS");
        answer.putObject("Policies");
        answer.putObject("MailFromAttributes").put("BehaviorOnMxFailure", "USE_DEFAULT_VALUE");
        answer.set("DkimAttributes", dkim(identity));
        answer.set("Tags", tagList(identity));
        return answer;
    }

    /// The response of `CreateEmailIdentity` in version 2.
    ObjectNode creationResult(String identity) {
        var answer =
                JSON.createObjectNode()
                        .put("IdentityType", type(identity))
                        .put("VerifiedForSendingStatus", true);
        answer.set("DkimAttributes", dkim(identity));
        return answer;
    }

    static String type(String identity) {
        return isAddress(identity) ? "EMAIL_ADDRESS" : "DOMAIN";
    }

    private static ObjectNode dkim(String identity) {
        boolean domain = !isAddress(identity);
        var dkim =
                JSON.createObjectNode()
                        .put("SigningEnabled", domain)
                        .put("Status", domain ? "SUCCESS" : "NOT_STARTED")
                        .put("SigningAttributesOrigin", "AWS_SES");
        if (domain) {
            dkim.put("CurrentSigningKeyLength", "RSA_2048_BIT")
                    .put("NextSigningKeyLength", "RSA_2048_BIT")
                    .putArray("Tokens")
                    .add(TOKEN);
        }
        return dkim;
    }

    /// The tags of the identity with this ARN.
    ///
    /// @throws AwsErrorException `NotFoundException` if it does not exist
    SequencedMap<String, String> tagsOf(String arn) {
        var name = ARN.matcher(arn);
        if (!name.matches()) {
            throw AwsErrorException.client("BadRequestException", "Invalid ARN: " + arn);
        }
        return requireKnown(name.group(1));
    }

    private SequencedMap<String, String> requireKnown(String identity) {
        var found = tags.get(identity);
        if (found == null) {
            throw AwsErrorException.withStatus(
                    404, "NotFoundException", "Email identity " + identity + " does not exist.");
        }
        return found;
    }

    private ArrayNode tagList(String identity) {
        var list = JSON.createArrayNode();
        new TreeMap<>(tags.getOrDefault(identity, new LinkedHashMap<>()))
                .forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
        return list;
    }

    ObjectNode tagsAnswer(String arn) {
        var answer = JSON.createObjectNode();
        var list = answer.putArray("Tags");
        tagsOf(arn).forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
        return answer;
    }
}
