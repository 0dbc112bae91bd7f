package dev.orderflow.order.catalogue;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How prices are cached.
///
/// @param priceCacheTtl how long a price that was read is used again. Placing an order then needs
///     no query of the catalogue; a changed price holds everywhere after this long.
@ConfigurationProperties("orderflow.order.catalogue")
record CatalogueProperties(@DefaultValue("2s") Duration priceCacheTtl) {

    CatalogueProperties {
        if (priceCacheTtl.isNegative() || priceCacheTtl.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException(
                    "price-cache-ttl must be 0 to 5 minutes but was " + priceCacheTtl);
        }
    }
}
