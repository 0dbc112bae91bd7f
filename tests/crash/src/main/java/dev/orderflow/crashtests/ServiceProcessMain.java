package dev.orderflow.crashtests;

import dev.orderflow.localrun.Component;
import java.io.IOException;
import java.util.Arrays;

/// The main method of a service's process: runs the service, and dies with whoever started it.
public final class ServiceProcessMain {

    /// What a process says that was left alone.
    static final int ORPHANED = 70;

    private ServiceProcessMain() {}

    /// Runs a service.
    ///
    /// @param arguments the name of the part, then what the service is told
    public static void main(String[] arguments) {
        Thread.ofPlatform().daemon().name("parent-watch").start(ServiceProcessMain::watchParent);
        Component.valueOf(arguments[0])
                .application()
                .run(Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    /// The other end of standard input is closed when the parent ends, in whatever way.
    private static void watchParent() {
        try {
            while (System.in.read() >= 0) {
                // nothing is ever said
            }
        } catch (IOException alsoTheEnd) {
            // told below
        }
        Runtime.getRuntime().halt(ORPHANED);
    }
}
