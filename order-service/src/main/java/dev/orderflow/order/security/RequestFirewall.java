package dev.orderflow.order.security;

import java.util.function.Predicate;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/// Spring Security's firewall with the same rules, of which most are checked without a regular
/// expression.
///
/// The firewall matches the name and the value of a header at every access, and the headers of a
/// request, an access token of a kilobyte included, are read several times. A text of printable
/// ASCII characters matches in any case.
final class RequestFirewall {

    private RequestFirewall() {}

    static HttpFirewall create() {
        var firewall = new StrictHttpFirewall();
        firewall.setAllowedHeaderNames(printableOr(StrictHttpFirewall.ALLOWED_HEADER_NAMES));
        firewall.setAllowedHeaderValues(printableOr(StrictHttpFirewall.ALLOWED_HEADER_VALUES));
        return firewall;
    }

    /// @param rule accepts every text of printable ASCII characters
    static Predicate<String> printableOr(Predicate<String> rule) {
        return text -> isPrintableAscii(text) || rule.test(text);
    }

    private static boolean isPrintableAscii(String text) {
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            if (character < ' ' || character > '~') {
                return false;
            }
        }
        return true;
    }
}
