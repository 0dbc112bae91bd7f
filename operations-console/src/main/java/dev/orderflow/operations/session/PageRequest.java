package dev.orderflow.operations.session;

import dev.orderflow.defaults.security.InternalRestClientFactory;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/// A request with the credentials of its session in place of those that were sent: a browser sends
/// no token, and no key opens a page.
final class PageRequest extends HttpServletRequestWrapper {

    private static final String KEY = InternalRestClientFactory.KEY_HEADER;

    private final List<String> authorization;

    /// @param accessToken null for none
    PageRequest(HttpServletRequest request, @Nullable String accessToken) {
        super(request);
        this.authorization = accessToken == null ? List.of() : List.of("Bearer " + accessToken);
    }

    @Override
    public @Nullable String getHeader(String name) {
        var values = getHeaders(name);
        return values.hasMoreElements() ? values.nextElement() : null;
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        if (HttpHeaders.AUTHORIZATION.equalsIgnoreCase(name)) {
            return Collections.enumeration(authorization);
        }
        return KEY.equalsIgnoreCase(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        var names = new ArrayList<>(Collections.list(super.getHeaderNames()));
        names.removeIf(
                name ->
                        HttpHeaders.AUTHORIZATION.equalsIgnoreCase(name)
                                || KEY.equalsIgnoreCase(name));
        if (!authorization.isEmpty()) {
            names.add(HttpHeaders.AUTHORIZATION);
        }
        return Collections.enumeration(names);
    }
}
