package dev.orderflow.sandboxes.issuer;

/// The development issuer was to be started where it must not run.
public final class LocalProfileRequiredException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LocalProfileRequiredException() {
        super(
                "the development issuer gives everybody any token, so it starts under the profile"
                        + " 'local' only (SPRING_PROFILES_ACTIVE=local)");
    }
}
