package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.PageToken;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Pages lists by `NextToken`.
final class CloudWatchPaging {

    private CloudWatchPaging() {}

    /// Returns the requested page and adds the token of the next page to the response.
    ///
    /// @param list name of the list, for the [PageToken]
    /// @param limitMember request member that limits the page size, such as `MaxRecords`
    static <T> List<T> of(
            String list,
            List<T> all,
            ObjectNode input,
            String limitMember,
            int otherwise,
            int largest,
            ObjectNode answer) {
        int from = position(list, input);
        int most = CloudWatchParameters.most(input, limitMember, otherwise, largest);
        int to = Math.min(all.size(), from + most);
        if (to < all.size()) {
            answer.put("NextToken", token(list, to));
        }
        return all.subList(Math.min(from, to), to);
    }

    static int position(String list, JsonNode input) {
        var token = input.path("NextToken").asString("");
        if (token.isEmpty()) {
            return 0;
        }
        try {
            return Integer.parseInt(PageToken.decode("monitoring:" + list, token));
        } catch (IllegalArgumentException _) {
            // rejected below
        }
        throw AwsErrorException.of(
                400,
                "InvalidNextToken",
                "InvalidNextToken",
                "The next token specified is invalid.");
    }

    static String token(String list, int position) {
        return PageToken.encode("monitoring:" + list, Integer.toString(position));
    }
}
