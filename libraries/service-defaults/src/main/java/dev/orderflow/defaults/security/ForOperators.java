package dev.orderflow.defaults.security;

import dev.orderflow.defaults.operators.OperatorRole;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// An internal endpoint for people, who send an access token with a role. With [ForMachines] beside
/// it, the endpoint is for both. On a class it applies to all endpoints without a declaration of
/// their own.
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface ForOperators {

    /// The role that a request needs, or one that includes it.
    OperatorRole value();

    /// What a request that changes something does, for the audit trail: an imperative such as
    /// `RESOLVE_WORK_ITEM`. Empty at endpoints that only read, and at those of operations-console,
    /// which records its own actions.
    String action() default "";
}
