/// Spring Boot's auto-configuration of the outbox: publisher, relays, migration, meters, health and
/// the actuator endpoint `outbox`, by the properties of [OutboxProperties].
@NullMarked
package dev.orderflow.outbox.autoconfigure;

import org.jspecify.annotations.NullMarked;
