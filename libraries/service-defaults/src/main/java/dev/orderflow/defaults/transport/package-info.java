/// Nothing a service says can be read or forged on its way.
///
/// Unless the profile `local` is active a service does not start when its configuration has it talk
/// without encryption: to Postgres, to AWS, to another service or to whoever else an address of
/// ours names. It says which settings, and it says so before it connects to anything. What is
/// configured nowhere is encrypted by default: Postgres by `sslmode=verify-full`, AWS by the SDK.
///
/// It looks at addresses that are configured. What a service listens on is encrypted in front of
/// it, by the load balancer.
@NullMarked
package dev.orderflow.defaults.transport;

import org.jspecify.annotations.NullMarked;
