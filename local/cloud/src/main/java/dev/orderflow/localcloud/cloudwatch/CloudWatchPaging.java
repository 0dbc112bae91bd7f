package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Pages lists by `NextToken`.
final class CloudWatchPaging {

    private CloudWatchPaging() {}

    /// Returns the requested page and adds the token of the next page to the response.
    ///
    /// @param limitMember request member that limits the page size, such as `MaxRecords`
    static <T> List<T> of(
            List<T> all,
            ObjectNode input,
            String limitMember,
            int otherwise,
            int largest,
            ObjectNode answer) {
        int from = position(input);
        int most = CloudWatchParameters.most(input, limitMember, otherwise, largest);
        int to = Math.min(all.size(), from + most);
        if (to < all.size()) {
            answer.put("NextToken", token(to));
        }
        return all.subList(Math.min(from, to), to);
    }

    static int position(JsonNode input) {
        var token = input.path("NextToken").asString("");
        if (token.isEmpty()) {
            return 0;
        }
        try {
            var text = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.matches("at:\\d{1,9}")) {
                return Integer.parseInt(text.substring(3));
            }
        } catch (IllegalArgumentException _) {
            // rejected below
        }
        throw AwsErrorException.of(
                400,
                "InvalidNextToken",
                "InvalidNextToken",
                "The next token specified is invalid.");
    }

    static String token(int position) {
        return Base64.getEncoder()
                .encodeToString(("at:" + position).getBytes(StandardCharsets.UTF_8));
    }
}
