package dev.orderflow.commandline;

/// The commands that other modules implement. They are listed here so that `--help` shows all
/// commands without those modules; the launcher script `orderflow` has the same table.
public enum SystemCommand {
    RUN("run", "local/run", "Start the system on this machine and keep it running until Ctrl-C."),
    DEMO(
            "demo",
            "local/run",
            "Start the system, place three orders, show their progress, verify the result, stop."),
    CRASH_TEST(
            "crash-test",
            "tests/crash",
            "Kill processes and break connections under load, then verify that no order was lost"
                    + " or processed twice."),
    COST(
            "cost",
            "local/cost",
            "Count what orders use of AWS and print the cost per 1,000 orders and per month."),
    BENCH(
            "bench",
            "tests/benchmarks",
            "Measure services and libraries beside their peers, on this machine and in one run."),
    CHECK(
            "check",
            "local/run",
            "Place an order in a running system and verify its processing from outside."),
    CLOUD("cloud", "local/run", "Run local-cloud with the topology only; for containers."),
    SANDBOXES(
            "sandboxes",
            "local/run",
            "Run the payment gateway and carrier sandboxes only; for containers."),
    ISSUER(
            "issuer",
            "local/run",
            "Run the development issuer of access tokens only; for containers."),
    PROVISION(
            "provision",
            "local/run",
            "Create queues, rules, workflow, alarms and dashboards in another AWS emulator."),
    SEED("seed", "local/run", "Create the demonstration's catalogue and stock; for containers."),
    TRAIN("train", "local/run", "Create the AOT cache of a service; for the build of images.");

    private final String label;
    private final String module;
    private final String summary;

    SystemCommand(String label, String module, String summary) {
        this.label = label;
        this.module = module;
        this.summary = summary;
    }

    /// The name on the command line.
    public String label() {
        return label;
    }

    /// The folder of the module that implements it, relative to the checkout.
    public String module() {
        return module;
    }

    /// One sentence for the list of commands.
    public String summary() {
        return summary;
    }
}
