package dev.orderflow.order.catalogue;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How prices are cached.
///
/// @param priceCacheTtl how long a price that was read is used again, 0 to 5 minutes. Placing an
///     order then needs no query of the catalogue; a changed price holds everywhere after this
///     long.
@Validated
@ConfigurationProperties("orderflow.order.catalogue")
record CatalogueProperties(
        @DefaultValue("2s") @DurationMin(millis = 0) @DurationMax(minutes = 5)
                Duration priceCacheTtl) {}
