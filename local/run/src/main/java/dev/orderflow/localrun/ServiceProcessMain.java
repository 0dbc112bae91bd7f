package dev.orderflow.localrun;

import java.io.IOException;
import java.util.Arrays;

/// The main method of a service in a process of its own: runs the service, and exits when the
/// parent process ends.
public final class ServiceProcessMain {

    /// The exit code after the end of the parent process.
    private static final int ORPHANED = 70;

    private ServiceProcessMain() {}

    /// Runs a service.
    ///
    /// @param arguments the name of the component, then the properties of the service
    public static void main(String[] arguments) {
        exitWithParent();
        Component.valueOf(arguments[0])
                .application()
                .run(Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    /// Ends this process when its standard input ends, as it does with the parent process.
    public static void exitWithParent() {
        Thread.ofPlatform().daemon().name("parent-watch").start(ServiceProcessMain::watchParent);
    }

    private static void watchParent() {
        try {
            while (System.in.read() >= 0) {
                // The parent writes nothing.
            }
        } catch (IOException _) {
            // Handled below.
        }
        Runtime.getRuntime().halt(ORPHANED);
    }
}
