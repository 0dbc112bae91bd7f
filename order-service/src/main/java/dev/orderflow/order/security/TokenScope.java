package dev.orderflow.order.security;

import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/// What a token may allow.
final class TokenScope {

    /// Place and cancel one's own orders.
    static final String WRITE = "orders:write";

    /// See one's own orders.
    static final String READ = "orders:read";

    /// See every order and cancel it on the customer's behalf, which is written down.
    static final String OPERATOR = "operator";

    private TokenScope() {}

    static GrantedAuthority authority(String scope) {
        return new SimpleGrantedAuthority(scope);
    }
}
