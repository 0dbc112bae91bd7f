package dev.orderflow.order.security;

import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/// The scopes of access tokens.
final class TokenScope {

    /// Place and cancel the caller's own orders.
    static final String WRITE = "orders:write";

    /// Read the caller's own orders.
    static final String READ = "orders:read";

    /// Read and cancel every order on the customer's behalf; each access is logged.
    static final String OPERATOR = "operator";

    private TokenScope() {}

    static GrantedAuthority authority(String scope) {
        return new SimpleGrantedAuthority(scope);
    }
}
