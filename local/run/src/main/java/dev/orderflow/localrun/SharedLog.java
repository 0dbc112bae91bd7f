package dev.orderflow.localrun;

import org.slf4j.bridge.SLF4JBridgeHandler;
import org.springframework.boot.logging.LoggingSystem;

/// The one log of a JVM in which several services run.
///
/// Every Spring Boot application configures logging when it starts. When several start in parallel,
/// one resets the configuration while another iterates over it, which ends with a
/// [java.util.ConcurrentModificationException]. Here this process configures logging once, and the
/// services do not.
public final class SharedLog {

    private SharedLog() {}

    /// Keeps the logging configuration when applications start later in this JVM. Safe to repeat.
    public static void keep() {
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
        // Tomcat and the Postgres driver log by java.util.logging, which no service redirects in
        // this configuration.
        if (!SLF4JBridgeHandler.isInstalled()) {
            SLF4JBridgeHandler.removeHandlersForRootLogger();
            SLF4JBridgeHandler.install();
        }
    }
}
