package dev.orderflow.order.web;

import dev.orderflow.order.domain.CustomerRef;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The customer on whose behalf a request comes: a [CustomerRef] parameter of a handler.
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Parameter(
        name = CallerResolver.HEADER,
        in = ParameterIn.HEADER,
        required = true,
        description = "Who the customer is, as an opaque reference; set by the gateway in front.",
        schema = @Schema(type = "string", pattern = CustomerRef.PATTERN))
@interface Caller {}
