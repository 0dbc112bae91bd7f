package dev.orderflow.sandboxes.issuer;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/// Signs in the operator that was chosen on the [SignInPage], for this request alone: the issuer
/// has no sessions, so that the next sign-in can choose another operator.
final class ChosenOperatorFilter extends OncePerRequestFilter {

    /// The parameter with the name of the operator.
    static final String OPERATOR = "operator";

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !SignInPage.PATHS.contains(request.getRequestURI());
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var chosen = request.getParameter(OPERATOR);
        if (chosen != null) {
            DevelopmentOperator.find(chosen)
                    .ifPresent(
                            operator ->
                                    SecurityContextHolder.getContext()
                                            .setAuthentication(authenticate(operator)));
        }
        chain.doFilter(request, response);
    }

    /// The time of the factor is the `auth_time` of the ID token.
    private static Authentication authenticate(DevelopmentOperator operator) {
        return UsernamePasswordAuthenticationToken.authenticated(
                operator.user(),
                null,
                List.of(
                        FactorGrantedAuthority.fromAuthority(
                                FactorGrantedAuthority.PASSWORD_AUTHORITY)));
    }
}
