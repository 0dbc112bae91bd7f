package dev.orderflow.defaults.security;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// An internal endpoint for services and the workflow, which send the internal API key. On a class
/// it applies to all endpoints without a declaration of their own.
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface ForMachines {}
