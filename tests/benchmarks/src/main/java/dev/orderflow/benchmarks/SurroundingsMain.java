package dev.orderflow.benchmarks;

import dev.orderflow.localcloud.LocalCloud;
import dev.orderflow.localrun.ServiceProcessMain;
import dev.orderflow.sandboxes.carrier.SandboxCarrier;
import dev.orderflow.sandboxes.gateway.SandboxGateway;

/// Runs local-cloud and the sandboxes of gateway and carrier in a process of their own, so that
/// their processor time is known, until the process that started it has ended.
public final class SurroundingsMain {

    private SurroundingsMain() {}

    /// @param arguments the ports of local-cloud, gateway and carrier
    public static void main(String[] arguments) {
        ServiceProcessMain.exitWithParent();
        LocalCloud.builder().port(Integer.parseInt(arguments[0])).start();
        SandboxGateway.start(Integer.parseInt(arguments[1]));
        SandboxCarrier.start(Integer.parseInt(arguments[2]));
        System.out.println("ready");
    }
}
