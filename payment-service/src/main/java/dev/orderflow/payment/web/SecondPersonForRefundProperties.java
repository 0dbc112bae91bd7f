package dev.orderflow.payment.web;

import jakarta.validation.constraints.PositiveOrZero;
import java.math.BigDecimal;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// @param maxRefund the largest sum of an order's refunds that one person may request, in any
///     currency; a refund that exceeds it needs the confirmation of a second person
@Validated
@ConfigurationProperties("orderflow.payment.second-person")
record SecondPersonForRefundProperties(
        @DefaultValue("500.00") @PositiveOrZero BigDecimal maxRefund) {}
