package dev.orderflow.defaults.aws;

import java.security.Security;

/// Limits how long the JVM caches DNS results. A failover of RDS changes the address of a host
/// name, whose DNS record has a time to live of 5 s; the JDK caches an address for 30 s and a
/// failed lookup for 10 s.
///
/// Must be applied before the first lookup, because the JDK reads these [security
/// properties](https://docs.oracle.com/en/java/javase/25/core/networking-properties.html) once.
/// Values that an operator has set are kept.
public final class DnsCacheSettings {

    private static final String ADDRESS_SECONDS = "5";
    private static final String NO_ADDRESS_SECONDS = "2";

    private DnsCacheSettings() {}

    /// Sets the limits of this JVM.
    public static void apply() {
        setIfUnset("networkaddress.cache.ttl", ADDRESS_SECONDS);
        // The JDK's default.
        if ("10".equals(Security.getProperty("networkaddress.cache.negative.ttl"))) {
            Security.setProperty("networkaddress.cache.negative.ttl", NO_ADDRESS_SECONDS);
        }
    }

    private static void setIfUnset(String property, String value) {
        if (Security.getProperty(property) == null) {
            Security.setProperty(property, value);
        }
    }
}
