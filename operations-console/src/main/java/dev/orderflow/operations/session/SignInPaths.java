package dev.orderflow.operations.session;

import java.util.regex.Pattern;

/// The paths of signing in and out.
public final class SignInPaths {

    /// Begins to sign in; `to` is the page to show afterwards.
    public static final String LOGIN = "/login";

    /// Ends the session.
    public static final String LOGOUT = "/logout";

    /// The redirect URI of the client at the issuer.
    public static final String CALLBACK = "/login/oauth2/code/operators";

    /// The stream of events that keeps pages current.
    public static final String LIVE = "/live";

    static final String SIGNED_OUT = "/signed-out";

    /// The beginning of the paths that need no session: style sheets and scripts.
    static final String ASSETS = "/assets/";

    static final String WEBJARS = "/webjars/";

    /// A path of this server. A browser reads a backslash as a slash, and two slashes as another
    /// host.
    private static final Pattern LOCAL = Pattern.compile("/(?![/\\\\])[!-\\[\\]-~]{0,1000}");

    private SignInPaths() {}

    /// The path to return to after signing in: the requested one with its query if it leads to this
    /// server, `/` if it does not, or if it begins like a path of signing in or out. Whether a page
    /// is there is not checked.
    static String pageOrHome(String requested) {
        return LOCAL.matcher(requested).matches()
                        && !requested.startsWith(LOGIN)
                        && !requested.startsWith(LOGOUT)
                        && !requested.startsWith(SIGNED_OUT)
                ? requested
                : "/";
    }
}
