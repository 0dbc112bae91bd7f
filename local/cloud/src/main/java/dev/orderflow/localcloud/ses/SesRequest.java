package dev.orderflow.localcloud.ses;

import dev.orderflow.localcloud.wire.RequestMembers;
import dev.orderflow.localcloud.wire.ResultPage;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What the requests of both versions of the API have in common.
final class SesRequest {

    static final Set<String> RECIPIENTS = Set.of("ToAddresses", "CcAddresses", "BccAddresses");

    private static final int MOST_LISTED = 1_000;

    private SesRequest() {}

    /// Accepted without effect: sending authorisation is not checked.
    static void readArns(RequestMembers in, String... names) {
        for (var name : names) {
            in.optional(name);
        }
    }

    /// The requested page of a list; adds the token of the next page to the response.
    ///
    /// @param size name of the member that limits the page
    static List<String> page(RequestMembers in, String size, List<String> all, ObjectNode answer) {
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
            throw SesErrors.invalid("NextToken is not valid");
        }
    }
}
