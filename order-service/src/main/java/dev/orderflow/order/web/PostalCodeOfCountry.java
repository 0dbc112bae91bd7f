package dev.orderflow.order.web;

import dev.orderflow.contracts.value.CountryCode;
import dev.orderflow.contracts.value.PostalCode;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Validates the postal code of an address against the format of its country.
@Constraint(validatedBy = PostalCodeOfCountry.PostalCodeOfCountryValidator.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface PostalCodeOfCountry {

    String message() default "must have a postal code in its country's format";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /// Uses the message of [PostalCode]. An invalid country is reported by its own field.
    final class PostalCodeOfCountryValidator
            implements ConstraintValidator<PostalCodeOfCountry, OrderBody.ShippingAddressBody> {

        @Override
        public boolean isValid(
                OrderBody.ShippingAddressBody address, ConstraintValidatorContext context) {
            if (!CountryCode.assigned().contains(String.valueOf(address.country()))) {
                return true;
            }
            return ConstraintViolations.checkProperty(
                    context,
                    () ->
                            PostalCode.require(
                                    new CountryCode(address.country()), address.postalCode()));
        }
    }
}
