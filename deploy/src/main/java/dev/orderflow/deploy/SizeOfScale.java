package dev.orderflow.deploy;

/// What an installation is made of at each scale. `docs/cost.md` says what that costs.
enum SizeOfScale {
    /// In one availability zone.
    SMALL(1, 2, 256, 1_024, 1, "db.t4g.medium", 400, false, 50),
    /// In two zones, the database with a standby.
    MEDIUM(2, 4, 512, 1_024, 2, "db.t4g.medium", 400, true, 100),
    /// The same with more of everything.
    LARGE(4, 8, 1_024, 2_048, 2, "db.t4g.large", 800, true, 200);

    /// What one task holds. All tasks of all services together fit into the database's, also while
    /// every service is replaced at once.
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

    /// Of each service, when little is to be done.
    int tasks() {
        return tasks;
    }

    /// Of each service, when much is to be done.
    int maxTasks() {
        return maxTasks;
    }

    /// How many per cent of its tasks a service may have while it is replaced. One more than one is
    /// 200 %; where there are two or more, half as many again are enough, and hold fewer
    /// connections.
    int maxHealthyPercent() {
        return tasks == 1 ? 200 : 150;
    }

    /// In 1,024ths of a vCPU.
    int cpu() {
        return cpu;
    }

    int memoryMegabytes() {
        return memoryMegabytes;
    }

    /// In how many zones there are endpoints and ways out. Load balancers are in all, since AWS
    /// wants them in two.
    int zones() {
        return zones;
    }

    /// The class of the database.
    String database() {
        return database;
    }

    int databaseConnections() {
        return databaseConnections;
    }

    /// Whether another zone has a database that takes over.
    boolean standby() {
        return standby;
    }

    /// To begin with; it grows to four times that.
    int storageGigabytes() {
        return storageGigabytes;
    }
}
