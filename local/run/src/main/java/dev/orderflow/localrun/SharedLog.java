package dev.orderflow.localrun;

import org.slf4j.bridge.SLF4JBridgeHandler;
import org.springframework.boot.logging.LoggingSystem;

/// The one log of a JVM in which several services run.
///
/// Every Spring Boot application sets logging up anew as it starts. Of several that start at once,
/// one resets what another is just walking through, which ends in a
/// [java.util.ConcurrentModificationException] and no service. Here the log is set up once, by this
/// process, and the services leave it alone.
final class SharedLog {

    private SharedLog() {}

    /// Keeps the log as it is, whatever starts later in this JVM. May be called again.
    static void keep() {
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
        // Tomcat and the Postgres driver log by java.util.logging, which no service redirects now.
        if (!SLF4JBridgeHandler.isInstalled()) {
            SLF4JBridgeHandler.removeHandlersForRootLogger();
            SLF4JBridgeHandler.install();
        }
    }
}
