package dev.orderflow.defaults.network;

import java.security.Security;

/// Limits how long the JVM remembers the address of a host. A failover of RDS changes the
/// address behind the name, which has a time to live of five seconds; the JDK remembers an
/// address for thirty and the news that there is none for ten.
///
/// Set before the first name is resolved, since the JDK reads these [security
/// properties](https://docs.oracle.com/en/java/javase/25/core/networking-properties.html) once.
/// An operator's own values stay.
public final class DnsCacheSettings {

    private static final String ADDRESS_SECONDS = "5";
    private static final String NO_ADDRESS_SECONDS = "2";

    private DnsCacheSettings() {}

    /// Sets the limits of this JVM.
    public static void apply() {
        setIfUnset("networkaddress.cache.ttl", ADDRESS_SECONDS);
        // The JDK's own file sets 10 here.
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
