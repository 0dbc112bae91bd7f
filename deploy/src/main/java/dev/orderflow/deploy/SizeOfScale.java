package dev.orderflow.deploy;

/// The resources of an installation at each scale; `docs/cost.md` lists the costs.
enum SizeOfScale {
    /// One availability zone.
    SMALL(1, 2, 256, 1_024, 1, "db.t4g.medium", 400, false, 50),
    /// Two zones, and a database with a standby.
    MEDIUM(2, 4, 512, 1_024, 2, "db.t4g.medium", 400, true, 100),
    /// As medium, with larger resources.
    LARGE(4, 8, 1_024, 2_048, 2, "db.t4g.large", 800, true, 200);

    /// The connections of one task. The connections of all tasks fit into the maximum of the
    /// database, also while all services are replaced at the same time.
    static final int CONNECTIONS_PER_TASK = 7;

    private final int tasks;
    private final int maxTasks;
    private final int cpu;
    private final int memoryMegabytes;
    private final int zones;
    private final String database;
    private final int databaseConnections;
    private final boolean standby;
    private final int storageGigabytes;

    SizeOfScale(
            int tasks,
            int mostTasks,
            int cpu,
            int memoryMegabytes,
            int zones,
            String database,
            int databaseConnections,
            boolean standby,
            int storageGigabytes) {
        this.tasks = tasks;
        this.maxTasks = mostTasks;
        this.cpu = cpu;
        this.memoryMegabytes = memoryMegabytes;
        this.zones = zones;
        this.database = database;
        this.databaseConnections = databaseConnections;
        this.standby = standby;
        this.storageGigabytes = storageGigabytes;
    }

    static SizeOfScale of(Stage.StageScale scale) {
        return switch (scale) {
            case SMALL -> SMALL;
            case MEDIUM -> MEDIUM;
            case LARGE -> LARGE;
        };
    }

    /// The minimum number of tasks of each service.
    int tasks() {
        return tasks;
    }

    /// The maximum number of tasks of each service.
    int maxTasks() {
        return maxTasks;
    }

    /// The maximum healthy percentage during a deployment: 200 % for a single task; otherwise 150
    /// %, which needs fewer database connections.
    int maxHealthyPercent() {
        return tasks == 1 ? 200 : 150;
    }

    /// In 1/1024 vCPU.
    int cpu() {
        return cpu;
    }

    int memoryMegabytes() {
        return memoryMegabytes;
    }

    /// The number of zones with endpoints and NAT gateways. Load balancers use all zones, because
    /// AWS requires two.
    int zones() {
        return zones;
    }

    /// The instance class of the database.
    String database() {
        return database;
    }

    int databaseConnections() {
        return databaseConnections;
    }

    /// Whether the database has a standby in another zone.
    boolean standby() {
        return standby;
    }

    /// The initial storage; it grows up to four times that.
    int storageGigabytes() {
        return storageGigabytes;
    }
}
