package dev.orderflow.outboxpeers;

import java.util.Optional;
import java.util.function.Supplier;

/// The outboxes.
enum PeerLibrary {
    ORDERFLOW("orderflow", OrderflowOutbox::new, ""),
    NAMASTACK("namastack", NamastackOutbox::new, "namastack-outbox-core"),
    GRUELBOX("gruelbox", GruelboxOutbox::new, "transactionoutbox-core"),
    MODULITH("Spring Modulith", ModulithOutbox::new, "spring-modulith-events-core"),
    DEBEZIUM("Debezium", DebeziumOutbox::new, "debezium-embedded");

    private final String label;
    private final Supplier<PeerOutbox> factory;
    private final String artifact;

    PeerLibrary(String label, Supplier<PeerOutbox> factory, String artifact) {
        this.label = label;
        this.factory = factory;
        this.artifact = artifact;
    }

    PeerOutbox create() {
        return factory.get();
    }

    /// Its name and version.
    String describe() {
        return version().map(version -> label + " " + version).orElse(label);
    }

    /// The version in the name of its jar.
    private Optional<String> version() {
        return artifact.isEmpty()
                ? Optional.empty()
                : Optional.of(System.getProperty("java.class.path"))
                        .flatMap(
                                path ->
                                        java.util.regex.Pattern.compile(
                                                        "/" + artifact + "-([0-9][^/]*)\\.jar")
                                                .matcher(path)
                                                .results()
                                                .findFirst())
                        .map(found -> found.group(1));
    }
}
