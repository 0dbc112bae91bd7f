package dev.orderflow.sandboxes.issuer;

/// The development issuer was started without the profile `local`.
public final class LocalProfileRequiredException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LocalProfileRequiredException() {
        super(
                "the development issuer issues tokens without authentication, so it starts under the profile"
                        + " 'local' only (SPRING_PROFILES_ACTIVE=local)");
    }
}
