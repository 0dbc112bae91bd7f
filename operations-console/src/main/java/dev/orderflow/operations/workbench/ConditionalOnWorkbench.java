package dev.orderflow.operations.workbench;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;

/// A bean that exists only where the workbench is switched on.
@ConditionalOnBooleanProperty("orderflow.operations.workbench.enabled")
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface ConditionalOnWorkbench {}
